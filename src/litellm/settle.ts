/**
 * Up to 1.83 a request that changes a team's members reads all of them, does its work, and writes all of them. What another
 * machine changed in between is undone, while both are told that all is well. So a change is looked at again when a request
 * that was under way at the same time must have ended: it takes about as long as our own.
 */
import type { Connection } from './http/request.ts';
import type { ThingRow } from './thing-rows.ts';

/** Milliseconds that are waited at least, and how much longer by chance, so that two machines do not do it at the same moment. */
const [LEAST, CHANCE] = [500, 500];

/** Whether a server changes only those members that it is asked to, by what its list of teams has. */
export function keepsAll({ row }: ThingRow): boolean {
  return Object.hasOwn(row, 'tpd_limit');
}

/** Waits until requests that were under way beside ours, which began then, have ended. */
export async function settle({ now, random, sleep, stop }: Connection, began: number): Promise<void> {
  const took = now().getTime() - began;
  await sleep(Math.max(LEAST, 2 * took) + CHANCE * random(), stop);
}
