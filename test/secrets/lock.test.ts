import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Self } from '../../src/secrets/holder.ts';
import { takeLock, type LockPorts } from '../../src/secrets/lock.ts';
import { emptyFolder, lockPorts, processOf } from './folder.ts';

/** What is in the lock of another run, process 2 of this machine. */
const lockOf = (changes: Partial<Self> = {}): string =>
  `${JSON.stringify({ id: 'other', ...processOf(2, changes) })}\n000000000000\n`;
const OTHER = lockOf();
const newPath = (): string => join(emptyFolder(), 'sub', 'ws.lock');

/** A lock as another process left it. */
function lockedBy(text: string): string {
  const path = join(emptyFolder(), 'ws.lock');
  writeFileSync(path, text);
  return path;
}

/** Ports that count the milliseconds that are waited, and do something after each wait. */
function patient(changes: Partial<LockPorts> = {}, after: (waited: number) => void = () => undefined) {
  let waited = 0;
  const sleep: LockPorts['sleep'] = async (milliseconds) => {
    waited += milliseconds;
    after(waited);
  };
  return { ...lockPorts({ sleep, ...changes }), waited: () => waited };
}

/** Takes a lock that is free or dead, and lets it go. */
async function takeAndRelease(path: string, ports: LockPorts): Promise<void> {
  const lock = await takeLock(path, ports);
  await lock.release();
}

it('is taken by one at a time, and free after its release', async () => {
  const path = newPath();
  const lock = await takeLock(path, lockPorts());
  const [holder, beats] = readFileSync(path, 'utf8').split('\n');
  expect([JSON.parse(holder ?? ''), beats]).toEqual([{ id: expect.any(String), ...processOf(1) }, '000000000000']);
  const second = lockPorts({ self: processOf(2), stop: AbortSignal.abort(new Error('stopped')) });
  await expect(takeLock(path, second)).rejects.toThrow('stopped');
  await lock.release();
  await takeAndRelease(path, second);
  expect(existsSync(path)).toBe(false);
});

it('is waited for, which is told once', async () => {
  const path = lockedBy(OTHER);
  const told: string[] = [];
  let waits = 0;
  const ports = lockPorts({
    onWait: (name) => told.push(name),
    sleep: async () => {
      waits += 1;
      if (waits === 3) rmSync(path);
    },
  });
  await takeAndRelease(path, ports);
  expect([told, waits]).toEqual([['process 2 on here (vkeys apply)'], 3]);
});

it('is given up after a minute of waiting for one that is alive, with what to do', async () => {
  const path = lockedBy(OTHER);
  let beats = 0;
  const ports = patient({}, () => {
    beats += 1;
    writeFileSync(path, OTHER.replace(/\d+\n$/, `${String(beats).padStart(12, '0')}\n`));
  });
  await expect(takeLock(path, ports)).rejects.toMatchObject({
    kind: 'refused',
    message: 'Another vkeys is working on this set: process 2 on here (vkeys apply).',
    hint: expect.stringContaining(path),
  });
  expect(ports.waited()).toBe(60_000);
});

it.each([
  ['at once, where it is over already', 0],
  ['as soon as it is over', 5000],
])('is given up %s, for the reason that the deadline or Ctrl-C has', async (_, milliseconds) => {
  const path = lockedBy(OTHER);
  const stop = new AbortController();
  const reason = new Error('the deadline is over');
  const ports = patient({ stop: stop.signal }, (waited) => {
    if (waited === milliseconds) stop.abort(reason);
  });
  if (milliseconds === 0) stop.abort(reason);
  await expect(takeLock(path, ports)).rejects.toBe(reason);
  expect([ports.waited(), readFileSync(path, 'utf8')]).toEqual([milliseconds, OTHER]);
});

