/**
 * The folder of hand-outs. A record in it says which files vkeys wrote there, for which set, and what was in them, so that a
 * file of somebody else's is neither written over nor taken away, and neither is one that was changed by hand.
 */
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno, readIfThere } from '../base/files.ts';
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
  /** The digest of the cards that the PDF was printed from; `null`: there was none. */
  readonly printed: string | null;
};

/** One set at one server: a folder is for one, because each has seats of its own. */
export type About = { readonly server: string; readonly set: string };

export const RECORD = '.vkeys-handout.json';

/** Secrets are committed easily. */
export const IGNORED: File = { name: '.gitignore', text: '*\n', isPublic: false };

/** Throws `refused` for a folder of another set or of somebody's files, `usage` for a file, `delivery` for what the file system says. */
export async function openFolder(path: string, about: About): Promise<Folder> {
  await assertOwn(path);
  const text = await readable(join(path, RECORD));
  const record = text === null ? null : parseJson(text);
  if (text === null) return { path, about, known: new Map(), printed: null };
  if (!isObject(record) || record['version'] !== 1 || !isObject(record['files']))
    throw refused(`${oneLine(join(path, RECORD))} is damaged.`, 'Take another folder, or move this one away.');
  const { set, server, printed } = record;
  if (set !== about.set || server !== about.server)
    throw refused(
      `${oneLine(path)} has the hand-outs of another set: of ${oneLine(JSON.stringify(set))} at ${oneLine(JSON.stringify(server))}.`,
      'Give each set a folder of its own: --to DIR',
    );
  const known = Object.entries(record['files']).map(([name, digests]) => {
    const texts = isList(digests) ? digests.filter((each) => typeof each === 'string') : [];
    return [name, texts] as const;
  });
  return { path, about, known: new Map(known), printed: typeof printed === 'string' ? printed : null };
}

/** All in it is ignored by Git, which would be wrong for a project's. What a run that was cut left is nobody's. */
async function assertOwn(path: string): Promise<void> {
  const names = await named(path, () => filesIn(path));
  if (names.includes(RECORD) || names.every((name) => name.endsWith('.vkeys-tmp'))) return;
  throw refused(
    `${oneLine(path)} has files that are no hand-outs of vkeys.`,
    'Take a folder of its own, which is new or empty: --to DIR',
  );
}

async function filesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    if (!isErrno(error, 'ENOTDIR')) throw error;
    throw new VkeysError(
      'usage',
      `${oneLine(path)} can be no folder: a file is in its place. Nothing was written.`,
      'Take a folder that is new or empty: --to DIR',
    );
  }
}

/** What is there of a file that vkeys wrote; `null`: nothing. Throws `refused` where it was changed, or is somebody else's. */
export async function ownText({ path, known }: Folder, name: string): Promise<string | null> {
  const file = join(path, name);
  for (const each of new Set([join(path, name.replace(/\/.*/, '')), file]))
    if (await named(path, () => isLink(each)))
      throw refused(`${oneLine(each)} is a link, which vkeys did not make.`, ELSEWHERE);
  const text = await readable(file);
  if (text === null || known.get(name)?.includes(digest(text)) === true) return text;
  const why = known.has(name) ? 'was changed since vkeys wrote it' : 'is there already, and vkeys did not write it';
  throw refused(`${oneLine(file)} ${why}.`, ELSEWHERE);
}

const ELSEWHERE = 'Move it away, or take another folder: --to DIR';

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

async function readable(path: string): Promise<string | null> {
  return named(dirname(path), () => readIfThere(path));
}

/** The file system's refusals in words. */
export async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
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
