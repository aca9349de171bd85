/**
 * One writer for each set on this machine. The lock is a file that names its holder; a holder that was killed is
 * recognised by its process being gone, and is replaced by one waiter at a time: every replacement goes through a
 * folder that only one process can make, and looks again inside it, so that a fresh lock is never taken for a dead one.
 */
import { mkdir, open, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VkeysError } from '../errors.ts';
import { isErrno, readIfThere } from '../files.ts';
import { isObject, parseJson } from '../json.ts';

/** Who we are, to those who wait. */
export type Holder = { readonly pid: number; readonly host: string };

export type LockPorts = {
  readonly self: Holder;
  readonly isAlive: (pid: number) => boolean;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
  /** Called once, when another run has the lock and we begin to wait. */
  readonly onWait: (holder: string) => void;
};

const PATIENCE = 60_000;
const INTERVAL = 100;
/** A lock without a name in it, or a replacement, that is older than this was left by a process that died within an instant. */
const INSTANT = 10_000;

/** Takes the lock, waiting for up to a minute; resolves to its release. Throws `refused` when another run keeps it. */
export async function takeLock(path: string, ports: LockPorts): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const started = ports.now().getTime();
  for (let waiting = false; ;) {
    if (await create(path, ports.self)) return () => unlink(path).catch(() => undefined);
    const text = await readIfThere(path);
    if (text === null || ((await isDead(path, text, ports)) && (await removeDead(path, text, ports)))) continue;
    if (!waiting) ports.onWait(nameOf(text));
    waiting = true;
    if (ports.stop.aborted || ports.now().getTime() - started > PATIENCE) throw heldBy(path, text);
    await ports.sleep(INTERVAL, ports.stop);
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

async function isDead(path: string, text: string, { self, isAlive, now }: LockPorts): Promise<boolean> {
  const holder = parse(text);
  if (holder === null) return isOld(path, now());
  return holder.host === self.host && (holder.pid === self.pid || !isAlive(holder.pid));
}

async function isOld(path: string, now: Date): Promise<boolean> {
  const made = await stat(path).catch(() => null);
  return made !== null && now.getTime() - made.mtimeMs > INSTANT;
}

async function removeDead(path: string, text: string, { now }: LockPorts): Promise<boolean> {
  const turn = `${path}.turn`;
  try {
    await mkdir(turn, { mode: 0o700 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    if (await isOld(turn, now())) await rmdir(turn).catch(() => undefined);
    return false;
  }
  try {
    if ((await readIfThere(path)) === text) await unlink(path);
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
