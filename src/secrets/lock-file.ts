/** The file of a lock: a line that names its holder, and one that counts its heart-beats. */
import { open, readFile, stat, unlink, type FileHandle } from 'node:fs/promises';
import { isErrno } from '../base/files.ts';
import { readHolder, type Holder } from './holder.ts';

/** What a path has on the disk: two looks are equal when nobody has touched it between them. */
export type OnDisk = { readonly text: string; readonly touched: number };

/** Another text for everything that can be seen of it. */
export function seenAs({ text, touched }: OnDisk): string {
  return `${String(touched)} ${text}`;
}

/** Opens the file, because a network's file system may remember what it had last. */
export async function lookAt(path: string): Promise<OnDisk | null> {
  try {
    const text = await readFile(path, 'utf8');
    return { text, touched: (await stat(path)).mtimeMs };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** `false`: there is one already. */
export async function createLock(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(lockText(holder, 0));
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The same file is read and written, so that another's lock is never touched. A beat that fails is no more than a beat. */
export async function beat(path: string, holder: Holder, count: number): Promise<void> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r+');
    if (readHolder(await file.readFile('utf8'))?.id === holder.id) await file.write(lockText(holder, count), 0);
  } catch {
    /* The file is gone or its disk is: whoever appends to the keyring next is told. */
  } finally {
    await file?.close();
  }
}

/** As long for every count, so that a beat needs no room on the disk. */
function lockText(holder: Holder, beats: number): string {
  return `${JSON.stringify(holder)}\n${String(beats).padStart(12, '0')}\n`;
}
