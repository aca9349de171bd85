import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { open, type FileHandle } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { after, NOW } from '../support/make.ts';
import { readKeyring } from '../../src/secrets/keyring.ts';
import { writeLine } from '../../src/secrets/line.ts';
import { emptyFolder, journalText, keyringPorts, mintLine, newPath, openAt, processOf } from './folder.ts';

const a = mintLine('a');
const b = mintLine('b');
const lines = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1;
const stopped = new Error('stopped');
const problem = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

/** The methods of open files, to let something happen in one of them. */
async function fileMethods(): Promise<FileHandle> {
  const file = await open(join(emptyFolder(), 'any'), 'w');
  await file.close();
  return Object.getPrototypeOf(file);
}

it('has on the disk what was recorded when record returns', async () => {
  const path = newPath();
  const keyring = await openAt(path);
  await keyring.record([a, b]);
  await keyring.record([{ op: 'done', key_id: a.key_id, expires: null }]);
  await keyring.record([]);
  expect((await readKeyring(path, keyringPorts())).entries).toEqual(keyring.state().entries);
  expect([...(await readKeyring(path, keyringPorts())).entries.values()].map(({ pending }) => pending)).toEqual([
    false,
    true,
  ]);
});

it('keeps all that is recorded at the same time', async () => {
  const path = newPath();
  const keyring = await openAt(path);
  const names = Array.from({ length: 20 }, (_, index) => `k${String(index)}`);
  await Promise.all(names.map((name) => keyring.record([mintLine(name)])));
  expect([...(await readKeyring(path, keyringPorts())).entries.values()].map((entry) => entry.name)).toEqual(names);
});

it.skipIf(process.platform === 'win32')('is readable to its owner only, and so is its folder', async () => {
  const path = newPath();
  const keyring = await openAt(path);
  await keyring.record([a]);
  expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
  await keyring.record([
    { op: 'done', key_id: a.key_id, expires: null },
    b,
    { op: 'drop', key_id: b.key_id, why: 'deleted' },
  ]);
  await keyring.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('belongs to one run at a time', async () => {
  const path = newPath();
  const keyring = await openAt(path);
  const second = { self: processOf(2), stop: AbortSignal.abort(stopped) };
  expect(await problem(openAt(path, second))).toBe(stopped);
  await keyring.close();
  await (await openAt(path, second)).close();
});

describe('closing', () => {
  it('leaves nothing of dropped secrets', async () => {
    const path = newPath();
    const keyring = await openAt(path);
    await keyring.record([a, b, { op: 'drop', key_id: a.key_id, why: 'deleted' }]);
    await keyring.close();
    expect(readFileSync(path, 'utf8')).toBe(journalText(b));
  });

  it('leaves a journal alone that is as short as it can be', async () => {
    const path = newPath();
    const first = await openAt(path);
    await first.record([a, { op: 'done', key_id: a.key_id, expires: null }]);
    await first.close();
    const { ino } = statSync(path);
    await (await openAt(path)).close();
    expect([statSync(path).ino, lines(path)]).toEqual([ino, 3]);
  });

  it('leaves no file when there is nothing to keep', async () => {
    const path = newPath();
    const keyring = await openAt(path);
    await keyring.record([a, { op: 'drop', key_id: a.key_id, why: 'deleted' }]);
    await keyring.close();
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, false]);
  });
});

it('forgets what has been missing for more than 90 days by its clock, and nothing sooner', async () => {
  const path = newPath();
  const days = (count: number) => ({ now: () => new Date(NOW.getTime() + count * 86_400_000) });
  const first = await openAt(path);
  await first.record([a, b, { op: 'gone', key_id: a.key_id, at: after(0) }]);
  await first.close();
  await (await openAt(path, days(89))).close();
  expect((await readKeyring(path, keyringPorts())).entries.size).toBe(2);
  await (await openAt(path, days(91))).close();
  expect(readFileSync(path, 'utf8')).toBe(journalText(b));
});

