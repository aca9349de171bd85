import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { decodeText, undecodedWords } from '../base/decode.ts';
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
  const text = decodeText(bytes);
  if (typeof text !== 'string') {
    const { message, hint } = undecodedWords(envFile, text);
    throw new VkeysError('config', message, hint);
  }
  return { ...world, env: { ...withoutEmpty(parseEnv(text)), ...world.env } };
}
