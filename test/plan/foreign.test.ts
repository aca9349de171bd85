/** What others have where one of ours is wanted. */
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { makePlan } from '../../src/plan/make.ts';
import type { Plan } from '../../src/model/plan.ts';
import { NOTHING, PLAIN, SET } from '../support/make.ts';
import { seen, thing, wish } from './things.ts';

function planFor(wanted: Desired, ...lives: readonly Live[]): Plan {
  const intent = { set: SET, isNamed: true, state: 'present', desired: [wanted] } as const;
  return makePlan(intent, { surveys: seen(...lives), kinds: KINDS, keyring: NOTHING, version: null }, PLAIN).plan;
}

describe('what others have', () => {
  const lab = wish('team', 'lab', { id: 'T' });

  it('under the wanted name is told with the name', () => {
    const { changes, refusals } = planFor(lab, thing('team', 'U', { name: 'lab' }));
    expect(changes).toEqual([]);
    expect(refusals).toMatchObject([
      { message: expect.stringContaining('A team with this name'), hint: expect.stringContaining('another name') },
    ]);
  });

  it('under the wanted id is told with the id, and nothing is said of others under the name', () => {
    const lives = [thing('team', 'T', { name: 'theirs' }), thing('team', 'U', { name: 'lab' })];
    expect(planFor(lab, ...lives).refusals).toMatchObject([
      { message: expect.stringContaining('A team with the id T'), hint: expect.stringContaining('another id') },
    ]);
  });

  it('under a name that several have can be said by its id', () => {
    const lives = [thing('team', 'U', { name: 'lab' }), thing('team', 'V', { name: 'lab' })];
    expect(planFor(lab, ...lives).refusals).toMatchObject([
      { code: 'duplicate', hint: 'Say which, by its id, or delete the ones that nobody uses: `vkeys team delete ID`.' },
    ]);
  });

  it.each(['team', 'key'])('stays where it is to be absent, and how to delete it all the same is told (%s)', (kind) => {
    const { changes, notices } = planFor(wish(kind, 'lab', { state: 'absent' }), thing(kind, 'U', { name: 'lab' }));
    const way = kind === 'key' ? 'vkeys delete lab' : 'vkeys team delete lab';
    expect([changes, notices.map(({ hint }) => hint)]).toEqual([[], [`It stays. To delete it all the same: ${way}`]]);
  });
});
