/**
 * The keyring: a journal file for each server and set, mode 0600 in folders of mode 0700, which knows a secret before
 * the server does. `record` returns only when its lines are on the disk, in a file that is still this run's.
 */
import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { makeFolder, replaceFile } from '../base/files.ts';
import type { HistoryEvent } from '../model/history.ts';
import type { Keyring, KeyringState, Line } from '../model/keyring.ts';
import { unusable } from './access.ts';
import { appendHistory } from './history-file.ts';
import { appendText, loadJournal, type Tail } from './journal-file.ts';
import { compact, oldLines, replay, type Journal } from './journal.ts';
import { writeHeader, writeLine, type About, type Stored } from './line.ts';
import { isPassing } from './location.ts';
import { takeLock, type Lock, type LockPorts } from './lock.ts';
import { openLines, sealedLine, secretIn, type Opened, type Seal } from './seal.ts';

/** `close` rewrites the journal without what was dropped, lets other runs in, and answers with why it could not do the first. */
export type OpenKeyring = Keyring & { close(): Promise<VkeysError | null> };

/** What reading a keyring needs. `by` is the version of this vkeys; `seal` is `null` where secrets are plain text. */
export type ReadPorts = { readonly by: string; readonly seal: Seal | null };
export type KeyringPorts = LockPorts &
  ReadPorts & {
    readonly now: () => Date;
    /** The lock's file, where it is not beside the journal. */
    readonly lock?: string;
    /** Goes on without reading secrets that are encrypted for others: for work that hands nothing out. */
    readonly blind?: boolean;
  };

/**
 * The secrets of one set as they are on the disk now, without waiting for a run that is under way. Those that are
 * encrypted for others throw when they are revealed. Throws `config`.
 */
export async function readKeyring(path: string, { by, seal }: ReadPorts): Promise<KeyringState> {
  const { lines } = await openLines((await loadJournal(path, by)).lines, seal);
  return replay(lines);
}

/** Opens a set's keyring for writing, as the only run that does. Throws `config`, `refused`, or why waiting was stopped. */
export async function openKeyring(path: string, about: About, ports: KeyringPorts): Promise<OpenKeyring> {
  const lock = await takeLock(ports.lock ?? `${path}.lock`, ports).catch((error: unknown) => {
    throw error instanceof VkeysError || ports.stop.aborted ? error : unusable(path, error);
  });
  try {
    const journal = await loadJournal(path, ports.by);
    await makeFolder(dirname(path)).catch((error: unknown) => {
      throw unusable(path, error);
    });
    const opened = await openLines(journal.lines, ports.seal);
    /* Whoever cannot read them could not hand them out, and would find that out too late. */
    for (const why of opened.closed.values()) if (ports.blind !== true) throw why;
    return keyringOn(path, about, { journal, opened }, lock, ports);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type Read = { readonly journal: Journal; readonly opened: Opened };

function keyringOn(
  path: string,
  about: About,
  { journal, opened }: Read,
  lock: Lock,
  { by, seal, now }: KeyringPorts,
): OpenKeyring {
  const lines = [...opened.lines];
  const sealed = new Map(
    journal.lines.flatMap((line, index) => {
      const read = opened.lines[index];
      return 'sealed' in line && read !== undefined ? [[secretIn(read), line.sealed]] : [];
    }),
  );
  let { gap } = journal;
  let tail: Tail = { size: journal.whole, torn: journal.torn };
  /* A secret is encrypted once: the same text stays in the file, whoever shortens it. */
  const store = async (line: Line): Promise<Stored> => {
    const secret = secretIn(line);
    const text = secret === null ? undefined : (sealed.get(secret) ?? (await seal?.seal(secret)));
    if (text === undefined) return line;
    sealed.set(secret, text);
    return sealedLine(line, text);
  };
  const textOf = async (added: readonly Line[]): Promise<string> => {
    let text = '';
    for (const line of added) text += writeLine(await store(line));
    return text;
  };
  const header = writeHeader(by, about);
  const write = async (added: readonly Line[]): Promise<void> => {
    try {
      const text = await textOf(added);
      await lock.assertHeld();
      tail = await appendText(path, tail, `${tail.size === 0 ? header : gap}${text}`, () => {
        tail = { ...tail, torn: true };
      });
      gap = '';
      /* Who was stopped just before it wrote may have written to a file that another run has replaced since. */
      await lock.assertHeld();
    } catch (error) {
      throw error instanceof VkeysError ? error : unusable(path, error);
    }
    lines.push(...added);
  };
  const shorten = async (): Promise<void> => {
    const state = replay(lines);
    const short = compact(replay([...lines, ...oldLines(state, now())]));
    const isPlain = seal !== null && journal.lines.some((line) => 'secret' in line || 'code' in line);
    if (short.length === 0) {
      await lock.assertHeld();
      await rm(path, { force: true });
    } else if (short.length < lines.length || isPlain || (await sizeOf(path)) < tail.size)
      await replaceFile(path, `${header}${await textOf(short)}`, lock.assertHeld);
  };
  const note = async (event: HistoryEvent): Promise<void> => appendHistory(path, about, event, lock.assertHeld);
  /* Creations go on side by side and each records what it was answered: one write after another, or they overlap. */
  let last: Promise<void> = Promise.resolve();
  return {
    state: () => replay(lines),
    record: async (added) => {
      if (added.length === 0) return;
      last = last.catch(() => undefined).then(() => write(added));
      await last;
    },
    ...(isPassing(path) ? {} : { note }),
    close: async () => {
      await last.catch(() => undefined);
      try {
        if (await isHeld(lock)) await shorten();
        return null;
      } catch (error) {
        return notShortened(path, error);
      } finally {
        await lock.release();
      }
    },
  };
}

/** Whoever took the keyring over shortens it. */
async function isHeld(lock: Lock): Promise<boolean> {
  return lock.assertHeld().then(
    () => true,
    () => false,
  );
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

/** The longer journal says the same, and the next run tries again: no reason to hide what this run did. */
function notShortened(path: string, cause: unknown): VkeysError {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new VkeysError(
    'config',
    `Secrets that are needed no more are still in the keyring ${path}: ${why}`,
    'Mend that; the next run on this set takes them out.',
    { cause },
  );
}
