import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock, type LockPorts } from '../../src/secrets/lock.ts';
import { emptyFolder, lockPorts } from './folder.ts';

const OTHER = JSON.stringify({ pid: 2, host: 'here' });
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

it('is given up after a minute of waiting, or at once after Ctrl-C, with what to do', async () => {
  const path = lockedBy(OTHER);
  const ports = patient();
  const refusal = {
    kind: 'refused',
    message: 'Another vkeys is working on this set: process 2 on here.',
    hint: expect.stringContaining(path),
  };
  await expect(takeLock(path, ports)).rejects.toMatchObject(refusal);
  expect(ports.waited()).toBe(60_000);
  const interrupted = patient({ stop: AbortSignal.abort() });
  await expect(takeLock(path, interrupted)).rejects.toMatchObject(refusal);
  expect(interrupted.waited()).toBe(0);
});

describe('the lock of a process that is gone', () => {
  const dead = { isAlive: () => false };

  it.each<[string, string, number]>([
    ['is taken over on the same machine', OTHER, 0],
    ['is taken over when its number is ours now', '{"pid":1,"host":"here"}', 0],
    ['is taken over when it does not get a name for 10 s', '', 10_000],
    ['is taken over when it stays unreadable for 10 s', '{"pid":"2"}', 10_000],
  ])('%s', async (_, text, milliseconds) => {
    const ports = patient(dead);
    await (
      await takeLock(lockedBy(text), ports)
    )();
    expect(ports.waited()).toBe(milliseconds);
  });

  it.each<[string, string]>([
    ['{"pid":2,"host":"there"}', 'process 2 on there'],
    ['', 'another process'],
  ])('is respected where nobody can tell: %s', async (text, name) => {
    const refused = takeLock(lockedBy(text), lockPorts({ ...dead, stop: AbortSignal.abort() }));
    await expect(refused).rejects.toThrow(name);
  });

  it('is left to the process that is replacing it', async () => {
    const path = lockedBy(OTHER);
    mkdirSync(`${path}.turn`);
    await expect(takeLock(path, lockPorts({ ...dead, stop: AbortSignal.abort() }))).rejects.toMatchObject({
      kind: 'refused',
    });
    expect(existsSync(`${path}.turn`)).toBe(true);
  });

  it('is taken over from one that died while it replaced it', async () => {
    const path = lockedBy(OTHER);
    mkdirSync(`${path}.turn`);
    const ports = patient(dead);
    await (
      await takeLock(path, ports)
    )();
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
    await (
      await takeLock(path, ports)
    )();
    expect(ports.waited()).toBe(10_000);
  });

  it('is not taken for the one that was seen before it', async () => {
    const path = lockedBy('');
    const ports = patient({}, (waited) => {
      if (waited !== 9000) return;
      rmSync(path);
      writeFileSync(path, '');
      age(path);
    });
    await (
      await takeLock(path, ports)
    )();
    expect(ports.waited()).toBe(19_000);
  });
});

it('says why no lock can be made at all', async () => {
  const file = lockedBy(OTHER);
  await expect(takeLock(join(file, 'ws.lock'), lockPorts())).rejects.toThrow('EEXIST');
  await expect(takeLock(join(dirname(file), 'x'.repeat(300)), lockPorts())).rejects.toThrow('ENAMETOOLONG');
});
