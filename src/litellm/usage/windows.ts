import { addDays, daysIn } from '../../base/day.ts';

/** Some days, with both ends. */
export type Window = { readonly since: string; readonly until: string };

/** What a window came to: rows, or that it has too many for one request, and if it is more than a day, that nothing was read. */
export type WindowEnd = { readonly rows: number } | 'too many';

/** A window is at most so many times as long as the one before: nobody knows what the days before it have. */
const GROWTH = 8;

/**
 * Days that are read together, the newest first: one at first, then as many as have `most` rows by what was seen; a window with
 * too many is read again in smaller ones. So a request stays small however much a server was used.
 */
export async function inWindows(
  { since, until }: Window,
  most: number,
  read: (window: Window) => Promise<WindowEnd>,
): Promise<void> {
  let [last, length] = [until, 1];
  while (last >= since) {
    const days = Math.min(length, daysIn(since, last));
    const end = await read({ since: addDays(last, 1 - days), until: last });
    if (end === 'too many' && days > 1) {
      length = Math.ceil(days / 2);
      continue;
    }
    last = addDays(last, -days);
    const rows = end === 'too many' ? most : end.rows;
    length = Math.max(1, Math.min(Math.floor((most * days) / Math.max(1, rows)), days * GROWTH));
  }
}
