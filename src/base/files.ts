import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Whether a file-system call failed with this code, e.g. `ENOENT`. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A file's text, or `null` where there is no such file. `latin1`: a character for each byte. */
export async function readIfThere(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string | null> {
  try {
    return await readFile(path, encoding);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Replaces a file so that a crash at any moment leaves the old text or the new one, whole: temporary file beside it,
 * fsync, rename, fsync of the folder. The file has mode 0600 unless it is given another, folders that it has to make 0700. `assertMay` is asked
 * last, when nothing but the renaming is left to do: where it throws, the old file stays.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  assertMay?: () => Promise<void>,
  mode?: number,
): Promise<void> {
  await swapFile(path, content, assertMay, mode);
  await syncFolder(dirname(path));
}

/** Always the same name, so that what a killed run left there, a secret perhaps, is cleared away by the next one. */
function temporaryOf(path: string): string {
  return `${path}.vkeys-tmp`;
}

/** Whether a run that was killed, or one that is under way, left a temporary file beside a file. */
export async function hasTemporary(path: string): Promise<boolean> {
  try {
    await stat(temporaryOf(path));
    return true;
  } catch {
    return false;
  }
}

/** Takes it away, where no other run can be under way. */
export async function clearTemporary(path: string): Promise<void> {
  await rm(temporaryOf(path), { force: true });
}

/** As `replaceFile`, for many files in one folder: whoever calls it syncs the folder once, after all of them. */
export async function swapFile(
  path: string,
  content: string | Uint8Array,
  assertMay?: () => Promise<void>,
  mode = 0o600,
): Promise<void> {
  const temporary = temporaryOf(path);
  for (let tries = 1; !(await writeAndRename(temporary, path, content, assertMay, mode)); tries += 1) {
    if (tries === TRIES) throw Object.assign(new Error(`another process writes ${path}`), { code: 'EAGAIN' });
    await makeFolder(dirname(path));
    await rm(temporary, { force: true });
  }
}

const TRIES = 6;

/** `false`: the folder is not there, or another process has the temporary file or took it away, so nothing was renamed. */
async function writeAndRename(
  temporary: string,
  path: string,
  content: string | Uint8Array,
  assertMay: (() => Promise<void>) | undefined,
  mode: number,
): Promise<boolean> {
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      if (mode !== 0o600) await file.chmod(mode);
      await file.sync();
      if ((await file.stat()).ino !== (await stat(temporary)).ino) return false;
    } finally {
      await file.close();
    }
    await assertMay?.();
    await rename(temporary, path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST') || isErrno(error, 'ENOENT')) return false;
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes a folder, and those above it that are missing, with mode 0700, and makes all their names durable. */
export async function makeFolder(folder: string): Promise<void> {
  for (const made of await makeMissing(resolve(folder))) await syncFolder(dirname(made));
}

/** One by one, because Node's own way does not come to an end where a folder answers that it has no room for names (`/proc`). */
async function makeMissing(folder: string): Promise<readonly string[]> {
  if (await isFolder(folder)) return [];
  const above = dirname(folder);
  const made = above === folder ? [] : await makeMissing(above);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    /* Another process was first. */
    if (isErrno(error, 'EEXIST') && (await isFolder(folder))) return made;
    throw error;
  }
  return [folder, ...made];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Writes over what the file holds, for one that cannot be replaced: a crash may leave a part of both texts. */
export async function overwriteFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.writeFile(content);
    await file.truncate(Buffer.byteLength(content));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. Windows has no such thing and journals names itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
