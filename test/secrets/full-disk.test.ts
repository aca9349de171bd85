import { execFileSync } from 'node:child_process';
import { promises, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import * as files from '../../src/base/files.ts';
import { keyringPath, openKeyring, readKeyring } from '../../src/secrets/keyring.ts';
import { emptyFolder, lockPorts, mintLine } from './folder.ts';

vi.mock('node:fs/promises', { spy: true });
vi.mock('../../src/base/files.ts', { spy: true });
afterEach(() => {
  vi.restoreAllMocks();
});

const URL = 'https://litellm.example.com';
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
  const path = keyringPath(emptyFolder(), URL, 'ws');
  const keyring = await openKeyring(path, lockPorts());
  await keyring.record([a]);
  const before = readFileSync(path, 'utf8');
  vi.spyOn(await fileMethods(), method).mockRejectedValueOnce(full);
  await expect(keyring.record([b])).rejects.toMatchObject(told);
  expect([...keyring.state().entries.keys()]).toEqual([a.key_id]);
  expect(readFileSync(path, 'utf8')).toBe(before);
  await keyring.record([b]);
  expect([...(await readKeyring(path)).entries.keys()]).toEqual([a.key_id, b.key_id]);
});

it.each([
  ['EDQUOT', 'the disk is full', 'Make room'],
  ['EROFS', 'its disk is read-only', 'Make it writable'],
  ['EACCES', 'this user may not read and write it', 'Give yourself the right to'],
  ['EPERM', 'this user may not read and write it', 'Give yourself the right to'],
  ['EIO', 'EIO: input/output error', 'Mend that'],
])('%s is told as what it means, with what to do', async (code, why, next) => {
  const path = keyringPath(emptyFolder(), URL, 'ws');
  vi.mocked(promises.open).mockRejectedValueOnce(Object.assign(new Error(`${code}: input/output error`), { code }));
  await expect(openKeyring(path, lockPorts())).rejects.toMatchObject({
    kind: 'config',
    message: `The keyring ${path} cannot be used: ${why}. Nothing more was asked of the server.`,
    hint: `${next}, or give another folder with --keyring PATH; then run the same command again.`,
  });
});

it('what a failed write left behind is written over, though it could not be cut off', async () => {
  const path = keyringPath(emptyFolder(), URL, 'ws');
  const keyring = await openKeyring(path, lockPorts());
  await keyring.record([a]);
  const methods = await fileMethods();
  const truncate = vi.spyOn(methods, 'truncate');
  vi.spyOn(methods, 'sync').mockImplementationOnce(() => {
    truncate.mockRejectedValueOnce(full);
    return Promise.reject(full);
  });
  await expect(keyring.record([b])).rejects.toMatchObject(told);
  await keyring.record([{ op: 'done', key_id: a.key_id }]);
  expect([...(await readKeyring(path)).entries.values()].map(({ pending }) => pending)).toEqual([false]);
});

it('a keyring that cannot be shortened keeps the longer journal, and lets others in', async () => {
  const path = keyringPath(emptyFolder(), URL, 'ws');
  const keyring = await openKeyring(path, lockPorts());
  await keyring.record([a, b, { op: 'drop', key_id: a.key_id }]);
  vi.mocked(files.replaceFile).mockRejectedValueOnce(full);
  await keyring.close();
  const next = await openKeyring(path, lockPorts({ self: { pid: 2, host: 'here' } }));
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
  const path = keyringPath(disk, URL, 'ws');
  const keyring = await openKeyring(path, lockPorts());
  const names = Array.from({ length: 1000 }, (_, index) => `k${String(index)}`);
  await keyring.record([a]);
  await expect(keyring.record(names.map(mintLine))).rejects.toMatchObject(told);
  expect([...(await readKeyring(path)).entries.keys()]).toEqual([a.key_id]);
  await keyring.record([b]);
  await keyring.close();
  expect([...(await readKeyring(path)).entries.keys()]).toEqual([a.key_id, b.key_id]);
});

it('a lock that cannot be written is not left behind', async () => {
  const path = keyringPath(emptyFolder(), URL, 'ws');
  vi.spyOn(await fileMethods(), 'writeFile').mockRejectedValueOnce(full);
  await expect(openKeyring(path, lockPorts())).rejects.toMatchObject(told);
  await (await openKeyring(path, lockPorts({ stop: AbortSignal.abort() }))).close();
});

it('a bug is not taken for a full disk', async () => {
  const path = keyringPath(emptyFolder(), URL, 'ws');
  vi.mocked(promises.stat).mockRejectedValueOnce('no error at all');
  await expect(openKeyring(path, lockPorts())).rejects.toMatchObject({ message: expect.stringContaining('unknown') });
});
