/** Runs programs for a delivery, and says in words how they failed: what they print may have the secret in it. */
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { lookForProgram } from '../../base/programs.ts';
import { redact, type Secret } from '../../base/secret.ts';
import { WITHOUT_CREDENTIALS } from '../../base/variables.ts';
import { commandLine } from '../../encode/argument.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { Argv } from '../../model/delivery.ts';
import type { Ended, RunInput, SinkPorts } from '../sink.ts';
import type { Ways } from './ways.ts';

/** So many lines of what a program said are told. */
const LINES = 3;

/** How a program ended that did. Throws `delivery` where it is not there, or was killed. */
export async function ran(
  run: SinkPorts['run'],
  argv: Argv,
  { env, folder, timeout }: Ways,
  input: Pick<RunInput, 'stdin' | 'fd3'> = {},
): Promise<Ended & { readonly exitCode: number }> {
  const [program = '', ...args] = argv;
  const ended = await run(program, args, {
    ...input,
    env: { ...WITHOUT_CREDENTIALS, ...env },
    folder,
    ...(timeout === undefined ? {} : { patience: timeout }),
  });
  const { exitCode } = ended;
  if (exitCode !== null) return { ...ended, exitCode };
  if (ended.stderr === '') throw (await isFolder(folder)) ? noProgram(program) : noFolder(folder, program);
  throw new VkeysError(
    'delivery',
    `${shown(argv)} failed: ${ended.stderr}.`,
    'Run it by hand to see what it waits for: it has no terminal to ask at. timeout: 2m gives it more time.',
  );
}

/** What a program said that failed. */
export function failed(argv: Argv, { exitCode, stderr }: Ended, secrets: readonly Secret[]): VkeysError {
  const said = saidIn(stderr, secrets);
  return new VkeysError(
    'delivery',
    `${shown(argv)} failed (exit code ${String(exitCode)})${said === '' ? '.' : `: ${said}`}`,
    'Mend what it says, or run it by hand to see more. Then run the same command again.',
  );
}

/** Throws `delivery` where one of the programs is not there. */
export async function assertPrograms(
  argvs: readonly (Argv | undefined)[],
  { env }: Pick<SinkPorts, 'env'>,
): Promise<void> {
  for (const program of new Set(argvs.flatMap((argv) => argv?.[0] ?? [])))
    if ((await lookForProgram(program, { env, cwd: '/' })) !== 'there') throw noProgram(program);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function noProgram(program: string): VkeysError {
  const where = isAbsolute(program) ? '' : ' on PATH';
  const hint = 'Install it, or write another program in the delivery; ./NAME is one beside the spec.';
  return new VkeysError('delivery', `There is no program ${oneLine(program)}${where}.`, hint);
}

function noFolder(folder: string, program: string): VkeysError {
  return new VkeysError(
    'delivery',
    `The folder ${oneLine(folder)} is not there, in which ${oneLine(program)} was to run.`,
    'Make it again, then run the same command again.',
  );
}

/** Programs break lines where they like, so a part of the secret is the secret; and they show payloads in base64. */
const PART = /[\w-]{8,}/g;
const ENCODED = /[\w+/=-]{12,}/g;

function saidIn(text: string, secrets: readonly Secret[]): string {
  const values = secrets.map((secret) => secret.reveal());
  const clean = redact(text, secrets)
    .replaceAll(ENCODED, (word) => (values.some((value) => hasPart(decoded(word), value)) ? '[secret]' : word))
    .replaceAll(PART, (word) => (values.some((value) => value.includes(word)) ? '[secret]' : word));
  const lines = clean.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(0, LINES)
    .map((line) => oneLine(line.trim()))
    .join(' | ');
}

function decoded(word: string): string {
  return Buffer.from(word, 'base64').toString('latin1');
}

/** Whether eight characters of the secret in a row are in the text. */
function hasPart(text: string, secret: string): boolean {
  return (text.match(PART) ?? []).some((word) =>
    Array.from({ length: word.length - 7 }, (_, at) => word.slice(at, at + 8)).some((part) => secret.includes(part)),
  );
}

function shown(argv: Argv): string {
  return oneLine(commandLine(argv));
}