describe('a journal of another version', () => {
  it.each([
    [
      'a newer one',
      '{"vkeys":3,"by":"9.9.9"}\n{"op":"new"}\n',
      'by a newer vkeys (9.9.9) than this one (0.1.0)',
      'Update',
    ],
    ['an early one', '{"op":"mint","key_alias":"a"}\n', 'of an early version', 'vkeys keyring import'],
  ])('is refused in words and left as it is: %s', async (_, text, message, hint) => {
    const path = newPath();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
    for (const way of [openAt, (file: string) => readKeyring(file, keyringPorts())])
      expect(await problem(way(path))).toMatchObject({
        kind: 'config',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('a run that stood still while another took its keyring over', () => {
  const taken = { kind: 'config', message: expect.stringContaining('process 2 on here (vkeys apply) took it over') };
  const still = { isAlive: () => false };

  it('notices before it appends, and loses nothing of either', async () => {
    const path = newPath();
    const slept = await openAt(path);
    await slept.record([mintLine('x'), a, { op: 'drop', key_id: mintLine('x').key_id, why: 'deleted' }]);
    const other = await openAt(path, { self: processOf(2), ...still });
    await other.record([b]);
    expect(await problem(slept.record([mintLine('c')]))).toMatchObject(taken);
    expect([...slept.state().entries.keys()]).toEqual([a.key_id]);
    expect(await slept.close()).toBeNull();
    expect(existsSync(`${path}.lock`)).toBe(true);
    await other.record([{ op: 'done', key_id: b.key_id, expires: null }]);
    await other.close();
    expect([...(await readKeyring(path, keyringPorts())).entries.values()]).toMatchObject([
      { name: 'a', pending: true },
      { name: 'b', pending: false },
    ]);
  });

  it.each([
    ['had it before it looked at the file', 0, ['a', 'b'], 'another process wrote to it'],
    ['had it before it wrote', 1, ['a', 'b', 'c'], 'took it over'],
  ])('notices even when the other %s', async (_, moment, names, message) => {
    const path = newPath();
    const slept = await openAt(path);
    await slept.record([a]);
    const methods = await fileMethods();
    const restored = vi.spyOn(methods, 'stat').mockImplementationOnce(async function look(this: FileHandle) {
      const early = await this.stat();
      const other = await openAt(path, { self: processOf(2), ...still });
      await other.record([b]);
      return moment === 0 ? this.stat() : early;
    });
    onTestFinished(() => restored.mockRestore());
    expect(await problem(slept.record([mintLine('c')]))).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(message),
    });
    expect([...slept.state().entries.keys()]).toEqual([a.key_id]);
    await slept.close();
    const { entries } = await readKeyring(path, keyringPorts());
    expect([...entries.values()].map(({ name }) => name)).toEqual(names);
  });

  it('does not put its shorter journal over that of the other', async () => {
    const path = newPath();
    const slept = await openAt(path);
    await slept.record([a, b, { op: 'drop', key_id: b.key_id, why: 'deleted' }]);
    const methods = await fileMethods();
    /* It sleeps after it has written the shorter journal, and before that is renamed. */
    const restored = vi.spyOn(methods, 'sync').mockImplementationOnce(async function slow(this: FileHandle) {
      await this.sync();
      const other = await openAt(path, { self: processOf(2), ...still });
      await other.record([mintLine('c')]);
    });
    onTestFinished(() => restored.mockRestore());
    expect(await slept.close()).toMatchObject({ message: expect.stringContaining('took it over') });
    const { entries } = await readKeyring(path, keyringPorts());
    expect([...entries.values()].map(({ name }) => name)).toEqual(['a', 'c']);
  });
});

describe('a journal that a crash cut', () => {
  it('goes on behind its last whole line', async () => {
    const path = newPath();
    const first = await openAt(path);
    await first.record([a]);
    await first.close();
    appendFileSync(path, writeLine(b).slice(0, -9));
    const second = await openAt(path);
    expect([...second.state().entries.keys()]).toEqual([a.key_id]);
    await second.record([{ op: 'done', key_id: a.key_id, expires: null }]);
    expect([...(await readKeyring(path, keyringPorts())).entries.values()].map(({ pending }) => pending)).toEqual([
      false,
    ]);
    await second.close();
    expect(lines(path)).toBe(3);
  });

  it('that is damaged before its end is refused, with its line and what to do', async () => {
    const path = newPath();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${journalText(a)}garbage\n${writeLine(b)}`, { mode: 0o600 });
    const error = await problem(openAt(path));
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('Line 3') });
    expect(String(error)).not.toContain(a.secret.reveal());
    expect(lines(path)).toBe(4);
  });
});

describe('a folder that cannot be used', () => {
  it('is told before anything is done', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), '');
    const error = await problem(openAt(newPath(join(folder, 'file'))));
    expect(error).toMatchObject({ kind: 'config', hint: expect.stringContaining('--keyring PATH') });
  });

  it('is told when the journal is no file', async () => {
    const path = newPath();
    mkdirSync(path, { recursive: true, mode: 0o700 });
    expect(await problem(openAt(path))).toMatchObject({ kind: 'config' });
  });

  it('is told when it goes away, and what was not recorded does not count', async () => {
    const path = newPath();
    const keyring = await openAt(path);
    await keyring.record([a]);
    rmSync(dirname(path), { recursive: true });
    expect(await problem(keyring.record([b]))).toMatchObject({ kind: 'config' });
    expect([...keyring.state().entries.keys()]).toEqual([a.key_id]);
  });
});

it('has nothing where there is no journal yet', async () => {
  expect((await readKeyring(newPath(), keyringPorts())).entries.size).toBe(0);
});
