import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeLine } from '../../src/secrets/journal.ts';
import { findEntry, keyringPath, openKeyring, readKeyring } from '../../src/secrets/keyring.ts';
import { emptyFolder, lockPorts, mintLine } from './folder.ts';

const URL = 'https://litellm.example.com:4000/prefix';
const a = mintLine('a');
const b = mintLine('b');
const lines = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1;
const newPath = (): string => keyringPath(emptyFolder(), URL, 'ws');
const problem = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

it('has a file for each server and set, named so that people find it', () => {
  const path = keyringPath('/state', URL, 'ws');
  expect(basename(path)).toBe('ws.jsonl');
  expect(basename(dirname(path))).toMatch(/^litellm\.example\.com_4000_prefix-[0-9a-f]{8}$/);
  expect(keyringPath('/state', 'https://litellm.example.com_4000_prefix', 'ws')).not.toBe(path);
});

it('has on the disk what was recorded when record returns', async () => {
  const path = newPath();
  const keyring = await openKeyring(path, lockPorts());
  await keyring.record([a, b]);
  await keyring.record([{ op: 'done', key_id: a.key_id }]);
  await keyring.record([]);
  expect((await readKeyring(path)).entries).toEqual(keyring.state().entries);
  expect([...(await readKeyring(path)).entries.values()].map(({ pending }) => pending)).toEqual([false, true]);
});

it('keeps all that is recorded at the same time', async () => {
  const path = newPath();
  const keyring = await openKeyring(path, lockPorts());
  const names = Array.from({ length: 20 }, (_, index) => `k${String(index)}`);
  await Promise.all(names.map((name) => keyring.record([mintLine(name)])));
  expect([...(await readKeyring(path)).entries.values()].map(({ key_alias }) => key_alias)).toEqual(names);
});

it.skipIf(process.platform === 'win32')('is readable to its owner only, and so is its folder', async () => {
  const path = newPath();
  const keyring = await openKeyring(path, lockPorts());
  await keyring.record([a]);
  expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  await keyring.record([{ op: 'done', key_id: a.key_id }, b, { op: 'drop', key_id: b.key_id }]);
  await keyring.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('belongs to one run at a time', async () => {
  const path = newPath();
  const keyring = await openKeyring(path, lockPorts());
  const second = lockPorts({ self: { pid: 2, host: 'here' }, stop: AbortSignal.abort() });
  expect(await problem(openKeyring(path, second))).toMatchObject({ kind: 'refused' });
  await keyring.close();
  await (await openKeyring(path, second)).close();
});

describe('closing', () => {
  it('leaves nothing of dropped secrets', async () => {
    const path = newPath();
    const keyring = await openKeyring(path, lockPorts());
    await keyring.record([a, b, { op: 'drop', key_id: a.key_id }]);
    await keyring.close();
    expect(readFileSync(path, 'utf8')).toBe(writeLine(b));
  });

  it('leaves a journal alone that is as short as it can be', async () => {
    const path = newPath();
    const first = await openKeyring(path, lockPorts());
    await first.record([a, { op: 'done', key_id: a.key_id }]);
    await first.close();
    const { ino } = statSync(path);
    await (await openKeyring(path, lockPorts())).close();
    expect([statSync(path).ino, lines(path)]).toEqual([ino, 2]);
  });

  it('leaves no file when there is nothing to keep', async () => {
    const path = newPath();
    const keyring = await openKeyring(path, lockPorts());
    await keyring.record([a, { op: 'drop', key_id: a.key_id }]);
    await keyring.close();
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, false]);
  });
});

describe('a journal that a crash cut', () => {
  it('goes on behind its last whole line', async () => {
    const path = newPath();
    const first = await openKeyring(path, lockPorts());
    await first.record([a]);
    await first.close();
    appendFileSync(path, writeLine(b).slice(0, -9));
    const second = await openKeyring(path, lockPorts());
    expect([...second.state().entries.keys()]).toEqual([a.key_id]);
    await second.record([{ op: 'done', key_id: a.key_id }]);
    expect([...(await readKeyring(path)).entries.values()].map(({ pending }) => pending)).toEqual([false]);
    await second.close();
    expect(lines(path)).toBe(2);
  });

  it('that is damaged before its end is refused, with its line and what to do', async () => {
    const path = newPath();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${writeLine(a)}garbage\n${writeLine(b)}`, { mode: 0o600 });
    const error = await problem(openKeyring(path, lockPorts()));
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('Line 2') });
    expect(String(error)).not.toContain(a.secret.reveal());
    expect(lines(path)).toBe(3);
  });
});

describe('a folder that cannot be used', () => {
  it('is told before anything is done', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), '');
    const error = await problem(openKeyring(keyringPath(join(folder, 'file'), URL, 'ws'), lockPorts()));
    expect(error).toMatchObject({ kind: 'config', hint: expect.stringContaining('--keyring PATH') });
  });

  it('is told when the journal is no file', async () => {
    const path = newPath();
    mkdirSync(path, { recursive: true, mode: 0o700 });
    expect(await problem(openKeyring(path, lockPorts()))).toMatchObject({ kind: 'config' });
  });

  it('is told when it goes away, and what was not recorded does not count', async () => {
    const path = newPath();
    const keyring = await openKeyring(path, lockPorts());
    await keyring.record([a]);
    rmSync(dirname(path), { recursive: true });
    expect(await problem(keyring.record([b]))).toMatchObject({ kind: 'config' });
    expect([...keyring.state().entries.keys()]).toEqual([a.key_id]);
  });
});

describe('looking a secret up', () => {
  it('goes through all sets of a server', async () => {
    const folder = emptyFolder();
    for (const [set, line] of [
      ['one', a],
      ['two', b],
    ] as const) {
      const keyring = await openKeyring(keyringPath(folder, URL, set), lockPorts());
      await keyring.record([line]);
      await keyring.close();
    }
    expect((await findEntry(folder, URL, b.key_id))?.key_alias).toBe('b');
    expect(await findEntry(folder, URL, mintLine('c').key_id)).toBeNull();
    expect(await findEntry(folder, 'https://other.example.com', b.key_id)).toBeNull();
  });

  it('says when the folder is none', async () => {
    const folder = emptyFolder();
    const server = dirname(keyringPath(folder, URL, 'ws'));
    writeFileSync(server, '');
    await expect(findEntry(folder, URL, a.key_id)).rejects.toThrow('ENOTDIR');
  });

  it('finds nothing where there is no keyring yet', async () => {
    expect((await readKeyring(newPath())).entries.size).toBe(0);
  });
});
