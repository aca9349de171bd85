import { readFile, stat } from 'node:fs/promises';
import { decodeText, undecodedWords } from '../../base/decode.ts';
import { isErrno } from '../../base/files.ts';
import { numberedText, type Problem, type Text } from './text.ts';

const SAVE =
  'That is an address, and files are read: save what is there (of a spreadsheet, as CSV), and name the file.';
const MAX_BYTES = 16 * 1024 * 1024;

/** Why there is no text; `at`: the place in the file that shows it, if one does. */
type Unread = { readonly problem: Problem; readonly text: Text; readonly at: number | null };

/** A file's text, or why there is none. */
export async function readText(path: string, name: string): Promise<Text | Unread> {
  try {
    if ((await stat(path)).size > MAX_BYTES)
      return unread(name, `${name} is bigger than 16 MB.`, 'Split it into several files.');
    const decoded = decodeText(await readFile(path));
    if (typeof decoded === 'string') return numberedText(name, decoded);
    const problem = { rule: 'file', ...undecodedWords(name, decoded) };
    return { problem, text: numberedText(name, decoded.text), at: decoded.at };
  } catch (error) {
    if (isErrno(error, 'ENOENT'))
      return unread(name, `There is no file ${name}.`, /^https?:/.test(name) ? SAVE : 'Check the path.');
    return unread(name, `${name} cannot be read: ${String(error)}.`, 'Check what it is and who may read it.');
  }
}

function unread(name: string, message: string, hint: string): Unread {
  return { problem: { rule: 'file', message, hint }, text: numberedText(name, ''), at: null };
}
