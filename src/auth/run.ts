import { x } from 'tinyexec';
import { isErrno } from '../files.ts';

/** What a program printed. `exitCode` is `null` when it could not be started, or took too long. */
export type Ran = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

const PATIENCE = 30_000;
const LONGEST_OUTPUT = 64 * 1024;

/** Runs a program without a shell and without input, for at most 30 s. */
export async function runProgram(command: string, args: readonly string[]): Promise<Ran> {
  try {
    const { exitCode, stdout, stderr } = await x(command, [...args], {
      timeout: PATIENCE,
      nodeOptions: { stdio: ['ignore', 'pipe', 'pipe'] },
    });
    return {
      exitCode: exitCode ?? null,
      stdout: stdout.slice(0, LONGEST_OUTPUT),
      stderr: stderr.slice(0, LONGEST_OUTPUT),
    };
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'EACCES')) return { exitCode: null, stdout: '', stderr: '' };
    throw error;
  }
}
