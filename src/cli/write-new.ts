import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import type { Console } from './console.ts';

/** Writes a file that is not there yet. `example`: a command line with another name. Throws `refused` and `config`. */
export async function writeNew({ cwd }: Console, file: string, text: string, example: string): Promise<void> {
  try {
    await writeFile(resolve(cwd, file), text, { flag: 'wx' });
  } catch (error) {
    if (isErrno(error, 'EEXIST'))
      throw new VkeysError('refused', `${file} is there already.`, `Name another file: ${example}`);
    throw new VkeysError(
      'config',
      `${file} cannot be written: ${error instanceof Error ? error.message : ''}`,
      'Name a file in a folder that is there and writable.',
    );
  }
}
