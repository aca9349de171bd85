import { expect, it } from 'vitest';
import { retryDelay } from '../../src/litellm/retry.ts';
import { NOW } from '../support/make.ts';

it.each([
  ['seconds', '7', 7000],
  ['a fraction', '0.25', 250],
  ['nothing', '0', 0],
  ['a date', 'Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
  ['a date that has passed', 'Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ['less than nothing', '-5', 0],
  ['an hour, of which it takes two minutes', '3600', 120_000],
])('waits as the server asks: %s', (_, asked, wait) => {
  expect(retryDelay(1, asked, NOW, () => 0)).toBe(wait);
});

it.each([[null], [''], ['soon'], ['Infinity']])('waits twice as long each time when asked for %j', (asked) => {
  const waits = [1, 2, 3, 4, 10].map((attempt) => retryDelay(attempt, asked, NOW, () => 1));
  expect(waits).toEqual([300, 600, 1200, 2400, 10_000]);
});

it('spreads many clients over half of the wait', () => {
  expect([0, 0.5, 1].map((random) => retryDelay(1, null, NOW, () => random))).toEqual([150, 225, 300]);
});
