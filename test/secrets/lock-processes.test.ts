/** The lock between real processes, which are killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { takeLock } from '../../src/secrets/lock.ts';
import { emptyFolder, lockPorts } from './folder.ts';

describe('between real processes', () => {
  let worker = '';

  beforeAll(() => {
    const result = buildSync({
      stdin: { contents: WORKER, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    worker = result.outputFiles[0]?.text ?? '';
  });

  function start(lock: string, what: 'hold' | 'work'): ChildProcess {
    const child = spawn(process.execPath, ['--input-type=module', '-', lock, what], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin?.end(worker);
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  async function said(child: ChildProcess): Promise<string> {
    const [chunk] = child.stdout === null ? [] : await once(child.stdout, 'data');
    return String(chunk).trim();
  }

  it('a lock outlives nobody who is killed, and several who wait for it come one by one', async () => {
    const path = join(emptyFolder(), 'sub', 'ws.lock');
    const holder = start(path, 'hold');
    expect(await said(holder)).toBe('held');
    const workers = Array.from({ length: 3 }, () => start(path, 'work'));
    const all = Promise.all(workers.map(said));
    const end = once(holder, 'exit');
    holder.kill('SIGKILL');
    await end;
    expect(await all).toEqual(['alone', 'alone', 'alone']);
    const ports = lockPorts({ self: { pid: process.pid, host: hostname() }, sleep: (wait) => delay(wait) });
    await (
      await takeLock(path, ports)
    )();
  });
});

/** Takes the lock and holds it for ever, or looks whether it is alone in there. */
const WORKER = `
import { mkdirSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from './src/secrets/lock.ts';

const [path, what] = process.argv.slice(2);
const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const release = await takeLock(path, {
  self: { pid: process.pid, host: hostname() },
  isAlive,
  sleep: (milliseconds) => delay(milliseconds),
  stop: new AbortController().signal,
  onWait: () => undefined,
});
if (what === 'hold') {
  console.log('held');
  setInterval(() => undefined, 1000);
} else {
  mkdirSync(path + '.critical');
  await delay(5);
  rmdirSync(path + '.critical');
  await release();
  console.log('alone');
}
`;
