import pMap from 'p-map';
import { fileError } from './file.ts';
import type { Gone } from './handout.ts';
import type { Failure, Target, Targets } from './assign.ts';

/** What became of the files, by path. */
export type Delivered = { readonly written: readonly string[]; readonly failed: readonly Failure[] };

/** Files at the same time: each waits for the disk most of its time. */
const CONCURRENCY = 8;

/** Does the work for each file, whatever becomes of the others; `work` says whether it changed the file (or would have). */
export async function eachFile<K extends Gone>(
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
