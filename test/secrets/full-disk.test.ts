import { execFileSync } from 'node:child_process';
import { promises, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import * as files from '../../src/base/files.ts';
import { readKeyring } from '../../src/secrets/keyring.ts';
import { emptyFolder, keyringPorts, mintLine, newPath, openAt, processOf } from './folder.ts';

vi.mock('node:fs/promises', { spy: true });
vi.mock('../../src/base/files.ts', { spy: true });
afterEach(() => {
  vi.restoreAllMocks();
});

const a = mintLine('a');
const b = mintLine('b');
const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
const told = {
  kind: 'config',
  message: expect.stringContaining('the disk is full. Nothing more was asked of the server.'),
  hint: expect.stringContaining('Make room'),
};

/** The methods of open files, to let one of them fail. */
async function fileMethods(): Promise<promises.FileHandle> {
  const file = await promises.open(join(emptyFolder(), 'any'), 'w');
  await file.close();
  return Object.getPrototypeOf(file);
}

it.each(['write', 'sync'] as const)('a failed %s is told, and nothing of it counts', async (method) => {
  const path = newPath();
  const keyring = await openAt(path);
  await keyring.record([a]);
  const before = readFileSync(path, 'utf8');
  vi.spyOn(await fileMethods(), method).mockRejectedValueOnce(full);
  await expect(keyring.record([b])).rejects.toMatchObject(told);
  expect([...keyring.state().entries.keys()]).toEqual([a.key_id]);
  expect(readFileSync(path, 'utf8')).toBe(before);
  await keyring.record([b]);
  expect([...(await readKeyring(path, keyringPorts())).entries.keys()]).toEqual([a.key_id, b.key_id]);
});

it.each([
  ['EDQUOT', 'the disk is full', 'Make room, or give'],
  ['EROFS', 'its disk is read-only', 'Give'],
  ['EACCES', 'this user may not read and write it', 'Give'],
  ['EPERM', 'this user may not read and write it', 'Give'],
  ['EIO', 'EIO: input/output error', 'Mend that, or give'],
])('%s is told as what it means, with what to do', async (code, why, next) => {
  const path = newPath();
  vi.mocked(promises.open).mockRejectedValueOnce(Object.assign(new Error(`${code}: input/output error`), { code }));
  await expect(openAt(path)).rejects.toMatchObject({
    kind: 'config',
    message: `The keyring ${path} cannot be used: ${why}. Nothing more was asked of the server.`,
    hint: `${next} another folder, one that lasts: --keyring PATH, or VKEYS_KEYRING=PATH. Then run the same command again.`,
  });
});

it('what a failed write left behind is written over, though it could not be cut off', async () => {
  const path = newPath();
  const keyring = await openAt(path);
  await keyring.record([a]);
  const methods = await fileMethods();
  const truncate = vi.spyOn(methods, 'truncate');
  vi.spyOn(methods, 'sync').mockImplementationOnce(() => {
    truncate.mockRejectedValueOnce(full);
    return Promise.reject(full);
  });
  await expect(keyring.record([b])).rejects.toMatchObject(told);
  await keyring.record([{ op: 'done', key_id: a.key_id, expires: null }]);
  expect([...(await readKeyring(path, keyringPorts())).entries.values()].map(({ pending }) => pending)).toEqual([
    false,
  ]);
});

it('a keyring that cannot be shortened keeps the longer journal, and lets others in', async () => {
  const path = newPath();
  const keyring = await openAt(path);
  await keyring.record([a, b, { op: 'drop', key_id: a.key_id, why: 'deleted' }]);
  vi.mocked(files.replaceFile).mockRejectedValueOnce(full);
  expect(await keyring.close()).toMatchObject({
    kind: 'config',
    message: expect.stringContaining('Secrets that are needed no more are still in the keyring'),
  });
  const next = await openAt(path, { self: processOf(2) });
  expect([...next.state().entries.keys()]).toEqual([b.key_id]);
});

it('on a disk that is really full nothing is lost, and nothing counts that is not there', async (context) => {
  const disk = emptyFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    context.skip('only root can mount a small disk');
  }
  onTestFinished(() => {
    execFileSync('umount', [disk]);
  });
  const path = newPath(disk);
  const keyring = await openAt(path);
  const names = Array.from({ length: 1000 }, (_, index) => `k${String(index)}`);
  await keyring.record([a]);
  await expect(keyring.record(names.map(mintLine))).rejects.toMatchObject(told);
  expect([...(await readKeyring(path, keyringPorts())).entries.keys()]).toEqual([a.key_id]);
  await keyring.record([b]);
  await keyring.close();
  expect([...(await readKeyring(path, keyringPorts())).entries.keys()]).toEqual([a.key_id, b.key_id]);
});

it('a lock that cannot be written is not left behind', async () => {
  const path = newPath();
  vi.spyOn(await fileMethods(), 'writeFile').mockRejectedValueOnce(full);
  await expect(openAt(path)).rejects.toMatchObject(told);
  await (await openAt(path, { stop: AbortSignal.abort() })).close();
});

it.skipIf(process.platform === 'win32')('new folders are durable up to the first that was there', async () => {
  const folder = emptyFolder();
  const path = newPath(join(folder, 'a', 'b'));
  await openAt(path);
  const synced = vi.mocked(promises.open).mock.calls.flatMap(([name, flags]) => (flags === 'r' ? [name] : []));
  expect(synced.slice(-3)).toEqual([join(folder, 'a', 'b'), join(folder, 'a'), folder]);
});

it('a bug is not taken for a full disk', async () => {
  const path = newPath();
  vi.mocked(promises.stat).mockRejectedValueOnce('no error at all');
  await expect(openAt(path)).rejects.toMatchObject({ message: expect.stringContaining('unknown') });
});
