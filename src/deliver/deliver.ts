/** Hands keys out into files. Convergent: what a file holds is compared first, and only what differs is written. */
import pMap from 'p-map';
import type { Delivery } from '../reconcile/model.ts';
import { withKeys, withoutKeys } from './content.ts';
import { discard, fileError, find, hold } from './file.ts';
import type { DeliverTo, Gone, Handout } from './handout.ts';
import { targetsOf, type Failure, type Target, type Targets } from './targets.ts';

/** What became of the files, by path. */
export type Delivered = { readonly written: readonly string[]; readonly failed: readonly Failure[] };

/** Files at the same time: each waits for the disk most of its time. */
const CONCURRENCY = 8;

/** The files that do not hold what they should, or that others may read: for the plan. Reads only. */
export async function undelivered(
  deliveries: readonly Delivery[],
  handouts: readonly Handout[],
  to: DeliverTo,
): Promise<readonly string[]> {
  const { targets, failed } = targetsOf(deliveries, handouts, to);
  const done = await eachFile({ targets, failed }, async (target) => {
    const found = await find(target.path);
    return found.open || found.text !== (await withKeys(target, found.text, to));
  });
  return [...new Set([...done.written, ...done.failed.map(({ path }) => path)])];
}

/**
 * Makes every file hold its handouts, durably and with mode 0600, also where the file was readable to others. A file
 * that several keys share is written once; links are written through; a file that fails does not stop the others.
 */
export async function deliver(
  deliveries: readonly Delivery[],
  handouts: readonly Handout[],
  to: DeliverTo,
): Promise<Delivered> {
  return eachFile(targetsOf(deliveries, handouts, to), async (target) => {
    const found = await find(target.path);
    return hold(found, await withKeys(target, found.text, to));
  });
}

/** Takes keys that are gone out of the files again, and deletes a file in which nothing else is left. */
export async function withdraw(
  deliveries: readonly Delivery[],
  gone: readonly Gone[],
  to: DeliverTo,
): Promise<Delivered> {
  return eachFile(targetsOf(deliveries, gone, to), async (target) => {
    const found = await find(target.path);
    if (found.text === null) return false;
    const left = await withoutKeys(target, found.text, to);
    if (left !== null) return left !== found.text && hold(found, left);
    await discard(found);
    return true;
  });
}

/** `work` says whether it changed the file (or would have). */
async function eachFile<K extends Gone>(
  { targets, failed }: Targets<K>,
  work: (target: Target<K>) => Promise<boolean>,
): Promise<Delivered> {
  const results = await pMap(
    targets,
    async (target): Promise<Delivered> => {
      const { path, parts } = target;
      try {
        return { written: (await work(target)) ? [path] : [], failed: [] };
      } catch (error) {
        const key_aliases = [...new Set(parts.map(({ key }) => key.key_alias))];
        return { written: [], failed: [{ path, key_aliases, error: fileError(error, path) }] };
      }
    },
    { concurrency: CONCURRENCY },
  );
  return {
    written: results.flatMap(({ written }) => written),
    failed: [...failed, ...results.flatMap((result) => result.failed)],
  };
}
