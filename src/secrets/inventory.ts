/** All journals of a user: an address is only a name for a server, and a set may be known by another, so secrets are looked up by hash. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import type { Entry, KeyringState } from '../model/keyring.ts';
import { unusable } from './access.ts';
import { loadJournal } from './journal-file.ts';
import { replay, type Journal } from './journal.ts';
import type { ReadPorts } from './keyring.ts';
import type { About } from './line.ts';
import { isJournal } from './location.ts';
import { openLines } from './seal.ts';

/** A journal, read. `closed`: why some of its secrets cannot be revealed, by `key_id`. */
export type Kept = {
  readonly path: string;
  readonly about: About;
  readonly state: KeyringState;
  readonly closed: ReadonlyMap<string, VkeysError>;
};

/** `unreadable`: why journals are not among them; they must not stop anybody else. */
export type Inventory = { readonly journals: readonly Kept[]; readonly unreadable: readonly VkeysError[] };

/** Entries by `key_id`. */
export type Lookup = { readonly entries: ReadonlyMap<string, Entry>; readonly unreadable: readonly VkeysError[] };

/** Reads every journal below the keyrings' roots, once. Throws `config` when a root itself cannot be read. */
export async function readInventory(roots: readonly string[], ports: ReadPorts): Promise<Inventory> {
  return readThose(roots, ports, () => true);
}

/** The journals that know one of these keys. */
export async function findJournals(
  roots: readonly string[],
  key_ids: ReadonlySet<string>,
  ports: ReadPorts,
): Promise<readonly Kept[]> {
  const { journals } = await readThose(roots, ports, mentions(key_ids));
  return journals.filter(({ state }) => [...key_ids].some((key_id) => state.entries.has(key_id)));
}

/**
 * Looks secrets up in all of a user's keyrings; each journal is read once, and only what has one of them is replayed.
 * `isBelieved`: whether what this journal says of the key counts.
 */
export async function findEntries(
  roots: readonly string[],
  key_ids: Iterable<string>,
  ports: ReadPorts,
  isBelieved: (about: About, key_id: string) => boolean = () => true,
): Promise<Lookup> {
  const wanted = new Set(key_ids);
  const { journals, unreadable } = await readThose(roots, ports, mentions(wanted));
  const entries = new Map<string, Entry>();
  const closed: VkeysError[] = [];
  for (const journal of journals) {
    for (const [key_id, entry] of journal.state.entries) {
      if (!wanted.has(key_id) || !isBelieved(journal.about, key_id)) continue;
      const why = journal.closed.get(key_id);
      if (why !== undefined) closed.push(why);
      /* What one run finished may be pending in a copy of it. */
      else if (entries.get(key_id)?.pending !== false) entries.set(key_id, entry);
    }
  }
  return { entries, unreadable: [...unreadable, ...closed] };
}

/** Looks one secret up; `null` when no keyring has it. Throws `config` when one that cannot be read may have it. */
export async function findEntry(roots: readonly string[], key_id: string, ports: ReadPorts): Promise<Entry | null> {
  const { entries, unreadable } = await findEntries(roots, [key_id], ports);
  const entry = entries.get(key_id);
  if (entry === undefined && unreadable[0] !== undefined) throw unreadable[0];
  return entry ?? null;
}

function mentions(key_ids: ReadonlySet<string>): (journal: Journal) => boolean {
  return ({ lines }) => lines.some((line) => line.op === 'mint' && key_ids.has(line.key_id));
}

async function readThose(
  roots: readonly string[],
  { by, seal }: ReadPorts,
  isWanted: (journal: Journal) => boolean,
): Promise<Inventory> {
  const paths = await filesBelow(roots, isJournal);
  const unreadable: VkeysError[] = [];
  const read = await pMap(
    paths,
    async (path): Promise<Kept | null> => {
      try {
        const { header, ...journal } = await loadJournal(path, by);
        if (!isWanted({ header, ...journal })) return null;
        const about = header?.about ?? { server: basename(dirname(path)), set: basename(path, '.jsonl') };
        const { lines, closed } = await openLines(journal.lines, seal);
        return { path, about, state: replay(lines), closed };
      } catch (error) {
        if (!(error instanceof VkeysError)) throw error;
        unreadable.push(error);
        return null;
      }
    },
    { concurrency: 16 },
  );
  return { journals: read.filter((kept) => kept !== null), unreadable };
}

/** What is there of the sets: below each root is a folder for each server, with files for each set. */
export async function filesBelow(
  roots: readonly string[],
  isMeant: (name: string) => boolean,
): Promise<readonly string[]> {
  const filesIn = async (root: string): Promise<readonly string[]> => {
    const folders = await namesIn(root);
    const files = await Promise.all(
      folders.map(async (folder) => (await namesIn(join(root, folder))).map((name) => join(root, folder, name))),
    );
    return files.flat().filter((path) => isMeant(basename(path)));
  };
  return (await Promise.all(roots.map(filesIn))).flat().toSorted();
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw unusable(folder, error);
  }
}
