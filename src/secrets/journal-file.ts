/** A journal on the disk: read whole, appended to durably, never cut where another process may have written. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { readIfThere, syncFolder } from '../base/files.ts';
import { assertPrivate, unusable } from './access.ts';
import { readJournal, type Journal } from './journal.ts';

/** Reads a journal; one that is not there is empty. `by` is the version of this vkeys. Throws `config`. */
export async function loadJournal(path: string, by: string): Promise<Journal> {
  let text: string | null;
  try {
    await assertPrivate(path);
    text = await readIfThere(path);
  } catch (error) {
    throw error instanceof VkeysError ? error : unusable(path, error);
  }
  const journal = readJournal(text ?? '');
  const { problem } = journal;
  if (problem === null) return journal;
  if (problem.kind === 'newer')
    throw new VkeysError(
      'config',
      `The keyring ${path} was written by a newer vkeys (${problem.by}) than this one (${by}).`,
      'Update vkeys, or give another folder with --keyring PATH; then run the same command again.',
    );
  if (problem.kind === 'older')
    throw new VkeysError(
      'config',
      `The keyring ${path} is of an early version of vkeys, which this one does not read.`,
      'Move the file away, and bring in the secrets in it that are still needed: vkeys keyring import --help',
    );
  throw new VkeysError(
    'config',
    `Line ${String(problem.line)} of the keyring ${path} cannot be read: the file was damaged.`,
    'Mend or delete that line in a copy, and put the copy in its place; the other lines still hold secrets.',
  );
}

/** Where the next line goes. `size`: bytes that count. `torn`: what stands behind them is ours, and does not. */
export type Tail = { readonly size: number; readonly torn: boolean };

/**
 * Writes behind the last whole line. On failure the file is cut back to where it was, or `torn` calls for that.
 * A file that another process has written to is left as it is. Throws what the file system says.
 */
export async function appendText(path: string, { size, torn }: Tail, text: string, tear: () => void): Promise<Tail> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
  try {
    const there = (await file.stat()).size;
    if (there < size) throw new Error('somebody cut it while it was in use');
    if (torn) await file.truncate(size);
    else if (there > size) throw new Error('another process wrote to it while it was in use');
    const bytes = Buffer.from(text, 'utf8');
    try {
      await writeAll(file, bytes);
      await file.sync();
    } catch (error) {
      await file.truncate(size).catch(tear);
      throw error;
    }
    if (size === 0) await syncFolder(dirname(path));
    return { size: size + bytes.length, torn: false };
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}
