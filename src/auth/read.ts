import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import type { SecretFile } from './credential.ts';

/**
 * Reads a file that has a secret in it. `~/` is the user's home; other relative paths begin at `cwd`.
 * `null`: there is no such file. Throws `config` when it cannot be read.
 */
export async function readSecretFile(path: string, cwd = ''): Promise<SecretFile | null> {
  try {
    const file = await open(path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(cwd, path));
    try {
      const stat = await file.stat();
      const shared = process.platform !== 'win32' && stat.isFile() && (stat.mode & 0o077) !== 0;
      return { text: await file.readFile('utf8'), shared };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (isErrno(cause, 'ENOENT') || isErrno(cause, 'ENOTDIR')) return null;
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    const hint = 'Give the path of a file that you may read.';
    throw new VkeysError('config', `${path} cannot be read${why}.`, hint, { cause });
  }
}
