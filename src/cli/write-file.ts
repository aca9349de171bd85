/** A result that goes to a file. */
import { resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno, replaceFile } from '../base/files.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Console } from './console.ts';
import type { Globals } from './options.ts';
import { writeChunks } from './output.ts';
import { say } from './say.ts';

/** Writes a text whole, for this user alone, and says so; `-` prints it. `flag`: what named the file. Throws `config`. */
export async function writeResult(
  console: Console,
  options: Pick<Globals, 'quiet'>,
  { file, flag, text }: { readonly file: string; readonly flag: string; readonly text: string },
): Promise<void> {
  if (file === '-') return writeChunks(console, [text]);
  const path = resolve(console.cwd, file);
  try {
    await replaceFile(path, text);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const why = isErrno(error, 'EISDIR') ? 'it is a folder' : String(error.code);
    throw new VkeysError(
      'config',
      `${oneLine(path)} cannot be written: ${why}.`,
      `Give ${flag} another file, or - to print it.`,
      { cause: error },
    );
  }
  say(console, options, `Wrote ${oneLine(path)}.`);
}
