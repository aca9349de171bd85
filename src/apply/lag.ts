/**
 * A server may read from a copy that lags behind what was written. So a read that contradicts a write is repeated for some
 * seconds before it is believed.
 */
import type { ApplyPorts } from './ports.ts';

/** Milliseconds between two looks: some seconds together. */
export const WAITS = [250, 500, 1000, 1500, 2000, 3000];

/** Looks until it is as it should be, and answers with the last look. */
export async function eventually<T>(
  look: () => Promise<T>,
  isRight: (seen: T) => boolean,
  { sleep, stop }: Pick<ApplyPorts, 'sleep' | 'stop'>,
): Promise<T> {
  let seen = await look();
  for (const wait of WAITS) {
    if (isRight(seen) || stop.aborted) break;
    await sleep(wait);
    seen = await look();
  }
  return seen;
}
