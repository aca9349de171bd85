/**
 * The folder of hand-outs. A record in it says which files vkeys wrote there, for which set, and what was in them, so that a
 * file of somebody else's is neither written over nor taken away, and neither is one that was changed by hand.
 */
import { chmod, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno, readIfThere, replaceFile } from '../base/files.ts';
import { digest } from '../base/digest.ts';
import { isList, isObject, parseJson } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';

/** `isPublic`: it may be read by everybody. */
export type File = { readonly name: string; readonly text: string; readonly isPublic: boolean };

export type Folder = {
  readonly path: string;
  readonly about: About;
  /** Digests of what each file may hold: two, where a run was cut while it wrote. */
  readonly known: ReadonlyMap<string, readonly string[]>;
};

/** One set at one server: a folder is for one, because each has seats of its own. */
export type About = { readonly server: string; readonly set: string };

const RECORD = '.vkeys-handout.json';

/** Secrets are committed easily. */
export const IGNORED: File = { name: '.gitignore', text: '*\n', isPublic: false };

/** Throws `refused` for a folder of another set, `delivery` for what the file system says. */
export async function openFolder(path: string, about: About): Promise<Folder> {
  const text = await readable(join(path, RECORD));
  const record = text === null ? null : parseJson(text);
  if (text === null) return { path, about, known: new Map() };
  if (!isObject(record) || record['version'] !== 1 || !isObject(record['files']))
    throw refused(`${oneLine(join(path, RECORD))} is damaged.`, 'Take another folder, or move this one away.');
  const { set, server } = record;
  if (set !== about.set || server !== about.server)
    throw refused(
      `${oneLine(path)} has the hand-outs of another set: of ${oneLine(JSON.stringify(set))} at ${oneLine(JSON.stringify(server))}.`,
      'Give each set a folder of its own: --to DIR',
    );
  const known = Object.entries(record['files']).map(([name, digests]) => {
    const texts = isList(digests) ? digests.filter((each) => typeof each === 'string') : [];
    return [name, texts] as const;
  });
  return { path, about, known: new Map(known) };
}

/** What is there of a file that vkeys wrote; `null`: nothing. Throws `refused` where it was changed, or is somebody else's. */
export async function ownText({ path, known }: Folder, name: string): Promise<string | null> {
  const file = join(path, name);
  const text = await readable(file);
  if (text === null || known.get(name)?.includes(digest(text)) === true) return text;
  const why = known.has(name) ? 'was changed since vkeys wrote it' : 'is there already, and vkeys did not write it';
  throw refused(`${oneLine(file)} ${why}.`, 'Move it away, or take another folder: --to DIR');
}

/** What became of the files, by their names, and the folder as it is then. */
export type Written = {
  readonly folder: Folder;
  readonly written: readonly string[];
  readonly withdrawn: readonly string[];
};

/** Writes what has changed and takes away what is in `gone`. The record is durable first. Throws `delivery`. */
export async function writeFiles(folder: Folder, files: readonly File[], gone: readonly string[]): Promise<Written> {
  const before = new Map<string, string | null>();
  for (const { name } of files) before.set(name, await ownText(folder, name));
  const fresh = new Map(files.map(({ name, text }) => [name, [digest(text)]] as const));
  const known = new Map([...[...folder.known].filter(([name]) => !gone.includes(name)), ...fresh]);
  const changed = files.filter(({ name, text }) => before.get(name) !== text);
  const withdrawn: string[] = [];
  await named(folder.path, async () => {
    if (changed.length + gone.length > 0) {
      const either = [...folder.known].map(([name, old]) => [name, [...old, ...(fresh.get(name) ?? [])]] as const);
      await writeRecord(folder, new Map([...fresh, ...either]));
    }
    for (const { name, text } of changed) await replaceFile(join(folder.path, name), text);
    for (const { name, isPublic } of files) await chmod(join(folder.path, name), isPublic ? 0o644 : 0o600);
    for (const name of gone) if (await takenAway(folder, name)) withdrawn.push(name);
    if (changed.length + gone.length > 0) await writeRecord(folder, known);
  });
  return { folder: { ...folder, known }, written: changed.map(({ name }) => name), withdrawn };
}

/** Makes what a program wrote, for nobody else's eyes, the file of this name. Throws `refused`, `delivery`. */
export async function takeIn(folder: Folder, from: string, name: string): Promise<Folder> {
  await ownText(folder, name);
  const text = (await readable(from)) ?? '';
  const known = new Map([...folder.known, [name, [digest(text)]]]);
  const either = new Map([...known, [name, [...(folder.known.get(name) ?? []), digest(text)]]]);
  return named(folder.path, async () => {
    await writeRecord(folder, either);
    await chmod(from, 0o600);
    await rename(from, join(folder.path, name));
    await writeRecord(folder, known);
    return { ...folder, known };
  });
}

/** What was changed by hand stays, and is nobody's but theirs from here on. */
async function takenAway(folder: Folder, name: string): Promise<boolean> {
  const text = await ownText(folder, name).catch(() => null);
  if (text !== null) await rm(join(folder.path, name), { force: true });
  return text !== null;
}

async function writeRecord({ path, about }: Folder, files: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const members = Object.fromEntries([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await replaceFile(join(path, RECORD), `${JSON.stringify({ version: 1, ...about, files: members }, null, 2)}\n`);
}

async function readable(path: string): Promise<string | null> {
  return named(dirname(path), () => readIfThere(path));
}

/** The file system's refusals in words. */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VkeysError || !(error instanceof Error)) throw error;
    const why = isErrno(error, 'ENOSPC') ? 'the disk is full' : error.message;
    throw new VkeysError(
      'delivery',
      `Hand-outs could not be written to ${oneLine(path)}: ${oneLine(why)}.`,
      'Mend that, or take another folder; then run the same command again: it goes on with the same codes.',
      { cause: error },
    );
  }
}

function refused(message: string, hint: string): VkeysError {
  return new VkeysError('refused', `${message} Nothing was written.`, hint);
}
