import { readFile, stat } from 'node:fs/promises';
import { isErrno } from '../../base/files.ts';
import type { Problem } from './text.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** A file's text, or why there is none. */
export async function readText(path: string, name: string): Promise<string | Problem> {
  try {
    if ((await stat(path)).size > MAX_BYTES)
      return problem(`${name} is bigger than 16 MB.`, 'Split it into several files.');
    return decode(await readFile(path));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return problem(`There is no file ${name}.`, 'Check the path.');
    if (error instanceof TypeError) return problem(`${name} is not UTF-8 text.`, 'Save it as UTF-8.');
    return problem(`${name} cannot be read: ${String(error)}.`, 'Check what it is and who may read it.');
  }
}

function problem(message: string, hint: string): Problem {
  return { rule: 'file', message, hint };
}

/** Throws TypeError for anything but UTF-8. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
