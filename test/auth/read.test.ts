import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readSecretFile } from '../../src/auth/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'vkeys-read-'));

describe('readSecretFile', () => {
  it('reads a file relative to a folder', async () => {
    writeFileSync(join(folder, 'key'), 'sk-1\n', { mode: 0o600 });
    expect(await readSecretFile('key', folder)).toEqual({ text: 'sk-1\n', shared: null });
    expect(await readSecretFile('key/below', folder)).toBeNull();
  });

  it('reads a file in the home of the user', async () => {
    vi.stubEnv('HOME', folder).stubEnv('USERPROFILE', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    writeFileSync(join(folder, 'at-home'), 'sk-2', { mode: 0o600 });
    expect(await readSecretFile('~/at-home', '/elsewhere')).toMatchObject({ text: 'sk-2' });
  });

  it.skipIf(process.platform === 'win32')('says when others can read it', async () => {
    writeFileSync(join(folder, 'shared'), 'sk-1');
    for (const mode of [0o640, 0o604]) {
      chmodSync(join(folder, 'shared'), mode);
      expect(await readSecretFile(join(folder, 'shared'))).toMatchObject({ shared: 'closable' });
    }
  });

  it('says why a file cannot be read', async () => {
    await expect(readSecretFile(folder)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('cannot be read'),
    });
  });
});
