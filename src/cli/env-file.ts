import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { VkeysError } from '../base/errors.ts';
import { withoutEmpty } from './environment.ts';
import type { Console } from './console.ts';

/** The world with the variables of `--env-file`; what the environment has wins. Throws `config`. */
export async function withEnvFile(world: Console, envFile: string): Promise<Console> {
  let bytes: Buffer;
  try {
    bytes = await readFile(resolve(world.cwd, envFile));
  } catch (cause) {
    throw new VkeysError(
      'config',
      `${envFile} cannot be read.`,
      'Give --env-file a file with lines like LITELLM_BASE_URL=https://litellm.example.com',
      { cause },
    );
  }
  return { ...world, env: { ...withoutEmpty(parseEnv(decode(bytes))), ...world.env } };
}

/** UTF-8, or what PowerShell's `>` writes: UTF-16 with a mark. A mark is none of the first name. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const isBig = first === 0xfe && second === 0xff;
  const isWide = isBig || (first === 0xff && second === 0xfe);
  return new TextDecoder(isWide ? (isBig ? 'utf-16be' : 'utf-16le') : 'utf-8').decode(bytes);
}
