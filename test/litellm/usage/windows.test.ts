import { expect, it } from 'vitest';
import { inWindows, type Window } from '../../../src/litellm/usage/windows.ts';
import { daysIn } from '../../../src/base/day.ts';

const NOVEMBER = { since: '2026-11-01', until: '2026-11-30' };

/** The windows that were read, with so many rows on each day, of which so many fit into one answer. */
async function windowsOf(rows: (day: Window) => number, most: number, fits = Number.POSITIVE_INFINITY) {
  const read: Window[] = [];
  const parts: Window[] = [];
  const all = inWindows(NOVEMBER, most, async (window) => {
    read.push(window);
    const found = rows(window);
    const isTooMany = found > fits;
    if (!isTooMany || window.since === window.until) parts.push(window);
    return Promise.resolve(isTooMany ? 'too many' : { rows: found });
  });
  await all;
  return { read: read.map(({ since, until }) => daysIn(since, until)), parts };
}

it('reads a little used server in few windows, that are each day once', async () => {
  const { read, parts } = await windowsOf(() => 0, 100);
  expect(read).toEqual([1, 8, 21]);
  expect(parts.map(({ since }) => since)).toEqual(['2026-11-30', '2026-11-22', '2026-11-01']);
});

it('reads a much used one day by day', async () => {
  const { read } = await windowsOf((window) => 1000 * daysIn(window.since, window.until), 100);
  expect(read).toEqual(Array.from({ length: 30 }, () => 1));
});

it('reads a window with too many rows again in smaller ones, and a day with too many as it is', async () => {
  const busy = ({ since, until }: Window): number => (since <= '2026-11-20' && until >= '2026-11-20' ? 1000 : 1);
  const { read, parts } = await windowsOf(busy, 100, 500);
  expect(parts.reduce((sum, { since, until }) => sum + daysIn(since, until), 0)).toBe(30);
  expect(parts).toContainEqual({ since: '2026-11-20', until: '2026-11-20' });
  expect(read.length).toBeLessThan(20);
});
