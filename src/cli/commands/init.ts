import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { isErrno } from '../../base/files.ts';
import { STARTER } from '../../spec/starter.ts';
import type { Globals } from '../options.ts';
import { say } from '../output.ts';
import type { World } from '../../run/world.ts';

/** Writes the starter spec; never over a file that is there. */
export async function init(world: World, file: string, globals: Globals): Promise<number> {
  if (file === '-') {
    world.stdout.write(STARTER);
    return 0;
  }
  try {
    await writeFile(resolve(world.cwd, file), STARTER, { flag: 'wx' });
  } catch (error) {
    if (isErrno(error, 'EEXIST'))
      throw new VkeysError('refused', `${file} is there already.`, 'Name another file: vkeys init my-keys.yaml');
    throw new VkeysError(
      'config',
      `${file} cannot be written: ${error instanceof Error ? error.message : ''}`,
      'Name a file in a folder that is there and writable.',
    );
  }
  say(world, globals, `Wrote ${file}. See what it would do, without a server: vkeys plan -f ${file} --sandbox`);
  return 0;
}
