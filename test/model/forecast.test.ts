import { describe, expect, it } from 'vitest';
import {
  bySoonest,
  forecastOf,
  isPressing,
  type ForecastBasis,
  type ForecastLine,
  type Spender,
} from '../../src/model/forecast.ts';

const DAY = 86_400_000;
/** Seven days, of which the last is half over. */
const BASIS: ForecastBasis = {
  since: '2026-11-24',
  now: new Date('2026-11-30T12:00:00Z'),
  close: 0.8,
  within: null,
};
const day = (text: string): string => `2026-${text}T00:00:00.000Z`;
const spender = (more: Partial<Spender>): Spender => ({
  kind: 'key',
  key_id: 'a'.repeat(64),
  key_alias: 'ada',
  user_id: null,
  team_id: null,
  team_alias: null,
  set: null,
  spend: 0,
  max_budget: 10,
  budget_reset_at: null,
  expires: null,
  created_at: null,
  blocked: false,
  ...more,
});

function lineOf(more: Partial<Spender>, used: number, basis: Partial<ForecastBasis> = {}): ForecastLine {
  const line = forecastOf(spender(more), used, { ...BASIS, ...basis });
  if (typeof line === 'string') throw new Error(line);
  return line;
}

describe('a forecast', () => {
  it.each([
    ['goes on at the pace of the days', { spend: 5 }, 6.5, 'reaches', 1, '2026-12-05T12:00:00.000Z'],
    ['counts what was spent before a reset in the days', { spend: 0 }, 6.5, 'reaches', 1, '2026-12-10T12:00:00.000Z'],
    ['is over at the limit', { spend: 10 }, 6.5, 'over', 1, null],
    ['is over above it, also without a pace', { spend: 11 }, 0, 'over', 0, null],
    ['is over where a budget is nothing', { spend: 0, max_budget: 0 }, 6.5, 'over', 1, null],
    ['stays where nothing is spent', { spend: 5 }, 0, 'stays', 0, null],
    ['stays where the end is beyond all time', { spend: 5 }, 1e-9, 'stays', 1e-9 / 6.5, null],
    [
      'resets before the limit',
      { spend: 5, budget_reset_at: day('12-01') },
      6.5,
      'resets',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
    [
      'resets at the limit',
      { spend: 5, budget_reset_at: '2026-12-05T12:00:00.000Z' },
      6.5,
      'resets',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
    [
      'reaches the limit before it resets',
      { spend: 5, budget_reset_at: day('12-31') },
      6.5,
      'reaches',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
    [
      'resets where the server is late with it',
      { spend: 5, budget_reset_at: day('11-30') },
      6.5,
      'resets',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
    ['stays over although the window ends', { spend: 10, budget_reset_at: day('12-01') }, 6.5, 'over', 1, null],
    ['ends before the limit', { spend: 5, expires: day('12-01') }, 6.5, 'ends', 1, '2026-12-05T12:00:00.000Z'],
    [
      'ends after a reset',
      { spend: 5, expires: day('12-02'), budget_reset_at: day('12-01') },
      6.5,
      'resets',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
    [
      'ends before a reset',
      { spend: 5, expires: day('12-01'), budget_reset_at: day('12-02') },
      6.5,
      'ends',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
    [
      'takes the pace of a young key from its life',
      { spend: 5, created_at: '2026-11-28T12:00:00Z' },
      5,
      'reaches',
      2.5,
      '2026-12-02T12:00:00.000Z',
    ],
    [
      'and of one of today from a whole day',
      { spend: 2, created_at: '2026-11-30T11:00:00Z' },
      2,
      'reaches',
      2,
      '2026-12-04T12:00:00.000Z',
    ],
    [
      'and of one whose clock is ahead, too',
      { spend: 2, created_at: day('12-01') },
      2,
      'reaches',
      2,
      '2026-12-04T12:00:00.000Z',
    ],
    [
      'and of an old one from the days alone',
      { spend: 5, created_at: day('01-01') },
      6.5,
      'reaches',
      1,
      '2026-12-05T12:00:00.000Z',
    ],
  ] as const)('%s', (_, more, used, state, pace, reached_at) => {
    expect(lineOf(more, used)).toMatchObject({ state, pace, reached_at });
  });

  it('moves with the clock', () => {
    const now = new Date(BASIS.now.getTime() + DAY / 2);
    expect(lineOf({ spend: 5 }, 7, { now })).toMatchObject({ pace: 1, reached_at: '2026-12-06T00:00:00.000Z' });
    expect(forecastOf(spender({ spend: 5, expires: day('12-01') }), 7, { ...BASIS, now })).toBe('stopped');
  });

  it.each([
    [7.99, false],
    [8, true],
    [12, true],
  ])('calls %f of 10 close: %s', (spend, close) => {
    expect(lineOf({ spend }, 0)).toMatchObject({ close, share: spend / 10 });
  });

  it('takes what is far away for later, where that is said', () => {
    const within = 4 * DAY;
    expect(lineOf({ spend: 5 }, 6.5, { within })).toMatchObject({
      state: 'later',
      reached_at: '2026-12-05T12:00:00.000Z',
    });
    expect(lineOf({ spend: 6 }, 6.5, { within }).state).toBe('reaches');
    expect(lineOf({ spend: 5, expires: day('12-01') }, 6.5, { within }).state).toBe('ends');
  });

  it.each([
    ['no_budget', { max_budget: null, spend: 5 }, 5],
    ['untold', { spend: null }, 5],
    ['unused', {}, 0],
    ['unused', { max_budget: 0 }, 0],
    ['stopped', { spend: 12, blocked: true }, 5],
    ['stopped', { spend: 12, expires: '2026-11-30T12:00:00Z' }, 5],
  ])('has none of what is %s: %j', (reason, more, used) => {
    expect(forecastOf(spender(more), used, BASIS)).toBe(reason);
  });

  it('is pressing where it is over, close, or reaches the limit first', () => {
    const pressing = [{ spend: 10 }, { spend: 9, expires: day('12-01') }, { spend: 1 }];
    expect(pressing.map((more) => isPressing(lineOf(more, 1)))).toEqual([true, true, true]);
    const calm = [lineOf({ spend: 1 }, 0), lineOf({ spend: 1, budget_reset_at: day('12-01') }, 1)];
    expect([...calm, lineOf({ spend: 1 }, 1, { within: DAY })].map(isPressing)).toEqual([false, false, false]);
  });

  it('has first what is over, then what is soonest, then what is nearest to its limit', () => {
    const lines = [
      lineOf({ key_alias: 'idle', spend: 1 }, 0),
      lineOf({ key_alias: 'resets', spend: 1, budget_reset_at: day('12-01') }, 1),
      lineOf({ key_alias: 'slow', spend: 1 }, 1),
      lineOf({ key_alias: 'fast', spend: 1 }, 6.5),
      lineOf({ key_alias: 'used', spend: 7 }, 0),
      lineOf({ key_alias: 'over', spend: 10 }, 1),
      lineOf({ key_alias: 'far over', spend: 20 }, 1),
    ];
    const names = lines.toSorted(bySoonest).map(({ key_alias }) => key_alias);
    expect(names).toEqual(['far over', 'over', 'fast', 'slow', 'resets', 'used', 'idle']);
  });
});
