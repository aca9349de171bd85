import { describe, expect, it } from 'vitest';
import { between, NO_FIGURES, snapshotIn, type KeyFigures, type Snapshot } from '../../src/model/snapshot.ts';

const key = (spend: number, more: Partial<KeyFigures> = {}): KeyFigures => ({
  key_id: 'a'.repeat(64),
  key_alias: 'ada',
  set: 'lab',
  user_id: null,
  team_id: null,
  created_at: '2026-11-20T10:00:00.000Z',
  expires: null,
  last_active: null,
  max_budget: 5,
  budget_reset_at: null,
  spend,
  total_spend: null,
  used: NO_FIGURES,
  ...more,
});
const snapshot = (keys: readonly KeyFigures[], since = '2026-11-20'): Snapshot => {
  return { version: 1, at: '2026-11-21T10:00:00.000Z', url: 'https://litellm.test', since, source: '/x', keys };
};
const spentBetween = (before: KeyFigures, after: KeyFigures): number | undefined =>
  between(snapshot([before]), snapshot([after])).lines[0]?.spend;
const used = (spend: number, requests = 1) => ({ ...NO_FIGURES, requests, spend });

describe('between two snapshots', () => {
  it.each([
    ['what it has more', key(1), key(1.3), 0.3],
    ['nothing', key(1), key(1), 0],
    ['its total, whatever began anew', key(4, { total_spend: 10 }), key(1, { total_spend: 12 }), 2],
    ['what its calls cost, where its budget began anew', key(4, { used: used(4) }), key(1, { used: used(7) }), 3],
    ['no less than it has since then', key(4, { used: used(4) }), key(1, { used: used(4) }), 1],
    [
      'the same where it has spent more since then',
      key(1, { budget_reset_at: '2026-11-21T00:00:00Z', used: used(1) }),
      key(2, { budget_reset_at: '2026-11-22T00:00:00Z', used: used(5) }),
      4,
    ],
  ])('a key has used %s', (_, before, after, spend) => {
    expect(spentBetween(before, after)).toBe(spend);
  });

  it('the dearest comes first, and what is odd is told', () => {
    const old = [key(1), key(2, { key_id: 'b', key_alias: 'bob' }), key(3, { key_id: 'c', key_alias: null })];
    const { lines, notices } = between(
      snapshot(old),
      snapshot([key(0.5), key(9, { key_id: 'b', key_alias: 'bob' }), key(4, { key_id: 'd', used: used(4) })]),
    );
    expect(lines.map(({ values, spend, requests }) => [values[0], spend, requests])).toEqual([
      ['b', 7, 0],
      ['d', 4, 1],
      ['a'.repeat(64), 0.5, 0],
    ]);
    expect(notices).toEqual([
      { key: 'c', is: 'gone' },
      { key: 'ada', is: 'reset' },
      { key: 'ada', is: 'new' },
    ]);
  });

  it('calls that were counted from different days are not compared', () => {
    const old = key(1, { created_at: '2024-01-01T00:00:00.000Z', used: used(1, 5) });
    const now = key(2, { created_at: '2024-01-01T00:00:00.000Z', used: used(2, 7) });
    const both = (since: string) => between(snapshot([old], '2026-11-20'), snapshot([now], since));
    expect(both('2026-11-20').lines[0]?.requests).toBe(2);
    expect(both('2026-11-21')).toMatchObject({ lines: [{ requests: 0, spend: 1 }], notices: [{ is: 'uncounted' }] });
  });

  it('one is read as it was written, and nothing else is one', () => {
    const one = snapshot([key(1, { used: used(1) })]);
    const json = JSON.parse(JSON.stringify(one));
    expect(snapshotIn(json)).toEqual(one);
    for (const other of [null, [], {}, { ...json, version: 2 }, { ...json, keys: [{}] }, { ...json, at: 1 }])
      expect(snapshotIn(other)).toBeNull();
  });
});
