import type { Stats } from 'node:fs';
import { chmod, lstat, realpath, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno, overwriteFile, readIfThere, replaceFile, swapFile } from '../base/files.ts';
import { isOpen, stuckOpen } from '../base/modes.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Spot } from './sink.ts';

/**
 * A file as it is. `path` is the file itself where a link leads to it; `open` when others than its owner may read it, and it
 * can be closed. `encoding`: `latin1` is how bytes are a text, a character for each.
 */
export type TextFile = {
  readonly encoding: Encoding;
  readonly path: string;
  readonly isLink: boolean;
  readonly text: string | null;
  readonly open: boolean;
};

export type Encoding = 'utf8' | 'latin1';

/**
 * Reads a file through links: whoever made one wants it. One that leads nowhere holds nothing, and can be given nothing:
 * see `assertLeads`. But a link that an alias only happens to name may not lead out of `within`. Throws `delivery` for that and for what is no file of text, and what the file system says.
 */
export async function readTextFile(
  { path: asked, within }: Spot,
  folders: Folders,
  encoding: Encoding = 'utf8',
): Promise<TextFile> {
  const there = await aboutIt(asked, lstat);
  const isLink = there?.isSymbolicLink() === true;
  const path = isLink ? ((await follow(asked)) ?? asked) : asked;
  if (within !== null && isOutside(await folders(within), await folders(dirname(path)))) {
    throw unusable(asked, `is a link that leads out of ${oneLine(within)}`);
  }
  const about = isLink ? await aboutIt(asked, stat) : there;
  if (about === null) return { encoding, path, isLink, text: null, open: false };
  const text = await readRegular(path, about, encoding);
  if (text?.includes('\uFFFD') === true) throw unusable(asked, 'is not UTF-8 text');
  const open = text !== null && isOpen(about) && (await stuckOpen(path, about)) === null;
  return { encoding, path, isLink, text, open };
}

/** Where a folder really is, or the nearest one above it that is there: found out once for each. */
export type Folders = (folder: string) => Promise<string>;

export function makeFolders(): Folders {
  const known = new Map<string, Promise<string>>();
  return (folder) => {
    const real = known.get(folder) ?? nearest(folder);
    known.set(folder, real);
    return real;
  };
}

/**
 * Makes the file hold the text, with mode 0600 even where it was readable to others. It is durable once the folder of the
 * file, or of the link, is synced. A file that cannot be replaced, because it is mounted by itself or its folder may not
 * be written, is written over.
 */
export async function hold(file: TextFile, wanted: string): Promise<void> {
  assertLeads(file);
  const { path, isLink, text, open } = file;
  if (text !== wanted) {
    const content = Buffer.from(wanted, file.encoding);
    await orInPlace(text !== null, () => (isLink ? replaceFile : swapFile)(path, content), path, content);
  }
  if (open) await chmod(path, 0o600);
}

/** Throws `delivery` for a link that leads nowhere: a file in its place would surprise whoever made the link. */
export function assertLeads({ path, isLink, text }: TextFile): void {
  if (isLink && text === null) throw unusable(path, 'is a link that leads nowhere');
}

/** Deletes the file, or empties it where it cannot be deleted, or a link to it is to lead somewhere for the next key. */
export async function discard({ path, isLink }: TextFile): Promise<void> {
  if (isLink) return overwriteFile(path, '');
  await orInPlace(true, () => rm(path, { force: true }), path, '');
}

/** What a mount and a folder without the right to write say. */
const FIXED = ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'];

async function orInPlace(
  isThere: boolean,
  replace: () => Promise<void>,
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  try {
    await replace();
  } catch (error) {
    if (!isThere || !FIXED.some((code) => isErrno(error, code))) throw error;
    await overwriteFile(path, content).catch((second: unknown) => {
      throw isErrno(error, 'EBUSY') ? second : error;
    });
  }
}

/** What the file system or a format says, as an error that names the file and the place in it, with a next step; a bug is thrown on. */
export function fileError(error: unknown, path: string): VkeysError {
  if (error instanceof VkeysError) {
    const { kind, message, hint, facts } = error;
    if (message.includes(oneLine(path))) return error;
    const { line, column } = facts;
    const place = typeof line === 'number' && typeof column === 'number' ? `:${String(line)}:${String(column)}` : '';
    return new VkeysError(kind, `${oneLine(path)}${place}: ${message}`, hint, {
      cause: error,
      facts: { path, ...facts },
    });
  }
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  const [why, next] = WORDS[error.code] ?? [`failed with ${error.code}`, 'Mend that, or choose another path.'];
  return new VkeysError('delivery', `${oneLine(path)} ${why}.`, `${next} Then run the same command again.`, {
    cause: error,
    facts: { code: error.code, path },
  });
}

const DENIED = ['may not be written by this user', 'Give it the right to, or choose another path.'] as const;
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['was not written: the disk is full', 'Make room.'],
  EDQUOT: ['was not written: the quota of the disk is used up', 'Make room.'],
  EACCES: DENIED,
  EPERM: DENIED,
  EBUSY: ['is a mount of its own, or in use', 'Unmount it, or choose another path.'],
  EROFS: ['is on a disk that is read-only', 'Choose another path.'],
  EISDIR: ['is a folder', 'Choose the path of a file.'],
  ENOTDIR: ['is below something that is no folder', 'Choose another path.'],
  ENAMETOOLONG: ['is too long a name', 'Choose a shorter path, e.g. with {key_id}.'],
  ELOOP: ['is a link that leads back to itself', 'Remove the link.'],
};

/** `null`: to nowhere. */
async function follow(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** The path without links, or that of the nearest folder above it that is there. */
async function nearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    return nearest(dirname(path));
  }
}

function isOutside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside.split(sep)[0] === '..' || isAbsolute(inside);
}

/** Nobody has variables or a table of keys that are longer. */
const LONGEST = 16 * 1024 * 1024;

/** A device or a pipe would block the reader, and be replaced by the writer. */
async function readRegular(path: string, about: Stats, encoding: Encoding): Promise<string | null> {
  if (!about.isFile() && !about.isDirectory()) throw unusable(path, 'is no ordinary file');
  if (about.size > LONGEST) throw unusable(path, 'is bigger than 16 MB');
  return readIfThere(path, encoding);
}

async function aboutIt(path: string, look: (path: string) => Promise<Stats>): Promise<Stats | null> {
  try {
    return await look(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

function unusable(path: string, why: string): VkeysError {
  return new VkeysError('delivery', `${oneLine(path)} ${why}.`, 'Choose another path, or move it away.');
}
