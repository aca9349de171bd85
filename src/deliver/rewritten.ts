import { VkeysError } from '../base/errors.ts';
import { clearTemporary, hasTemporary, isErrno } from '../base/files.ts';
import { oneLine } from '../encode/terminal.ts';
import { discard, hold, type TextFile } from './text-file.ts';
import type { Exclusive } from './sink.ts';

/** Somebody who writes the file at every try is no other run of vkeys: those wait for each other. */
const TRIES = 5;

/**
 * Makes a file what `wanted` makes of its text, as the only run of this machine, and reads it back: what another program
 * wrote in between is not written over for good. `null` deletes the file. Says whether the file was changed.
 */
export async function rewritten(
  look: () => Promise<TextFile>,
  wanted: (text: string | null) => Promise<string | null>,
  exclusive: Exclusive,
): Promise<boolean> {
  const first = await look();
  if (isAs(first, await wanted(first.text)) && !(await hasTemporary(first.path))) return false;
  return whereItMay(exclusive, first.path, async () => {
    /* A run that was killed here may have left a secret in it that this one does not write. */
    await clearTemporary(first.path);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await look();
      const text = await wanted(found.text);
      if (isAs(found, text)) return tries > 0;
      if (text === null) await discard(found);
      else await hold(found, text);
      const after = await look();
      if (isAs(after, await wanted(after.text)) || after.text === text) return true;
    }
    throw new VkeysError(
      'delivery',
      `${oneLine(first.path)} was changed by another program each time it was written.`,
      'End that program, or choose another path. Then run the same command again.',
    );
  });
}

function isAs({ text, open }: TextFile, wanted: string | null): boolean {
  return wanted === text && !open;
}

/** Where the folder takes no file for a lock, nobody can be waited for, and reading back has to do. */
async function whereItMay<T>(exclusive: Exclusive, path: string, work: () => Promise<T>): Promise<T> {
  let isBegun = false;
  try {
    return await exclusive(path, () => {
      isBegun = true;
      return work();
    });
  } catch (error) {
    if (isBegun || !['EACCES', 'EPERM', 'EROFS'].some((code) => isErrno(error, code))) throw error;
    return work();
  }
}
