import { expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { guard, parseMaxDeletions } from '../../src/plan/guard.ts';
import type { Because, Change } from '../../src/model/change.ts';
import { desired, live, plan } from '../support/make.ts';

const deletion = (name: string, because: Because = 'pruned'): Change => ({
  action: 'delete',
  ref: { kind: 'key', name },
  fields: [],
  takes: [],
  reason: null,
  because,
  desired: because === 'absent' ? desired({ name, state: 'absent' }) : null,
  live: live({ name }),
});
const prune = (count: number) => plan(Array.from({ length: count }, (_, index) => deletion(String(index))));

it.each([
  [1, 1, null, false],
  [2, 2, null, true],
  [3, 4, null, false],
  [3, 3, '3', false],
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
  const refusals = guard([{ plan: prune(count), size }], max === null ? null : parseMaxDeletions(max));
  expect(refusals.map(({ code }) => code)).toEqual(refused ? ['guard'] : []);
});

it('says how to go on', () => {
  const [refusal] = guard([{ plan: prune(20), size: 30 }], null);
  expect(refusal?.message).toBe('20 of the 30 keys of ws would be deleted; 9 are allowed.');
  expect(refusal?.hint).toBe('If that is meant: --max-deletions 20');
});

it('counts keys that are replaced because nobody has their secret, and says so', () => {
  const replaced = (because: 'unheld' | 'ended'): readonly Change[] =>
    ['a', 'b'].map((name) => ({
      action: 'replace',
      ref: { kind: 'key', name },
      fields: [],
      takes: [],
      reason: null,
      because,
      desired: desired({ name }),
      live: live({ name }),
    }));
  const of = (because: 'unheld' | 'ended') => guard([{ plan: plan(replaced(because)), size: 2 }], null);
  expect(of('unheld')[0]?.message).toBe('2 of the 2 keys of ws would be deleted or replaced; that is all of ws.');
  expect(of('ended')).toEqual([]);
});

it('speaks of things where not all of them are keys', () => {
  const user: Change = { ...deletion('u'), ref: { kind: 'user', name: 'u' } };
  expect(guard([{ plan: plan([deletion('a'), user]), size: 2 }], null)[0]?.message).toContain(
    '2 of the 2 things of ws',
  );
});

it('counts over the whole run, and what the server deletes along', () => {
  const three = { plan: prune(3), size: 9 };
  expect(guard([three], null)).toEqual([]);
  expect(guard([three, three], null)).toHaveLength(1);
  const takes = [1, 2, 3].map((n) => ({ kind: 'key', name: String(n) }));
  const [first, ...others] = prune(1).changes;
  if (first === undefined) throw new Error('one is pruned');
  expect(guard([{ plan: plan([{ ...first, takes }, ...others]), size: 9 }], null)).toHaveLength(1);
});

it('two sets of three that lose all are refused', () => {
  const [refusal] = guard(
    [
      { plan: prune(3), size: 3 },
      { plan: prune(3), size: 3 },
    ],
    null,
  );
  expect(refusal?.code).toBe('guard');
});

it('does not count deletions that the spec asks for or an earlier run left, nor other changes', () => {
  const named = ['a', 'b', 'c', 'd'].map((name) => deletion(name, 'absent'));
  const noop: Change = {
    action: 'noop',
    ref: { kind: 'key', name: 'a' },
    fields: [],
    takes: [],
    reason: null,
    desired: desired(),
    live: live(),
  };
  const left = ['e', 'f', 'g', 'h'].map((name) => deletion(name, 'left'));
  expect(guard([{ plan: plan([...named, ...left, noop]), size: 5 }], null)).toEqual([]);
});

it.each(['', '-1', '101%', '1.5', 'all', '12345678901'])('--max-deletions %j is refused', (text) => {
  expect(() => parseMaxDeletions(text)).toThrow(VkeysError);
});
