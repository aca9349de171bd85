/** Hands keys out into files. Convergent: what a file holds is compared first, and only what differs is written. */
import type { Delivery } from '../model/model.ts';
import { withKeys } from './content.ts';
import { eachFile, type Delivered } from './each-file.ts';
import { find, hold, makeFolders } from './file.ts';
import { synced } from './synced.ts';
import type { DeliverTo, Handout } from './handout.ts';
import { targetsOf } from './assign.ts';

/** The files that do not hold what they should, or that others may read: for the plan. Reads only. */
export async function undelivered(
  deliveries: readonly Delivery[],
  handouts: readonly Handout[],
  to: DeliverTo,
): Promise<readonly string[]> {
  const folders = makeFolders();
  const done = await eachFile(targetsOf(deliveries, handouts, to), async (target) => {
    const found = await find(target, folders);
    return found.open || found.text !== (await withKeys(target, found.text, to));
  });
  return [...new Set([...done.written, ...done.failed.map(({ path }) => path)])];
}

/**
 * Makes every file hold its handouts, durably and with mode 0600, also where the file was readable to others. A file
 * that several keys share is written once; links are written through, unless a placeholder chose one that leads elsewhere; a file that fails does not stop the others.
 */
export async function deliver(
  deliveries: readonly Delivery[],
  handouts: readonly Handout[],
  to: DeliverTo,
): Promise<Delivered> {
  const targets = targetsOf(deliveries, handouts, to);
  const folders = makeFolders();
  const done = await eachFile(targets, async (target) => {
    const found = await find(target, folders);
    return hold(found, await withKeys(target, found.text, to));
  });
  return synced(targets, done);
}
