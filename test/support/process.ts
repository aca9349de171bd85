/** The built program as a process of its own: what only a process can show, such as being killed. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What `vkeys` starts. */
export const PROGRAM = fileURLToPath(new URL('../../bin/vkeys.js', import.meta.url));

/** `code` is `null` where a signal ended the process. */
export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Running = {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Sends a signal; resolves when the process has ended. */
  signal(name: NodeJS.Signals): Promise<Ended>;
  /** Stops reading what it writes, as `| head -1` does. */
  hangUp(stream: 'stdout' | 'stderr'): void;
  /** Resolves when the text was written to stderr; rejects when the process ends without it. */
  said(text: string): Promise<void>;
};

export type Place = { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

/** Starts `vkeys argv`. Of this process's environment it gets what is needed to start. */
export function start(argv: readonly string[], { cwd, env }: Place): Running {
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      told[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...told }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    signal: (name) => {
      child.kill(name);
      return ended;
    },
    hangUp: (stream) => {
      child[stream].destroy();
    },
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (told.stderr.includes(text)) resolve();
        };
        child.stderr.on('data', look);
        child.once('close', () => reject(new Error(`never said ${text}: ${told.stderr}`)));
        look();
      }),
  };
}
