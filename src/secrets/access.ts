/** Whether a keyring's file may be used: what is refused before it is read, and what the file system says, as a next step. */
import { constants, type Stats } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import { isOpen, stuckOpen } from '../base/modes.ts';
import { isPassing } from './location.ts';

/**
 * Refuses a keyring that is not this user's alone: who may write it may choose the next key's secret. A link is refused
 * too, since the journal is replaced by renaming, and secrets that were dropped would stay where the link led. Throws `config`.
 */
export async function assertPrivate(path: string): Promise<void> {
  const folder = await unlessMissing(stat(dirname(path)));
  if (folder !== null) await assertOwn(dirname(path), folder, '700');
  const file = await unlessMissing(lstat(path));
  if (file === null) return;
  if (!file.isFile()) {
    throw new VkeysError(
      'config',
      `The keyring ${path} is no ordinary file.`,
      'Put the file itself there, or move this away; a folder elsewhere is given with --keyring PATH.',
    );
  }
  await assertOwn(path, file, '600');
}

/** Refuses a file that could not be written, or made, by the nearest of what is there of its path. Makes nothing. Throws `config`. */
export async function assertWritable(path: string): Promise<void> {
  for (let at = path; ; at = dirname(at)) {
    try {
      return await access(at, constants.W_OK);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw unusable(path, error);
    }
  }
}

async function assertOwn(path: string, about: Stats, wanted: '600' | '700'): Promise<void> {
  const { uid } = about;
  if (process.getuid === undefined) return;
  if (uid !== process.getuid()) {
    throw new VkeysError(
      'config',
      `The keyring ${path} belongs to another user (uid ${String(uid)}).`,
      'Run vkeys as that user, or give a folder of your own with --keyring PATH.',
    );
  }
  if (!isOpen(about)) return;
  const stuck = await stuckOpen(path, about);
  throw new VkeysError(
    'config',
    `The keyring ${path} is open to other users${STUCK[stuck ?? 'closable']}.`,
    stuck === null ? `Close it: chmod ${wanted} '${path}'` : ELSEWHERE,
  );
}

const STUCK = {
  closable: '',
  disk: ', because its disk keeps no modes',
  lent: ', and its disk is read-only',
} as const;
const ELSEWHERE = 'Give a folder on another disk, one that lasts: --keyring PATH, or VKEYS_KEYRING=PATH';

async function unlessMissing(looked: Promise<Stats>): Promise<Stats | null> {
  return looked.catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
}

const FULL = ['the disk is full', 'Make room, or give'] as const;
const DENIED = ['this user may not read and write it', 'Give'] as const;
const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: ['its disk is read-only', 'Give'],
};

/** What `--keyring none` needs: a run that is cut would lose its keys. */
export const FOR_THE_RUN = 'for the time of the run: XDG_STATE_HOME=PATH';

/** What the file system says of a keyring, as an error of kind `config`. */
export function unusable(path: string, cause: unknown): VkeysError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const said = cause instanceof Error ? cause.message : 'unknown';
  const [why, next] = WORDS[code] ?? [said, 'Mend that, or give'];
  return new VkeysError(
    'config',
    `The keyring ${path} cannot be used: ${why}. Nothing more was asked of the server.`,
    `${next} another folder, ${isPassing(path) ? FOR_THE_RUN : 'one that lasts: --keyring PATH, or VKEYS_KEYRING=PATH'}. Then run the same command again.`,
    { cause },
  );
}
