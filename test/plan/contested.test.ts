/** One thing, or one name, in the plans of two sets. */
import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Live } from '../../src/model/resource.ts';
import { contestedRefusals } from '../../src/plan/contested.ts';
import { deletion } from '../../src/plan/deletion.ts';
import { desired, live, plan } from '../support/make.ts';

const create = (name: string): Change => ({ ...rest(name), action: 'create', live: null });
const change = (action: 'adopt' | 'update' | 'noop', name: string, there: Live): Change => ({
  ...rest(name),
  action,
  live: there,
});
const prune = (there: Live): Change => deletion({ kind: 'key', name: there.name ?? '' }, there, 'pruned', null);

function rest(name: string) {
  return { ref: { kind: 'key', name }, desired: desired({ name }), fields: [], takes: [], reason: null };
}

const a = live({ name: 'a' });
const b = live({ name: 'b' });

it.each<[string, readonly Change[], readonly Change[], readonly string[]]>([
  ['other things are nobody’s business', [create('a'), prune(b)], [create('c')], []],
  ['a name that both would give', [create('a')], [create('a')], ['one would create it, and two would create it.']],
  [
    'a name that one would make and the other give by renaming',
    [create('c')],
    [change('update', 'c', b)],
    ['one would create it, and two would update it.'],
  ],
  [
    'a thing that one takes over and the other, whose it was, deletes',
    [change('adopt', 'a', a)],
    [prune(a)],
    ['one would adopt it, and two would delete it.'],
  ],
  ['a name that is there already, and another thing of that name', [change('update', 'a', a)], [create('a')], []],
  ['a name that becomes free', [prune(a)], [create('a')], []],
])('%s', (_, first, second, messages) => {
  const refusals = contestedRefusals([plan(second, { set: 'two' }), plan(first, { set: 'one' })]);
  expect(refusals.map(({ code, message }) => [code, message])).toEqual(messages.map((each) => ['collision', each]));
});

it('one set may have a thing twice, as it has when a younger twin goes', () => {
  expect(contestedRefusals([plan([prune(a), change('noop', 'a', a), create('c'), create('c')])])).toEqual([]);
});
