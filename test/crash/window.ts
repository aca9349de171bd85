/** A real terminal, which util-linux' `script` makes. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PROGRAM } from '../support/process.ts';
import type { Person } from './scene.ts';

type Terminal = {
  /** Resolves when this was shown. */
  shown(text: string): Promise<void>;
  type(keys: string): void;
  /** Closes the window. */
  close(): void;
  /** Resolves to the exit code of vkeys and all that was shown. */
  readonly ended: Promise<{ readonly code: number | null; readonly screen: string }>;
};

/** Runs a command line of vkeys in a window. */
export function terminal(person: Person, command: string): Terminal {
  const line = `exec ${process.execPath} ${PROGRAM} ${command}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    cwd: person.folder,
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', NO_COLOR: '1', ...person.env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  return {
    shown: async (text) => {
      while (!screen.includes(text)) await once(child.stdout, 'data');
    },
    type: (keys) => void child.stdin.write(keys),
    close: () => void child.kill('SIGKILL'),
    ended: once(child, 'close').then(([code]) => ({ code: typeof code === 'number' ? code : null, screen })),
  };
}

/** Whether windows can be made here. */
export function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}
