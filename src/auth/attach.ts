/** Programs that work in the place of this one: with its input, output and terminal. */
import { constants } from 'node:os';
import { x } from 'tinyexec';
import { isErrno } from '../base/files.ts';
import type { Environment } from '../base/variables.ts';

/** `env`: variables beside those of this process; `undefined`: without this one of them. */
export type Program = { readonly command: string; readonly args: readonly string[]; readonly env: Environment };

/** A program that runs. `ended`: its exit code as shells tell it, 128 and the signal's number where one ended it. */
export type Attached = { readonly kill: (signal: NodeJS.Signals) => void; readonly ended: Promise<number> };

/** What shells answer for what is not there, and for what cannot be run. */
export const NOT_FOUND = 127;
export const NOT_EXECUTABLE = 126;

/** Starts it without a shell. */
export function attachProgram({ command, args, env }: Program): Attached {
  const running = x(command, [...args], { nodePath: false, nodeOptions: { stdio: 'inherit', env: { ...env } } });
  return { kill: (signal) => void running.kill(signal), ended: endOf(running) };
}

async function endOf(running: ReturnType<typeof x>): Promise<number> {
  try {
    const { exitCode } = await running;
    const [, number = 0] = Object.entries(constants.signals).find(([name]) => name === running.signalCode) ?? [];
    return exitCode ?? 128 + number;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return NOT_FOUND;
    if (isErrno(error, 'EACCES') || isErrno(error, 'ENOEXEC')) return NOT_EXECUTABLE;
    throw error;
  }
}