describe('the lock of a process that is gone', () => {
  const dead = { isAlive: () => false };

  it.each<[string, string, Partial<LockPorts>, number]>([
    ['is taken over on the same machine', OTHER, dead, 0],
    ['is taken over when its number is ours now', lockOf({ pid: 1, started: '7' }), {}, 0],
    ["is taken over when its number is another's now", lockOf({ started: '7' }), {}, 0],
    ['of another host, when its heart stands still for 30 s', lockOf({ host: 'there' }), dead, 30_000],
    ['of another boot, when its heart stands still for 30 s', lockOf({ boot: 'b0' }), dead, 30_000],
    ['of another namespace, when its heart stands still for 30 s', lockOf({ namespace: 'n2' }), dead, 30_000],
    ['of a system without any of that, when its heart stands still for 30 s', lockOf({ boot: null }), dead, 30_000],
    ['is taken over when it does not get a name for 30 s', '', {}, 30_000],
    ['is taken over when it stays unreadable for 30 s', '{"pid":"2"}', {}, 30_000],
    ['that lives, and whose heart stands still for 30 s', OTHER, {}, 30_000],
    ['of whose beginning nobody can tell, when its heart stands still', OTHER, { startOf: async () => null }, 30_000],
  ])('%s', async (_, text, changes, milliseconds) => {
    const ports = patient(changes);
    await takeAndRelease(lockedBy(text), ports);
    expect(ports.waited()).toBe(milliseconds);
  });

  it('is not taken for dead on a system that tells of neither boots nor namespaces', async () => {
    const nothing = { boot: null, namespace: null, started: null };
    const ports = patient({ ...dead, self: processOf(1, nothing) });
    await takeAndRelease(lockedBy(lockOf(nothing)), ports);
    expect(ports.waited()).toBe(30_000);
  });

  it('is looked at again before it is removed: another may have replaced it meanwhile', async () => {
    const path = lockedBy(OTHER);
    const fresh = lockOf({ pid: 3, started: '300' });
    const isAlive = (pid: number): boolean => {
      if (pid === 2) writeFileSync(path, fresh);
      return pid === 3;
    };
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(takeLock(path, lockPorts({ isAlive, stop }))).rejects.toThrow('stopped');
    expect(readFileSync(path, 'utf8')).toBe(fresh);
  });

  it('is left to the process that is replacing it', async () => {
    const path = lockedBy(OTHER);
    mkdirSync(`${path}.turn`);
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(takeLock(path, lockPorts({ ...dead, stop }))).rejects.toThrow('stopped');
    expect(existsSync(`${path}.turn`)).toBe(true);
  });

  it('is taken over from one that died while it replaced it', async () => {
    const path = lockedBy(OTHER);
    mkdirSync(`${path}.turn`);
    const ports = patient(dead);
    await takeAndRelease(path, ports);
    expect([existsSync(path), existsSync(`${path}.turn`), ports.waited()]).toEqual([false, false, 10_100]);
  });
});

describe.each([
  ['a year ago', -31_536_000],
  ['in a year', 31_536_000],
])('a lock that was made %s, as the clock has it,', (_, ahead) => {
  const age = (path: string): void => {
    const made = Date.now() / 1000 + ahead;
    utimesSync(path, made, made);
  };

  it('is not older or younger for it', async () => {
    const path = lockedBy('');
    age(path);
    const ports = patient();
    await takeAndRelease(path, ports);
    expect(ports.waited()).toBe(30_000);
  });

  it('is not taken for the one that was seen before it', async () => {
    const path = lockedBy('');
    const ports = patient({}, (waited) => {
      if (waited !== 9000) return;
      rmSync(path);
      writeFileSync(path, '');
      age(path);
    });
    await takeAndRelease(path, ports);
    expect(ports.waited()).toBe(39_000);
  });
});

describe('the heart of a holder', () => {
  /** A lock whose heart beats when the test says so. */
  async function beating(path: string) {
    const timer = { work: (): void => undefined, milliseconds: 0, ended: false };
    const every: LockPorts['every'] = (milliseconds, work) => {
      Object.assign(timer, { milliseconds, work });
      return () => {
        timer.ended = true;
      };
    };
    return { lock: await takeLock(path, lockPorts({ every })), timer };
  }

  it('beats every 3 s until the release, which takes as little room as its lock', async () => {
    const path = newPath();
    const { lock, timer } = await beating(path);
    const { length } = readFileSync(path);
    timer.work();
    await expect.poll(() => readFileSync(path, 'utf8')).toContain('\n000000000001\n');
    expect([timer.milliseconds, readFileSync(path).length]).toEqual([3000, length]);
    await lock.assertHeld();
    await lock.release();
    expect([timer.ended, existsSync(path)]).toEqual([true, false]);
  });

  it('keeps one that waits from taking it for dead', async () => {
    const path = newPath();
    const { timer } = await beating(path);
    const waiter = patient({ self: processOf(2) });
    const sleep: LockPorts['sleep'] = async (milliseconds, signal) => {
      await waiter.sleep(milliseconds, signal);
      const before = readFileSync(path, 'utf8');
      if (waiter.waited() % 15_000 !== 0) return;
      timer.work();
      await expect.poll(() => readFileSync(path, 'utf8')).not.toBe(before);
    };
    await expect(takeLock(path, { ...waiter, sleep })).rejects.toMatchObject({ kind: 'refused' });
  });

  it("that slept finds another's lock, says so, and touches nothing of it", async () => {
    const path = newPath();
    const { lock, timer } = await beating(path);
    writeFileSync(path, OTHER);
    await expect(lock.assertHeld()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('process 2 on here (vkeys apply) took it over'),
      hint: expect.stringContaining('run the same command again'),
    });
    timer.work();
    await lock.release();
    expect(readFileSync(path, 'utf8')).toBe(OTHER);
  });

  it('that slept finds no lock any more, and says so', async () => {
    const path = newPath();
    const { lock, timer } = await beating(path);
    rmSync(path);
    timer.work();
    await expect(lock.assertHeld()).rejects.toThrow('its lock was removed');
    await lock.release();
    expect(existsSync(path)).toBe(false);
  });
});

it('says why no lock can be made at all', async () => {
  const file = lockedBy(OTHER);
  await expect(takeLock(join(file, 'ws.lock'), lockPorts())).rejects.toThrow('EEXIST');
  await expect(takeLock(join(dirname(file), 'x'.repeat(300)), lockPorts())).rejects.toThrow('ENAMETOOLONG');
});
