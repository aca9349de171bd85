/**
 * Who may read a file is kept by most disks, and by some is not: vfat, shares of Windows, folders that a virtual machine or
 * another program lends. There every file looks open, and nobody can close it.
 */
import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno } from './files.ts';

/** Why others may read a file and its mode does not change: its disk keeps none, or it is lent, read-only or another user's. */
export type Stuck = 'disk' | 'lent';

/** Whether others than its owner may read a file. Windows has no such modes. */
export function isOpen({ mode }: Pick<Stats, 'mode'>): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

/** Why an open file stays open; `null`: this user can close it. */
export async function stuckOpen(path: string, { uid }: Pick<Stats, 'uid'>): Promise<Stuck | null> {
  const self = process.geteuid?.() ?? uid;
  if (self !== 0 && self !== uid) return 'lent';
  if (await isReadOnly(path)) return 'lent';
  return (await keepsModes(dirname(path))) ? null : 'disk';
}

async function isReadOnly(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => false,
    (error: unknown) => isErrno(error, 'EROFS'),
  );
}

/** Linux' numbers of ext, xfs, btrfs, tmpfs, overlay, zfs, nfs, f2fs, ceph and bcachefs. */
const KEEPING: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0x6969, 0xf2f52010, 0x00c36400, 0xca451a4e,
]);

/** Whether a disk keeps modes, asked of the folder or the nearest one above it that is there. Others than the usual disks are tried out. */
export async function keepsModes(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  try {
    const { type } = await statfs(folder);
    return (process.platform === 'linux' && KEEPING.has(type)) || (await keepsTried(folder));
  } catch (error) {
    const isThere = !isErrno(error, 'ENOENT') || dirname(folder) === folder;
    return isThere || keepsModes(dirname(folder));
  }
}

/** Where nothing can be written nothing can be found out. */
async function keepsTried(folder: string): Promise<boolean> {
  const path = join(folder, `.vkeys-${randomUUID()}`);
  try {
    await (await open(path, 'wx', 0o600)).close();
    return !isOpen(await stat(path));
  } catch {
    return true;
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}
