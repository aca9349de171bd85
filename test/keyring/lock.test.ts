import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { takeLock } from '../../src/keyring/lock.ts';
import { NOW } from '../support/make.ts';
import { emptyFolder, lockPorts } from './folder.ts';

const OTHER = JSON.stringify({ pid: 2, host: 'here' });
const newPath = (): string => join(emptyFolder(), 'sub', 'ws.lock');

/** A lock as another process left it, so many seconds ago. */
function lockedBy(text: string, seconds = 0): string {
  const path = join(emptyFolder(), 'ws.lock');
  writeFileSync(path, text);
  const made = NOW.getTime() / 1000 - seconds;
  utimesSync(path, made, made);
  return path;
}

it('is taken by one at a time, and free after its release', async () => {
  const path = newPath();
  const release = await takeLock(path, lockPorts());
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ pid: 1, host: 'here' });
  const second = lockPorts({ self: { pid: 2, host: 'here' } });
  await expect(takeLock(path, second)).rejects.toMatchObject({ kind: 'refused' });
  await release();
  await (
    await takeLock(path, second)
  )();
  expect(existsSync(path)).toBe(false);
});

it('is waited for, which is told once', async () => {
  const path = lockedBy(OTHER);
  const holder = await takeLock(newPath(), lockPorts());
  const told: string[] = [];
  let waits = 0;
  const ports = lockPorts({
    onWait: (name) => told.push(name),
    sleep: async () => {
      waits += 1;
      if (waits === 3) writeFileSync(path, '{"pid":1,"host":"here"}');
    },
  });
  await (
    await takeLock(path, ports)
  )();
  expect([told, waits]).toEqual([['process 2 on here'], 3]);
  await holder();
});

it('is given up after a minute, or at once after Ctrl-C, with what to do', async () => {
  const path = lockedBy(OTHER);
  let waited = 0;
  const ports = lockPorts();
  const patient = {
    ...ports,
    sleep: (milliseconds: number, signal: AbortSignal) => {
      waited += milliseconds;
      return ports.sleep(milliseconds, signal);
    },
  };
  const refusal = {
    kind: 'refused',
    message: 'Another vkeys is working on this set: process 2 on here.',
    hint: expect.stringContaining(path),
  };
  await expect(takeLock(path, patient)).rejects.toMatchObject(refusal);
  expect(waited).toBeGreaterThan(59_000);
  waited = 0;
  await expect(takeLock(path, { ...patient, stop: AbortSignal.abort() })).rejects.toMatchObject(refusal);
  expect(waited).toBe(0);
});

describe('the lock of a process that is gone', () => {
  const dead = lockPorts({ isAlive: () => false });
  const interrupted = AbortSignal.abort();

  it.each<[string, string, number]>([
    ['is taken over on the same machine', OTHER, 0],
    ['is taken over when it never got a name', '', 11],
    ['is taken over when it is unreadable', '{"pid":"2"}', 11],
  ])('%s', async (_, text, seconds) => {
    const release = await takeLock(lockedBy(text, seconds), { ...dead, stop: interrupted });
    await release();
  });

  it('is taken over when its number is ours now', async () => {
    await (
      await takeLock(lockedBy('{"pid":1,"host":"here"}'), lockPorts({ stop: interrupted }))
    )();
  });

  it.each<[string, string, number, string]>([
    ['is respected on another machine, which nobody can ask', '{"pid":2,"host":"there"}', 99, 'process 2 on there'],
    ['is respected while it may be getting its name', '', 9, 'another process'],
  ])('%s', async (_, text, seconds, name) => {
    const refused = takeLock(lockedBy(text, seconds), { ...dead, stop: interrupted });
    await expect(refused).rejects.toThrow(name);
  });

  it('is left to the process that is replacing it', async () => {
    const path = lockedBy(OTHER);
    mkdirSync(`${path}.turn`);
    utimesSync(`${path}.turn`, NOW.getTime() / 1000, NOW.getTime() / 1000);
    await expect(takeLock(path, { ...dead, stop: interrupted })).rejects.toMatchObject({ kind: 'refused' });
    expect(existsSync(`${path}.turn`)).toBe(true);
  });

  it('is taken over from one that died while it replaced it', async () => {
    const path = lockedBy(OTHER);
    mkdirSync(`${path}.turn`);
    utimesSync(`${path}.turn`, NOW.getTime() / 1000 - 11, NOW.getTime() / 1000 - 11);
    await (
      await takeLock(path, dead)
    )();
    expect([existsSync(path), existsSync(`${path}.turn`)]).toEqual([false, false]);
  });
});

it('says why no lock can be made at all', async () => {
  const file = lockedBy(OTHER);
  await expect(takeLock(join(file, 'ws.lock'), lockPorts())).rejects.toThrow('EEXIST');
  await expect(takeLock(join(dirname(file), 'x'.repeat(300)), lockPorts())).rejects.toThrow('ENAMETOOLONG');
});

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
    const path = newPath();
    const holder = start(path, 'hold');
    expect(await said(holder)).toBe('held');
    const workers = Array.from({ length: 3 }, () => start(path, 'work'));
    const all = Promise.all(workers.map(said));
    const end = once(holder, 'exit');
    holder.kill('SIGKILL');
    await end;
    expect(await all).toEqual(['alone', 'alone', 'alone']);
    const ports = lockPorts({
      self: { pid: process.pid, host: hostname() },
      sleep: (wait) => delay(wait),
      now: () => new Date(),
    });
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
import { takeLock } from './src/keyring/lock.ts';

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
  now: () => new Date(),
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
