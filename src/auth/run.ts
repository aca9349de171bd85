import { x } from 'tinyexec';
import { isErrno } from '../base/files.ts';

/** What a program printed. Without an exit code it did not start, or did not end: then `stderr` says why, if it started. */
export type ProgramEnd = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** `env`: variables beside those of this process. `patience`: milliseconds. */
export type ProgramInput = {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly patience?: number;
};

const PATIENCE = 30_000;
const LONGEST_OUTPUT = 64 * 1024;

/**
 * Runs a program without a shell, found on PATH alone. One that takes longer than `patience` or prints more than 64 kB is
 * killed. Without `stdin` it has no input.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { stdin, env, patience = PATIENCE }: ProgramInput = {},
): Promise<ProgramEnd> {
  const running = x(command, [...args], {
    timeout: patience,
    nodePath: false,
    nodeOptions: {
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      ...(env === undefined ? {} : { env }),
    },
  });
  /* One that does not read it, or has ended, says so by its exit code. */
  running.process?.stdin?.on('error', () => undefined).end(stdin);
  let printed = 0;
  const count = (chunk: Buffer): void => {
    printed += chunk.length;
    if (printed > LONGEST_OUTPUT) running.kill('SIGKILL');
  };
  running.process?.stdout?.on('data', count);
  running.process?.stderr?.on('data', count);
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

function unended(why: string): ProgramEnd {
  return { exitCode: null, stdout: '', stderr: why };
}
