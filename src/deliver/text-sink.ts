/** Text files, whatever is in them: found, changed as one writer among several, and read back. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../base/files.ts';
import { assertLeads, readTextFile, makeFolders, type Folders } from './text-file.ts';
import type { TextFormat } from './format.ts';
import { folderOf, pathFor } from './path.ts';
import { rewritten } from './rewritten.ts';
import type { Sink, SinkPorts, Spot } from './sink.ts';

export function textSink(format: TextFormat, { exclusive }: Pick<SinkPorts, 'exclusive'>): Sink {
  const folders = makeFolders();
  const change = (spot: Spot, wanted: (text: string | null) => Promise<string | null>): Promise<boolean> =>
    rewritten(() => readTextFile(spot, folders), wanted, exclusive);
  return {
    ...FILES,
    check: async (target) => {
      const file = await readTextFile(target, folders);
      const { path, text } = file;
      if (text === (await format.put(text, target.parts))) return text === null;
      assertLeads(file);
      await assertWritable(path, text !== null, folders);
      return text === null;
    },
    detail: (part) => format.detail(part),
    holds: async (target, sought) => {
      const { text, open } = await readTextFile(target, folders);
      const { parts } = target;
      const key_ids = new Set(sought.map(({ key_id }) => key_id));
      const isAsWanted = parts.length === 0 || text === (await format.put(text, parts));
      return {
        current: isAsWanted && (parts.length === 0 || !open),
        held: text === null || key_ids.size === 0 ? new Set() : await format.held(text, key_ids),
        isThere: text !== null,
      };
    },
    put: async (target) => ({ changed: await change(target, (text) => format.put(text, target.parts)) }),
    remove: (spot, left) => change(spot, async (text) => (text === null ? null : format.remove(text, left))),
  };
}

/** What all sinks of files have in common. */
export const FILES = {
  on: 'disk',
  pathOf: ({ path }) => Promise.resolve(path),
  spot: (template, names, key_alias) => ({ path: pathFor(template, names, key_alias), within: folderOf(template) }),
  sync: syncFolders,
} as const satisfies Partial<Sink>;

/** Root may write what it likes, but not on a disk that is read-only. */
async function assertWritable(path: string, isThere: boolean, folders: Folders): Promise<void> {
  try {
    await access(await folders(dirname(path)), constants.W_OK);
  } catch (error) {
    if (!isThere) throw error;
    await access(path, constants.W_OK);
  }
}

/** One sync for each folder. */
async function syncFolders(paths: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const failed = new Map<string, unknown>();
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    try {
      await syncFolder(folder);
    } catch (error) {
      for (const path of paths.filter((each) => dirname(each) === folder)) failed.set(path, error);
    }
  }
  return failed;
}
