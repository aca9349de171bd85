import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTextFile, makeFolders } from '../../src/deliver/text-file.ts';
import { rewritten } from '../../src/deliver/rewritten.ts';
import type { Exclusive } from '../../src/deliver/sink.ts';
import { folder } from './handouts.ts';

const alone: Exclusive = (_, work) => work();
const withLine = (text: string | null): Promise<string> =>
  Promise.resolve(text?.includes('ours\n') === true ? text : `${text ?? ''}ours\n`);

/** A file, and looks at it; before each, by its number, `meanwhile` may write. */
async function file(meanwhile: (look: number, path: string) => Promise<void>) {
  const path = join(await folder(), 'x');
  const folders = makeFolders();
  let looks = 0;
  const look = async () => {
    looks += 1;
    await meanwhile(looks, path);
    return readTextFile({ path, within: null }, folders);
  };
  return { path, look };
}

test('what another program writes in between is kept, and ours is written again', async () => {
  const { path, look } = await file(async (number, at) => {
    if (number === 3) await writeFile(at, 'theirs\n', { mode: 0o600 });
  });
  expect(await rewritten(look, withLine, alone)).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('theirs\nours\n');
});

test('a program that writes each time is told', async () => {
  const { path, look } = await file((number, at) => writeFile(at, `${String(number)}\n`, { mode: 0o600 }));
  await expect(rewritten(look, withLine, alone)).rejects.toMatchObject({
    kind: 'delivery',
    message: `${path} was changed by another program each time it was written.`,
  });
});

test('what another run has written while this one waited is not written again', async () => {
  const { path, look } = await file(() => Promise.resolve());
  const after: Exclusive = async (_, work) => {
    await writeFile(path, 'ours\n', { mode: 0o600 });
    return work();
  };
  expect(await rewritten(look, withLine, after)).toBe(false);
});

test.each(['EACCES', 'EROFS'])('where the folder takes no lock (%s), the file is written without one', async (code) => {
  const { path, look } = await file(() => Promise.resolve());
  expect(await rewritten(look, withLine, () => Promise.reject(Object.assign(new Error('no'), { code })))).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('ours\n');
});

test('what fails under the lock is not done again without it', async () => {
  const { look } = await file(() => Promise.resolve());
  let tries = 0;
  const failing = (): Promise<string> => {
    tries += 1;
    return tries === 1 ? Promise.resolve('x') : Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }));
  };
  await expect(rewritten(look, failing, alone)).rejects.toThrow('no');
  expect(tries).toBe(2);
});

test('what a killed run left beside the file is taken away, though the file is as it should be', async () => {
  const { path, look } = await file(() => Promise.resolve());
  const left = `${path}.vkeys-tmp`;
  await writeFile(left, 'sk-secret\n', { mode: 0o600 });
  expect(await rewritten(look, () => Promise.resolve(null), alone)).toBe(false);
  expect(existsSync(left)).toBe(false);
});

test('what another run is about to put there is not taken away before it has', async () => {
  const { path, look } = await file(() => Promise.resolve());
  await writeFile(path, 'ours\n', { mode: 0o600 });
  await writeFile(`${path}.vkeys-tmp`, 'theirs\nours\n', { mode: 0o600 });
  const after: Exclusive = async (_, work) => {
    await rename(`${path}.vkeys-tmp`, path);
    return work();
  };
  expect(await rewritten(look, withLine, after)).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('theirs\nours\n');
});
