/** The histories of sets on the disk: a file beside each keyring, to which whoever holds the set's lock appends. */
import { basename, dirname } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { readIfThere, replaceFile } from '../base/files.ts';
import type { History, HistoryEvent } from '../model/history.ts';
import { assertPrivate } from './access.ts';
import { historyLines, readHistory, shorterHistory } from './history.ts';
import { filesBelow } from './inventory.ts';
import { appendText } from './journal-file.ts';
import type { About } from './line.ts';
import { historyPath, isHistory } from './location.ts';

/** A longer one loses its older half, which it says: so many bytes are some tens of thousands of keys. */
const MOST = 8 * 1024 * 1024;

/** Appends to the history beside a journal, as the only run that does. Throws `config`. */
export async function appendHistory(
  journal: string,
  about: About,
  event: HistoryEvent,
  assertHeld: () => Promise<void>,
  most = MOST,
): Promise<void> {
  const path = historyPath(journal);
  try {
    await assertPrivate(path);
    let text = await readIfThere(path);
    if (text !== null && Buffer.byteLength(text) > most) {
      text = shorterHistory(about, text);
      await replaceFile(path, text, assertHeld);
    }
    const there = text === null ? null : readHistory(text, about);
    const tail = { size: there?.size ?? 0, torn: there?.torn === true };
    await assertHeld();
    await appendText(path, tail, historyLines(about, there, [event]), () => undefined);
  } catch (error) {
    throw error instanceof VkeysError ? error : unwritable(path, error);
  }
}

/** Those that cannot be read must not stop the others. */
export type Histories = { readonly histories: readonly History[]; readonly unreadable: readonly VkeysError[] };

/** Reads every history below the keyrings' roots. */
export async function readHistories(roots: readonly string[]): Promise<Histories> {
  const histories: History[] = [];
  const unreadable: VkeysError[] = [];
  for (const path of await filesBelow(roots, isHistory)) {
    try {
      await assertPrivate(path);
      const text = (await readIfThere(path)) ?? '';
      const fallback = { server: basename(dirname(path)), set: basename(path, '.history') };
      if (text !== '') histories.push(readHistory(text, fallback));
    } catch (error) {
      unreadable.push(error instanceof VkeysError ? error : unwritable(path, error));
    }
  }
  return { histories, unreadable };
}

function unwritable(path: string, cause: unknown): VkeysError {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new VkeysError(
    'config',
    `The history ${path} cannot be used: ${why}`,
    'Mend that; what later runs do is noted again.',
    { cause },
  );
}
