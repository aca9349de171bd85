/** Keyrings that are refused as they are: each with its next step, and without a change of anything. */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEntry } from '../../src/secrets/inventory.ts';
import { readKeyring } from '../../src/secrets/keyring.ts';
import { emptyFolder, journalText, keyringPorts, mintLine, newPath, openAt } from './folder.ts';

const a = mintLine('a');

/** A keyring with one secret, then spoiled. */
function spoiled(spoil: (path: string) => void): string {
  const path = newPath();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, journalText(a), { mode: 0o600 });
  spoil(path);
  return path;
}

/** What every way to a keyring says of it. */
async function refusals(path: string): Promise<readonly unknown[]> {
  const ways = [
    openAt(path),
    readKeyring(path, keyringPorts()),
    findEntry([dirname(dirname(path))], mintLine('unknown').key_id, keyringPorts()),
  ];
  return Promise.all(ways.map((way) => way.catch((error: unknown) => error)));
}

describe.skipIf(process.platform === 'win32')('a keyring that is open to others', () => {
  it.each([0o640, 0o604, 0o620, 0o644, 0o666])(
    'as a file of mode %o is refused with the way to close it',
    async (mode) => {
      const path = spoiled((file) => chmodSync(file, mode));
      const told = { kind: 'config', hint: `Close it: chmod 600 '${path}'` };
      expect(await refusals(path)).toEqual([
        expect.objectContaining(told),
        expect.objectContaining(told),
        expect.objectContaining(told),
      ]);
      expect([readFileSync(path, 'utf8'), existsSync(`${path}.lock`)]).toEqual([journalText(a), false]);
      execFileSync('sh', ['-c', told.hint.replace('Close it: ', '')]);
      expect((await readKeyring(path, keyringPorts())).entries.size).toBe(1);
    },
  );

  it.each([0o755, 0o770, 0o777])('in a folder of mode %o is refused with the way to close it', async (mode) => {
    const path = spoiled((file) => chmodSync(dirname(file), mode));
    const hint = `Close it: chmod 700 '${dirname(path)}'`;
    for (const error of await refusals(path)) expect(error).toMatchObject({ kind: 'config', hint });
    execFileSync('sh', ['-c', hint.replace('Close it: ', '')]);
    expect((await readKeyring(path, keyringPorts())).entries.size).toBe(1);
  });
});

describe.skipIf(process.getuid?.() !== 0)('a keyring of another user (needs root, to make one)', () => {
  it.each([
    ['the file', (path: string) => path],
    ['the folder', (path: string) => dirname(path)],
  ])('is refused: %s', async (_, of) => {
    const path = spoiled((file) => chownSync(of(file), 65_534, 65_534));
    for (const error of await refusals(path)) {
      expect(error).toMatchObject({
        kind: 'config',
        message: expect.stringContaining('uid 65534'),
        hint: expect.stringContaining('--keyring'),
      });
    }
    expect(readFileSync(path, 'utf8')).toBe(journalText(a));
  });
});

describe('a keyring that is no file', () => {
  it('but a folder is refused', async () => {
    const path = newPath();
    mkdirSync(path, { recursive: true, mode: 0o700 });
    for (const error of await refusals(path))
      expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('no ordinary file') });
  });

  it.skipIf(process.platform === 'win32').each([
    ['a link to a file', (path: string) => symlinkSync(join(dirname(path), 'real'), path)],
    ['a link to nothing', (path: string) => symlinkSync(join(dirname(path), 'nothing'), path)],
    ['a pipe, which would never end', (path: string) => void execFileSync('mkfifo', ['-m', '600', path])],
  ])('but %s is refused, and nothing is written through it', async (_, put) => {
    const path = newPath();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const real = join(dirname(path), 'real');
    writeFileSync(real, journalText(a), { mode: 0o600 });
    put(path);
    for (const error of await refusals(path))
      expect(error).toMatchObject({ kind: 'config', hint: expect.stringContaining('--keyring PATH') });
    expect([readFileSync(real, 'utf8'), existsSync(join(dirname(path), 'nothing'))]).toEqual([journalText(a), false]);
  });

  it.skipIf(process.platform === 'win32')('in a folder that is a link is used like any other', async () => {
    const folder = emptyFolder();
    const path = newPath(join(folder, 'link'));
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const keyring = await openAt(path);
    await keyring.record([a]);
    await keyring.close();
    expect((await readKeyring(newPath(join(folder, 'real')), keyringPorts())).entries.size).toBe(1);
  });
});
