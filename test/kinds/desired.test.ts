import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desiredOf } from '../../src/kinds/desired.ts';
import { FIELD_NAMES, isFieldName, KEY } from '../../src/kinds/key.ts';
import { TEAM } from '../../src/kinds/team.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { EXACT, sameEnd } from '../../src/model/lifetime.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { difference } from '../../src/plan/diff.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { WHOLE } from '../../src/run/survey.ts';
import { everyField, someMetadata } from '../support/every-field.ts';
import { after, connect, desired, hashOf, live, makeSite, MARK, NOW, type Site } from '../support/make.ts';

const wanted: fc.Arbitrary<Desired> = fc
  .record({
    settings: everyField,
    metadata: someMetadata,
    lifetime: fc.constantFrom<NonNullable<Desired['lifetime']>>('never', { expires: after(90_000) }),
    sharing: fc.constantFrom(
      { shared_with: [], groups: {} },
      { shared_with: ['bob', 'lab'], groups: { lab: ['ada'] } },
    ),
  })
  .map((fields) => desired({ ...fields, secrets: new Set(['the environment']) }));

/** The keys with everything, as `run/select` looks at them. */
async function whole(site: Site): Promise<readonly Live[]> {
  const store = keyStore(connect(site.fetch, { now: site.now }), WHOLE);
  return (await store.survey({ ids: [], names: [], all: true })).lives;
}

/** Without what is another key's by its nature; that there is nothing of a field can be said in two ways. */
function settled({ settings: all, metadata: { vkeys, ...members } }: Live): unknown {
  return {
    settings: all,
    vkeys,
    members: Object.entries(members).filter(([name]) => name === 'tags' || !isFieldName(name)),
  };
}

describe('a live key as one that is wanted', () => {
  it('differs in nothing from it, and makes the same once more, on every version', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SANDBOX_VERSIONS), wanted, fc.boolean(), async (version, wish, opened) => {
        const site = makeSite({ version });
        await site.apply([wish]);
        const [made] = await whole(site);
        if (opened && made !== undefined) await site.update(made.id, { allowed_routes: [] });
        const [first] = await whole(site);
        if (first === undefined) throw new Error('it was made');
        const again = desiredOf(KEY, first);
        const facts = { kind: KEY, now: site.now(), listed: new Set(FIELD_NAMES), version };
        expect(difference(again, first, facts)).toEqual({ changes: [], notices: [] });
        await site.remove('a');
        site.disk.text = '';
        const { outcomes, notices } = await site.apply([again]);
        expect({ statuses: outcomes.map(({ status }) => status), notices }).toEqual({
          statuses: ['applied'],
          notices: [],
        });
        const [second] = await whole(site);
        if (second === undefined) throw new Error('it was made again');
        expect(settled(second)).toEqual(settled(first));
        const end = first.expires === null ? null : new Date(first.expires);
        expect(sameEnd(end, second.expires, EXACT)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is called as its set calls it, else as the server does, else by its id', () => {
    const nameOf = (fields: Partial<Live>): string => desiredOf(KEY, live(fields)).ref.name;
    expect(nameOf({ name: 'b', mark: { set: 'lab', name: 'a' } })).toBe('a');
    expect(nameOf({ name: 'b', mark: null })).toBe('b');
    expect(nameOf({ name: null, mark: null })).toBe(hashOf(''));
  });

  it('is blocked until it opens, where our mark says so', () => {
    const mark = { set: 'lab', name: 'a', opens: after(60) };
    const again = desiredOf(KEY, live({ mark, metadata: { vkeys: mark }, settings: { blocked: true, rpm_limit: 1 } }));
    expect(again).toMatchObject({ opens: after(60), settings: { rpm_limit: 1 } });
    expect(again.settings).not.toHaveProperty('blocked');
  });

  it('keeps what our mark remembers of secrets, which the server has encrypted since', () => {
    const vkeys = { set: 'lab', name: 'a', sealed: { logging: 'f00d' }, sealed_at: after(0), hidden: ['notes'] };
    const there = live({ mark: { set: 'lab', name: 'a' }, metadata: { notes: { who: 'ada' }, vkeys } });
    const again = desiredOf(KEY, there);
    expect(again.secrets).toEqual(new Set(['ada']));
    expect(KEY.make(again, MARK, NOW)['metadata']).toEqual({ notes: { who: 'ada' }, vkeys: { ...vkeys, ...MARK } });
    expect(desiredOf(KEY, { ...there, mark: null })).not.toHaveProperty('memo');
  });
});

describe('another live thing as one that is wanted', () => {
  it('has its id, and neither an end nor what the server keeps for itself', () => {
    const there: Live = {
      ...live({ name: 'research', mark: null, id: 'r1' }),
      kind: 'team',
      settings: { max_budget: 5, team_member_budget: 1 },
      metadata: { cost: 1, team_member_budget_id: 'b', tags: ['x'] },
      extra: { keys_count: 3 },
    };
    const again = desiredOf(TEAM, there);
    expect(again).toMatchObject({
      ref: { kind: 'team', name: 'research' },
      id: 'r1',
      settings: { max_budget: 5, team_member_budget: 1 },
      metadata: { cost: 1, tags: ['x'] },
      extra: {},
    });
    expect(again).not.toHaveProperty('lifetime');
    expect(again).not.toHaveProperty('sharing');
  });
});
