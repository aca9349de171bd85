/**
 * One writer for each set on this machine. The lock is a file that names its holder; a holder that was killed is
 * recognised by its process being gone, and is replaced by one waiter at a time: every replacement goes through a
 * folder that only one process can make, and looks again inside it, so that a fresh lock is never taken for a dead one.
 * Time is counted in waits, because a clock may be set meanwhile, and the file system may have another one.
 */
import { mkdir, open, readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno } from '../base/files.ts';
import { isObject, parseJson } from '../base/json.ts';

/** Who we are, to those who wait. */
export type Holder = { readonly pid: number; readonly host: string };

export type LockPorts = {
  readonly self: Holder;
  readonly isAlive: (pid: number) => boolean;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
  /** Called once, when another run has the lock and we begin to wait. */
  readonly onWait: (holder: string) => void;
};

/** Milliseconds. */
const PATIENCE = 60_000;
const INTERVAL = 100;
/** A lock without a name in it, or a replacement, that stays as it is for so long was left by a process that died within an instant. */
const INSTANT = 10_000;

/** What a path has on the disk: two looks are equal when nobody has made it anew between them. */
type Look = { readonly text: string; readonly made: number };
/** Answers for how long the same has been seen. */
type Watch = (seen: number | null) => number;

/** Takes the lock, waiting for up to a minute; resolves to its release. Throws `refused` when another run keeps it. */
export async function takeLock(path: string, ports: LockPorts): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let waited = 0;
  const [lockWatch, turnWatch] = [makeWatch(() => waited), makeWatch(() => waited)];
  for (;;) {
    if (await create(path, ports.self)) return () => unlink(path).catch(() => undefined);
    const look = await lookAt(path);
    if (look === null) continue;
    const unchanged = lockWatch(look.made);
    if (isDead(look, unchanged, ports) && (await removeDead(path, look, turnWatch))) continue;
    if (waited === 0) ports.onWait(nameOf(look.text));
    if (ports.stop.aborted || waited >= PATIENCE) throw heldBy(path, look.text);
    await ports.sleep(INTERVAL, ports.stop);
    waited += INTERVAL;
  }
}

function makeWatch(waited: () => number): Watch {
  let last: number | null = null;
  let since = 0;
  return (seen) => {
    if (seen !== last) since = waited();
    last = seen;
    return waited() - since;
  };
}

async function lookAt(path: string): Promise<Look | null> {
  try {
    const { mtimeMs } = await stat(path);
    return { text: await readFile(path, 'utf8'), made: mtimeMs };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

async function create(path: string, self: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(self));
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

function isDead({ text }: Look, unchanged: number, { self, isAlive }: LockPorts): boolean {
  const holder = parse(text);
  if (holder === null) return unchanged >= INSTANT;
  return holder.host === self.host && (holder.pid === self.pid || !isAlive(holder.pid));
}

async function removeDead(path: string, dead: Look, turnWatch: Watch): Promise<boolean> {
  const turn = `${path}.turn`;
  try {
    await mkdir(turn, { mode: 0o700 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    const made = await stat(turn).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    if (turnWatch(made) >= INSTANT) await rmdir(turn).catch(() => undefined);
    return false;
  }
  try {
    const now = await lookAt(path);
    if (now?.text === dead.text && now.made === dead.made) await unlink(path);
    return true;
  } finally {
    await rmdir(turn).catch(() => undefined);
  }
}

function parse(text: string): Holder | null {
  const holder = parseJson(text);
  if (!isObject(holder)) return null;
  const { pid, host } = holder;
  return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null;
}

function nameOf(text: string): string {
  const holder = parse(text);
  return holder === null ? 'another process' : `process ${String(holder.pid)} on ${holder.host}`;
}

function heldBy(path: string, text: string): VkeysError {
  return new VkeysError(
    'refused',
    `Another vkeys is working on this set: ${nameOf(text)}.`,
    `Wait for it, then run the same command again. If it is gone for good, delete ${path}`,
  );
}
