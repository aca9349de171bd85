/** Keys for the next steps of a GitHub workflow: out of its log, and in the runner's files. */
import { appendFile } from 'node:fs/promises';
import { Option } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { readIfThere } from '../base/files.ts';
import type { Secret } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import type { Console } from './console.ts';
import { say } from './say.ts';

type Flags = { readonly github?: 'env' | 'output' | true | undefined; readonly quiet?: boolean | undefined };

const FILES = { env: 'GITHUB_ENV', output: 'GITHUB_OUTPUT' } as const;

export const GITHUB = new Option(
  '--github [file]',
  "mask the key in the workflow's log; with env or output, write it to that file of the runner instead of printing it",
).choices(['env', 'output'] as const);

/** Throws `usage` where the runner's file is missing: before a key is made that would then be lost to the workflow. */
export function assertGithub({ env }: Console, { github }: Flags): void {
  if (github === undefined || github === true || variable(env, FILES[github]) !== undefined) return;
  throw new VkeysError(
    'usage',
    `--github ${github} writes to the file that ${FILES[github]} names, and it is not set.`,
    'It is set in a step of a GitHub workflow; elsewhere leave --github out.',
  );
}

/**
 * Masks the key, before anything else is said: the runner reads that on stderr too, where it is in nobody's `$(…)`. Answers
 * whether the key went to one of the runner's files. Throws `delivery`.
 */
export async function handToGithub(
  console: Console,
  flags: Flags,
  secret: Secret,
  api_base_url: string,
): Promise<boolean> {
  const { github } = flags;
  if (github === undefined) return false;
  console.stderr.write(`::add-mask::${secret.reveal()}\n`);
  if (github === true) return false;
  const file = FILES[github];
  try {
    const path = variable(console.env, file) ?? '';
    const before = (await readIfThere(path)) ?? '';
    /* Behind a line that an earlier step left open, the key would be a part of that step's variable. */
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    const lines = `OPENAI_API_KEY=${secret.reveal()}\nOPENAI_BASE_URL=${api_base_url}\n`;
    await appendFile(path, `${gap}${lines}`, { mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw new VkeysError(
      'delivery',
      `The file of ${file} could not be written: ${why}.`,
      'Mend that; the key is in the keyring: the same command with --if-absent writes it.',
      { cause },
    );
  }
  say(console, flags, `OPENAI_API_KEY and OPENAI_BASE_URL are in ${file}.`);
  return true;
}
