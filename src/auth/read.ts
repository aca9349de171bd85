import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeText, undecodedWords } from '../base/decode.ts';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import { isOpen, stuckOpen } from '../base/modes.ts';
import type { SecretFile } from './credential.ts';

function absolute(path: string, cwd: string): string {
  if (!path.startsWith('~/')) return resolve(cwd, path);
  try {
    return join(homedir(), path.slice(2));
  } catch (cause) {
    const hint = 'Set HOME, or give the whole path.';
    throw new VkeysError('config', `${path} is below a home folder, and this user has none.`, hint, { cause });
  }
}

/**
 * Reads a file that has a secret in it. `~/` is the user's home; other relative paths begin at `cwd`.
 * `null`: there is no such file. Throws `config` when it cannot be read.
 */
export async function readSecretFile(path: string, cwd = ''): Promise<SecretFile | null> {
  try {
    const file = await open(absolute(path, cwd));
    try {
      const stat = await file.stat();
      const whole = absolute(path, cwd);
      const shared = stat.isFile() && isOpen(stat) ? ((await stuckOpen(whole, stat)) ?? 'closable') : null;
      const text = decodeText(await file.readFile());
      if (typeof text === 'string') return { text, shared };
      const { message, hint } = undecodedWords(path, text);
      throw new VkeysError('config', message, hint);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof VkeysError) throw cause;
    if (isErrno(cause, 'ENOENT') || isErrno(cause, 'ENOTDIR')) return null;
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    const hint = 'Give the path of a file that you may read.';
    throw new VkeysError('config', `${path} cannot be read${why}.`, hint, { cause });
  }
}
