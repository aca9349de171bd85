import { closeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { x } from 'tinyexec';
import { isErrno } from '../base/files.ts';
import { memoryFile } from './memory-file.ts';

/** What a program printed. Without an exit code it did not start, or did not end: then `stderr` says why, if it started. */
export type ProgramEnd = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** What a program is given besides its arguments. `patience`: milliseconds. */
export type ProgramInput = {
  readonly stdin?: string;
  /** What it can read at descriptor 3. */
  readonly fd3?: string;
  /** Variables beside those of this process; `undefined`: without this one of them. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder that it runs in, if not this process's. */
  readonly folder?: string;
  readonly patience?: number;
};

const PATIENCE = 30_000;
const LONGEST_OUTPUT = 64 * 1024;
/** What a program leaves behind may hold its output open, and is not waited for: milliseconds. */
const LINGER = 1000;

/**
 * Runs a program without a shell, found on PATH alone. One that takes longer than `patience` or prints more than 64 kB is
 * killed. Without `stdin` it has no input.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { stdin, fd3, env, folder, patience = PATIENCE }: ProgramInput = {},
): Promise<ProgramEnd> {
  const isNamed = args.some((arg) => /\/dev\/(?:stdin|fd\/)/.test(arg));
  const given = [stdin, fd3].map((text) => (isNamed && text !== undefined ? memoryFile(text) : null));
  const way = (text: string | undefined, file: number | null | undefined): number | 'ignore' | 'pipe' =>
    file ?? (text === undefined ? 'ignore' : 'pipe');
  const running = x(command, [...args], {
    timeout: patience,
    nodePath: false,
    nodeOptions: {
      stdio: [way(stdin, given[0]), 'pipe', 'pipe', ...(fd3 === undefined ? [] : [way(fd3, given[1])])],
      killSignal: 'SIGKILL',
      ...(env === undefined ? {} : { env }),
      ...(folder === undefined ? {} : { cwd: folder }),
    },
  });
  for (const file of given) if (file !== null) closeSync(file);
  const { process: child } = running;
  feed(child?.stdin, stdin);
  feed(child?.stdio[3], fd3);
  let printed = 0;
  const count = (chunk: Buffer): void => {
    printed += chunk.length;
    if (printed > LONGEST_OUTPUT) running.kill('SIGKILL');
  };
  child?.stdout?.on('data', count);
  child?.stderr?.on('data', count);
  child?.once('exit', () => {
    AbortSignal.timeout(LINGER).addEventListener('abort', () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  });
  try {
    const { exitCode, stdout, stderr } = await running;
    if (printed > LONGEST_OUTPUT) return unended('it printed more than 64 kB');
    return exitCode === undefined ? unended('it was killed') : { exitCode, stdout, stderr };
  } catch (error) {
    if (isErrno(error, 'ABORT_ERR')) return unended(`it did not end within ${String(patience / 1000)} s`);
    if (isErrno(error, 'ENOENT') || isErrno(error, 'EACCES')) return unended('');
    throw error;
  }
}

/** A program that does not read it, or has ended, says so by its exit code. */
function feed(stream: unknown, text: string | undefined): void {
  if (stream instanceof Writable) stream.on('error', () => undefined).end(text);
}

function unended(why: string): ProgramEnd {
  return { exitCode: null, stdout: '', stderr: why };
}
