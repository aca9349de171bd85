import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { VkeysError } from '../base/errors.ts';
import type { Console } from './console.ts';

/** The world with the variables of `--env-file`; what the environment has wins. Throws `config`. */
export async function withEnvFile(world: Console, envFile: string): Promise<Console> {
  let text: string;
  try {
    text = await readFile(resolve(world.cwd, envFile), 'utf8');
  } catch (cause) {
    throw new VkeysError(
      'config',
      `${envFile} cannot be read.`,
      'Give --env-file a file with lines like LITELLM_BASE_URL=https://litellm.example.com',
      { cause },
    );
  }
  return { ...world, env: { ...parseEnv(text), ...world.env } };
}
