import type { Delivery } from '../model/model.ts';
import { withoutKeys } from './content.ts';
import { eachFile, type Delivered } from './each-file.ts';
import { discard, find, hold, makeFolders } from './file.ts';
import { synced } from './synced.ts';
import type { DeliverTo, Gone } from './handout.ts';
import { targetsOf } from './assign.ts';

/** Takes keys that are gone out of the files again, and deletes a file in which nothing else is left. */
export async function withdraw(
  deliveries: readonly Delivery[],
  gone: readonly Gone[],
  to: DeliverTo,
): Promise<Delivered> {
  const targets = targetsOf(deliveries, gone, to);
  const folders = makeFolders();
  const done = await eachFile(targets, async (target) => {
    const found = await find(target, folders);
    if (found.text === null) return false;
    const left = await withoutKeys(target, found.text, to);
    if (left !== null) return left !== found.text && hold(found, left);
    await discard(found);
    return true;
  });
  return synced(targets, done);
}
