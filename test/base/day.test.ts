import { expect, it } from 'vitest';
import { addDays, dayOf, daysIn, isDay } from '../../src/base/day.ts';

it('counts days in UTC, over the end of a year and of February', () => {
  expect(dayOf(new Date('2026-11-30T23:59:59.999Z'))).toBe('2026-11-30');
  expect([addDays('2026-12-31', 1), addDays('2028-03-01', -1)]).toEqual(['2027-01-01', '2028-02-29']);
  expect([daysIn('2026-11-30', '2026-11-30'), daysIn('2026-10-24', '2026-10-26')]).toEqual([1, 3]);
});

it.each([
  ['2026-11-30', true],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['26-11-30', false],
  ['2026-11-30T00:00Z', false],
])('%s is a day: %s', (text, is) => {
  expect(isDay(text)).toBe(is);
});
