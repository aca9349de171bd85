import { describe, expect, it } from 'vitest';
import { NO_USAGE, type UsageCell } from '../../src/model/usage.ts';
import { startSum, totalOf, type SumOptions } from '../../src/model/usage-sum.ts';

const cell = (more: Partial<UsageCell>): UsageCell => ({ ...NO_USAGE, day: '2026-11-30', requests: 1, ...more });

function rowsOf(cells: readonly UsageCell[], options: Partial<SumOptions> & Pick<SumOptions, 'by'>) {
  const sum = startSum({ isWanted: () => true, setOf: () => null, ...options });
  for (const each of cells) sum.add(each);
  return sum.rows();
}

describe('a sum', () => {
  it('adds up what has the same name, and keeps the first alias and the last day with a request', () => {
    const cells = [
      cell({ key_id: 'a', spend: 0.1, failed: 1 }),
      cell({ key_id: 'a', spend: 0.2, key_alias: 'ada', prompt_tokens: 3, completion_tokens: 4, day: '2026-11-28' }),
      cell({ key_id: 'a', key_alias: 'later', requests: 0, day: '2026-12-01' }),
    ];
    expect(rowsOf(cells, { by: ['key'] })).toEqual([
      {
        values: ['a'],
        key_alias: 'ada',
        team_alias: null,
        budget: null,
        last_used: '2026-11-30',
        exists: null,
        requests: 2,
        failed: 1,
        prompt_tokens: 3,
        completion_tokens: 4,
        spend: 0.3,
      },
    ]);
  });

  it('leaves out what is not wanted', () => {
    const cells = [cell({ user_id: 'ada' }), cell({ user_id: 'bob' })];
    expect(rowsOf(cells, { by: ['user'], isWanted: ({ user_id }) => user_id === 'bob' })).toMatchObject([
      { values: ['bob'], requests: 1 },
    ]);
  });

  it('puts the dearest first, the busiest of those, and what is one team together', () => {
    const cells = [
      cell({ team_id: 'red', model: 'a', spend: 2 }),
      cell({ team_id: 'blue', model: 'a', spend: 3 }),
      cell({ team_id: 'red', model: 'b', spend: 2 }),
      cell({ team_id: 'red', model: 'c', spend: 2, requests: 5 }),
      cell({ team_id: 'grey', model: 'c' }),
      cell({ team_id: 'green', model: 'c' }),
    ];
    expect(rowsOf(cells, { by: ['team', 'model'] }).map(({ values }) => values.join(' '))).toEqual([
      'red c',
      'red a',
      'red b',
      'blue a',
      'green c',
      'grey c',
    ]);
  });

  it('puts days in their order', () => {
    const cells = [cell({ day: '2026-11-30', spend: 9 }), cell({ day: '2026-11-29' })];
    expect(rowsOf(cells, { by: ['day'] }).map(({ values }) => values)).toEqual([['2026-11-29'], ['2026-11-30']]);
  });

  it('tells tags, and sets by their keys', () => {
    const cells = [cell({ tag: 'x', key_id: 'a', spend: 1 }), cell({ tag: 'x', key_id: 'b' })];
    const setOf = (key_id: string | null): string | null => (key_id === 'a' ? 'lab' : null);
    const groups = rowsOf(cells, { by: ['tag', 'set'], setOf }).map(({ values }) => values);
    expect(groups).toEqual([
      ['x', 'lab'],
      ['x', null],
    ]);
  });
});

it('a total is the sum of its rows, without the tail of binary fractions', () => {
  const rows = [cell({ spend: 0.1, failed: 1 }), cell({ spend: 0.2, prompt_tokens: 1, completion_tokens: 2 })];
  expect(totalOf(rows)).toEqual({ requests: 2, failed: 1, prompt_tokens: 1, completion_tokens: 2, spend: 0.3 });
});
