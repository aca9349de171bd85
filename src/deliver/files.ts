/** Files that are found, changed as one writer among several, and read back, whatever is in them. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../base/files.ts';
import { assertLeads, makeFolders, readTextFile, type Encoding, type TextFile } from './text-file.ts';
import { folderOf, pathFor } from './path.ts';
import { rewritten } from './rewritten.ts';
import type { Sink, SinkPorts, Spot } from './sink.ts';

/** What all sinks of files have in common. */
export const FILES = {
  on: 'disk',
  pathOf: ({ path }) => Promise.resolve(path),
  spot: (template, names, key_alias) => ({ path: pathFor(template, names, key_alias), within: folderOf(template) }),
  sync: syncFolders,
} as const satisfies Partial<Sink>;

export type Files = {
  read(spot: Spot): Promise<TextFile>;
  /** Makes it what is wanted of it; `null` deletes it. Says whether it was changed. */
  change(spot: Spot, wanted: (text: string | null) => Promise<string | null>): Promise<boolean>;
  /** Throws where it could not be written. */
  assertWritable(file: TextFile): Promise<void>;
};

export function makeFiles({ exclusive }: Pick<SinkPorts, 'exclusive'>, encoding: Encoding = 'utf8'): Files {
  const folders = makeFolders();
  const read = (spot: Spot): Promise<TextFile> => readTextFile(spot, folders, encoding);
  return {
    read,
    change: (spot, wanted) => rewritten(() => read(spot), wanted, exclusive),
    /* Root may write what it likes, but not on a disk that is read-only. */
    assertWritable: async (file) => {
      assertLeads(file);
      try {
        await access(await folders(dirname(file.path)), constants.W_OK);
      } catch (error) {
        if (file.text === null) throw error;
        await access(file.path, constants.W_OK);
      }
    },
  };
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
