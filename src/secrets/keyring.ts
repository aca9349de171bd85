/**
 * The keyring: a journal file for each server and set, mode 0600 in folders of mode 0700, which knows a secret before
 * the server does. `record` returns only when its lines are on the disk.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno, readIfThere, replaceFile, syncFolder } from '../base/files.ts';
import type { Entry, Keyring, KeyringState, Line } from '../apply/ports.ts';
import { assertPrivate, unusable } from './access.ts';
import { compact, readJournal, replay, writeLine, type Journal } from './journal.ts';
import { takeLock, type LockPorts } from './lock.ts';

/** `close` rewrites the journal without what was dropped, and lets other runs in. */
export type OpenKeyring = Keyring & { close(): Promise<void> };

/** The file of one set's keyring. `folder` is the keyring's root. */
export function keyringPath(folder: string, url: string, set: string): string {
  return join(serverFolder(folder, url), `${set}.jsonl`);
}

function serverFolder(folder: string, url: string): string {
  const name = url.replace(/^https?:\/\//, '').replaceAll(/[^A-Za-z0-9.-]+/g, '_');
  return join(folder, `${name}-${createHash('sha256').update(url).digest('hex').slice(0, 8)}`);
}

/** The secrets of one set as they are on the disk now, without waiting for a run that is under way. Throws `config`. */
export async function readKeyring(path: string): Promise<KeyringState> {
  return replay((await load(path)).lines);
}

/** Looks a secret up in all sets of a server. Throws `config`. */
export async function findEntry(folder: string, url: string, key_id: string): Promise<Entry | null> {
  const server = serverFolder(folder, url);
  const names = await readdir(server).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  for (const name of names.filter((file) => file.endsWith('.jsonl'))) {
    const entry = (await readKeyring(join(server, name))).entries.get(key_id);
    if (entry !== undefined) return entry;
  }
  return null;
}

/** Opens a set's keyring for writing, as the only run that does. Throws `config`, `refused`. */
export async function openKeyring(path: string, ports: LockPorts): Promise<OpenKeyring> {
  const release = await takeLock(`${path}.lock`, ports).catch((error: unknown) => {
    throw error instanceof VkeysError ? error : unusable(path, error);
  });
  try {
    return keyringOn(path, await load(path), release);
  } catch (error) {
    await release();
    throw error;
  }
}

function keyringOn(path: string, journal: Journal, release: () => Promise<void>): OpenKeyring {
  const lines = [...journal.lines];
  let { whole: size, gap } = journal;
  const write = async (added: readonly Line[]): Promise<void> => {
    try {
      size = await append(path, size, gap + added.map(writeLine).join(''));
      gap = '';
    } catch (error) {
      throw unusable(path, error);
    }
    lines.push(...added);
  };
  /* Creations go on side by side and each records what it was answered: one write after another, or they overlap. */
  let last: Promise<void> = Promise.resolve();
  return {
    state: () => replay(lines),
    record: async (added) => {
      if (added.length === 0) return;
      last = last.catch(() => undefined).then(() => write(added));
      await last;
    },
    close: async () => {
      try {
        const short = compact(replay(lines));
        if (short.length === 0) await rm(path, { force: true });
        else if (short.length < lines.length || (await sizeOf(path)) < size)
          await replaceFile(path, short.map(writeLine).join(''));
      } catch {
        /* The longer journal says the same, and the next run tries again: no reason to hide what this run did. */
      } finally {
        await release();
      }
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** Writes behind the last whole line and answers with the new size; on failure the file is cut back to where it was. */
async function append(path: string, size: number, text: string): Promise<number> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    if ((await file.stat()).size < size) throw new Error('somebody cut it while it was in use');
    const bytes = Buffer.from(text, 'utf8');
    await file.truncate(size);
    try {
      for (let written = 0; written < bytes.length;) {
        written += (await file.write(bytes, written, bytes.length - written, size + written)).bytesWritten;
      }
      await file.sync();
    } catch (error) {
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
    if (size === 0) await syncFolder(dirname(path));
    return size + bytes.length;
  } finally {
    await file.close();
  }
}

async function load(path: string): Promise<Journal> {
  let text: string | null;
  try {
    await assertPrivate(path);
    text = await readIfThere(path);
  } catch (error) {
    throw error instanceof VkeysError ? error : unusable(path, error);
  }
  const journal = readJournal(text ?? '');
  if (journal.bad === null) return journal;
  throw new VkeysError(
    'config',
    `Line ${String(journal.bad)} of the keyring ${path} cannot be read: the file was damaged.`,
    'Mend or delete that line in a copy, and put the copy in its place; the other lines still hold secrets.',
  );
}
