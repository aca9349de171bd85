/**
 * One writer for each set. The lock is a file that names its holder and counts its heart-beats. A holder that was killed
 * is recognised by its process being gone, or, where nobody can tell, by a heart that stands still; it is replaced by one
 * waiter at a time: every replacement goes through a folder that only one process can make, and looks again inside it,
 * so that a fresh lock is never taken for a dead one. A holder that only slept finds another's id in the file when it
 * wakes, and must not write any more. Time is counted in waits, because a clock may be set meanwhile, and the file
 * system may have another one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { isErrno, makeFolder, readIfThere } from '../base/files.ts';
import { holderName, isGone, readHolder, type Holder, type Processes, type Self } from './holder.ts';
import { beat, createLock, lookAt, seenAs, type OnDisk } from './lock-file.ts';

export type LockPorts = Processes & {
  readonly self: Self;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Does something over and over, without keeping the process alive; answers with the end of it. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
  /** Its reason is thrown when it is aborted while we wait. */
  readonly stop: AbortSignal;
  /** Called once, when another run has the lock and we begin to wait. */
  readonly onWait: (holder: string) => void;
};

/** A lock that was taken. */
export type Lock = {
  /** Throws `config` when another run has taken it over, because this one stood still for too long. */
  readonly assertHeld: () => Promise<void>;
  /** Lets others in; does nothing to a lock that is another's now. */
  readonly release: () => Promise<void>;
};

/** Milliseconds. */
const PATIENCE = 60_000;
const INTERVAL = 100;
const BEAT = 3000;
/** Who lets ten beats out is taken for dead. */
const STILL = 30_000;
/** A replacement that takes so long was left by a process that died within an instant. */
const INSTANT = 10_000;

/** Answers for how long the same has been seen. */
type Watch = (seen: string | null) => number;

/** Takes the lock, waiting for up to a minute. Throws `refused` when another run keeps it, or the reason of `stop`. */
export async function takeLock(path: string, ports: LockPorts): Promise<Lock> {
  await makeFolder(dirname(path));
  const holder: Holder = { id: randomUUID(), ...ports.self };
  let waited = 0;
  const [lockWatch, turnWatch] = [makeWatch(() => waited), makeWatch(() => waited)];
  for (;;) {
    if (await createLock(path, holder)) return held(path, holder, ports);
    const look = await lookAt(path);
    if (look === null) continue;
    const still = lockWatch(seenAs(look)) >= STILL;
    const before = readHolder(look.text);
    const isDead = still || (before !== null && (await isGone(before, ports.self, ports)));
    if (isDead && (await removeDead(path, look, turnWatch))) continue;
    if (ports.stop.aborted) throw ports.stop.reason;
    if (waited === 0) ports.onWait(holderName(before));
    if (waited >= PATIENCE) throw heldBy(path, before);
    await ports.sleep(INTERVAL, ports.stop);
    waited += INTERVAL;
  }
}

/** Who has a lock, and whether that process is gone for certain; `null`: nobody has it. */
export async function readLock(
  path: string,
  ports: Processes & Pick<LockPorts, 'self'>,
): Promise<{ readonly name: string; readonly gone: boolean } | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  const holder = readHolder(text);
  return { name: holderName(holder), gone: holder !== null && (await isGone(holder, ports.self, ports)) };
}

/** Takes a lock away from whoever has it: a run that is alive finds that out before it writes again. */
export async function breakLock(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.turn`, { recursive: true, force: true });
}

function held(path: string, holder: Holder, { every }: LockPorts): Lock {
  let beats = 0;
  let beating: Promise<void> | null = null;
  const end = every(BEAT, () => {
    beats += 1;
    beating ??= beat(path, holder, beats).finally(() => {
      beating = null;
    });
  });
  const now = async (): Promise<Holder | null> => readHolder((await readIfThere(path)) ?? '');
  return {
    assertHeld: async () => {
      const other = await now();
      if (other?.id !== holder.id) throw takenOver(other);
    },
    release: async () => {
      end();
      await beating;
      if ((await now().catch(() => null))?.id === holder.id) await unlink(path).catch(() => undefined);
    },
  };
}

function makeWatch(waited: () => number): Watch {
  let last: string | null = null;
  let since = 0;
  return (seen) => {
    if (seen !== last) since = waited();
    last = seen;
    return waited() - since;
  };
}

async function removeDead(path: string, dead: OnDisk, turnWatch: Watch): Promise<boolean> {
  const turn = `${path}.turn`;
  try {
    await mkdir(turn, { mode: 0o700 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    const made = await stat(turn).then(
      ({ mtimeMs }) => String(mtimeMs),
      () => null,
    );
    if (turnWatch(made) >= INSTANT) await rmdir(turn).catch(() => undefined);
    return false;
  }
  try {
    const now = await lookAt(path);
    if (now !== null && seenAs(now) === seenAs(dead)) await unlink(path);
    return true;
  } finally {
    await rmdir(turn).catch(() => undefined);
  }
}

function heldBy(path: string, holder: Holder | null): VkeysError {
  return new VkeysError(
    'refused',
    `Another vkeys is working on this set: ${holderName(holder)}.`,
    `Wait for it, then run the same command again. If it is gone for good: vkeys unlock SET, or delete ${path}`,
  );
}

function takenOver(other: Holder | null): VkeysError {
  const who = other === null ? 'its lock was removed' : `${holderName(other)} took it over`;
  return new VkeysError(
    'config',
    `This run stood still for too long and has the keyring no more: ${who}. Nothing more was asked of the server.`,
    'Nothing is lost: run the same command again, and it goes on where this one stopped.',
  );
}
