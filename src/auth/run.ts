import { x } from 'tinyexec';
import { isErrno } from '../base/files.ts';

/** What a program printed. Without an exit code it did not start, or did not end: then `stderr` says why, if it started. */
export type ProgramEnd = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

const PATIENCE = 30_000;
const LONGEST_OUTPUT = 64 * 1024;

/**
 * Runs a program without a shell and without input, found on PATH alone. One that takes longer than `patience`
 * milliseconds or prints more than 64 kB is killed.
 */
export async function runProgram(command: string, args: readonly string[], patience = PATIENCE): Promise<ProgramEnd> {
  const running = x(command, [...args], {
    timeout: patience,
    nodePath: false,
    nodeOptions: { stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL' },
  });
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
