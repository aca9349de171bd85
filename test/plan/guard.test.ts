import { expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { guard, parseMaxDeletions } from '../../src/plan/guard.ts';
import type { Change, Desired } from '../../src/model/model.ts';
import { desired, live, plan } from '../support/make.ts';

const deletion = (key_alias: string, wanted: Desired | null = null): Change => ({
  action: 'delete',
  key_alias,
  changes: [],
  reason: null,
  desired: wanted,
  live: live({ key_alias }),
});
const prune = (count: number) => plan(Array.from({ length: count }, (_, index) => deletion(String(index))));

it.each([
  [3, 3, null, false],
  [4, 4, null, true],
  [4, 10, null, true],
  [30, 100, null, false],
  [31, 100, null, true],
  [31, 100, '31', false],
  [31, 100, '30', true],
  [50, 100, '50%', false],
  [51, 100, '50%', true],
  [1, 100, '0', true],
])('pruning %i of %i keys with --max-deletions %s is refused: %s', (count, size, max, refused) => {
  const guarded = guard(prune(count), size, max === null ? null : parseMaxDeletions(max));
  expect(guarded.refusals.map(({ code }) => code)).toEqual(refused ? ['guard'] : []);
});

it('says how to go on', () => {
  const [refusal] = guard(prune(20), 30, null).refusals;
  expect(refusal?.message).toBe('--prune would delete 20 of the 30 keys of ws; 9 are allowed.');
  expect(refusal?.hint).toBe('If that is meant: --max-deletions 20');
});

it('does not count deletions that the spec asks for, nor other changes', () => {
  const named = ['a', 'b', 'c', 'd'].map((key_alias) => deletion(key_alias, desired({ key_alias, state: 'absent' })));
  const noop: Change = { action: 'noop', key_alias: 'a', changes: [], reason: null, desired: desired(), live: live() };
  expect(guard(plan([...named, noop]), 5, null).refusals).toEqual([]);
});

it.each(['', '-1', '101%', '1.5', 'all', '12345678901'])('--max-deletions %j is refused', (text) => {
  expect(() => parseMaxDeletions(text)).toThrow(VkeysError);
});
