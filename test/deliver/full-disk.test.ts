import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import * as files from '../../src/base/files.ts';
import { deliver, dotenv, folder, handout } from './handouts.ts';

vi.mock('../../src/base/files.ts', { spy: true });
afterEach(() => {
  vi.restoreAllMocks();
});

const ADA = handout('ada');

test.each([
  ['ENOSPC', /was not written: the disk is full\.$/, 'Make room. Then run the same command again.'],
  [
    'EACCES',
    /may not be written by this user\.$/,
    'Give it the right to, or choose another path. Then run the same command again.',
  ],
  ['EWHAT', /failed with EWHAT\.$/, 'Mend that, or choose another path. Then run the same command again.'],
])('%s is told with a next step', async (code, message, hint) => {
  vi.mocked(files.swapFile).mockRejectedValueOnce(Object.assign(new Error('no'), { code }));
  const path = join(await folder(), '.env');
  const { written, failed } = await deliver([dotenv(path)], [ADA]);
  expect(written).toEqual([]);
  expect(failed[0]?.error).toMatchObject({ kind: 'delivery', hint, facts: { code } });
  expect(failed[0]?.error.message).toMatch(message);
});

test('a folder that cannot be made durable fails its files, and no others', async () => {
  const [good, bad] = [join(await folder(), '.env'), join(await folder(), '.env')];
  vi.mocked(files.syncFolder).mockImplementation((path) =>
    path === dirname(bad) ? Promise.reject(Object.assign(new Error('no'), { code: 'ENOSPC' })) : Promise.resolve(),
  );
  const { written, failed } = await deliver([dotenv(good), dotenv(bad)], [ADA]);
  expect([written, failed.map(({ error }) => error.facts['path'])]).toEqual([[good], [bad]]);
});

test('a bug is thrown on', async () => {
  vi.mocked(files.swapFile).mockRejectedValueOnce(new TypeError('bug'));
  await expect(deliver([dotenv(join(await folder(), '.env'))], [ADA])).rejects.toThrow('bug');
});

test('a disk that is really full leaves the old file whole', async (context) => {
  const disk = await folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    context.skip('only root can mount a small disk');
  }
  onTestFinished(() => {
    execFileSync('umount', [disk]);
  });
  const path = join(disk, '.env');
  await writeFile(path, 'MINE=1\n');
  await writeFile(join(disk, 'ballast'), Buffer.alloc(64 * 1024)).catch(() => undefined);
  const { failed } = await deliver([dotenv(path)], [ADA]);
  expect(failed[0]?.error.message).toBe(`${path} was not written: the disk is full.`);
  expect(await readFile(path, 'utf8')).toBe('MINE=1\n');
});
