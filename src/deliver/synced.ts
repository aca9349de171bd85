import { dirname } from 'node:path';
import { syncFolder } from '../base/files.ts';
import type { Delivered } from './each-file.ts';
import { fileError } from './file.ts';
import type { Failure, Targets } from './assign.ts';

/** Makes durable what was written or deleted, with one sync for each folder. Where that fails, so have its files. */
export async function synced<K extends { readonly key_alias: string }>(
  { targets }: Targets<K>,
  { written, failed }: Delivered,
): Promise<Delivered> {
  const failures = new Map<string, unknown>();
  for (const folder of new Set(written.map((path) => dirname(path)))) {
    try {
      await syncFolder(folder);
    } catch (error) {
      failures.set(folder, error);
    }
  }
  if (failures.size === 0) return { written, failed };
  const unsure = targets.filter(({ path }) => written.includes(path) && failures.has(dirname(path)));
  return {
    written: written.filter((path) => !failures.has(dirname(path))),
    failed: [
      ...failed,
      ...unsure.map(({ path, parts }): Failure => {
        const key_aliases = [...new Set(parts.map(({ key }) => key.key_alias))];
        return { path, key_aliases, error: fileError(failures.get(dirname(path)), path) };
      }),
    ],
  };
}
