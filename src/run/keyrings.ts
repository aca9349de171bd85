/** Which keyring is meant, and work on the keyrings of several sets at once. */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { readSecretFile } from '../auth/read.ts';
import { VERSION } from '../base/release.ts';
import { VkeysError } from '../base/errors.ts';
import { variable } from '../base/variables.ts';
import type { Keyring, KeyringState, Line } from '../model/keyring.ts';
import { FOR_THE_RUN } from '../secrets/access.ts';
import { ageSeal } from '../secrets/age.ts';
import { describeSelf, startOf } from '../secrets/holder.ts';
import { openKeyring, readKeyring, type KeyringPorts, type OpenKeyring, type ReadPorts } from '../secrets/keyring.ts';
import type { About } from '../secrets/line.ts';
import { keyringPath, PASSING } from '../secrets/location.ts';
import type { LockPorts } from '../secrets/lock.ts';
import { memoryKeyring } from '../secrets/memory.ts';
import type { World } from './world.ts';

/** What flags say of the keyring. */
export type KeyringFlags = {
  /** A folder, `age:` and a folder, or `none`. */
  readonly keyring?: string | undefined;
  readonly ageRecipient?: readonly string[] | undefined;
  readonly ageIdentity?: string | undefined;
  readonly sandbox?: boolean | undefined;
};

export type KeyringChoice = ReadPorts & {
  /** Where this run's journals are; `null`: this user has no folder. */
  readonly folder: string | null;
  /** Everywhere that this user's secrets are, for `findEntries`. Locks are in the first of them. */
  readonly roots: readonly string[];
  /** `none` keeps a secret only until it is handed out: the journal is still there, or a cut run would lose keys. */
  readonly keep: boolean;
};

/** The keyring that is meant: by flag, else by VKEYS_KEYRING, else the user's own. */
export function keyringChoice(world: World, flags: KeyringFlags): KeyringChoice {
  const asked = flags.keyring ?? variable(world.env, 'VKEYS_KEYRING') ?? '';
  const keep = asked !== 'none';
  const isAge = asked.startsWith('age:');
  const path = isAge ? asked.slice('age:'.length) : asked;
  const own = !keep || path === '';
  const root = own ? world.folders.state : isAbsolute(path) ? path : resolve(join(world.cwd, path));
  /* What earlier runs kept is none of a run's that keeps nothing. */
  const passing = root === null ? null : join(root, PASSING);
  return {
    folder: keep ? root : passing,
    roots: [root, passing].filter((each) => each !== null),
    keep,
    by: VERSION,
    seal: isAge ? sealOf(world, flags) : null,
  };
}

/** The file of a set's keyring. Throws `config` where there is no folder for it. */
export function journalPath({ folder, keep }: KeyringChoice, about: About): string {
  if (folder !== null) return keyringPath(folder, about);
  throw new VkeysError(
    'config',
    'There is no folder for the keyring: HOME is not set, or is not open to this user. Nothing was changed.',
    keep ? 'Give one that lasts: --keyring PATH, or VKEYS_KEYRING=PATH' : `Give one ${FOR_THE_RUN}`,
  );
}

function sealOf(world: World, { ageRecipient, ageIdentity }: KeyringFlags): ReadPorts['seal'] {
  const inEnv = (variable(world.env, 'VKEYS_AGE_RECIPIENTS') ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const file = ageIdentity ?? variable(world.env, 'VKEYS_AGE_IDENTITY') ?? '';
  return ageSeal({
    recipients: ageRecipient ?? inEnv,
    identity: async () => (file === '' ? null : readIdentity(file, world.cwd)),
  });
}

async function readIdentity(path: string, cwd: string): Promise<string> {
  const file = await readSecretFile(path, cwd);
  if (file !== null) return file.text;
  throw new VkeysError(
    'config',
    `There is no file ${path}, which was given as the identity for the keyring.`,
    'Set VKEYS_AGE_IDENTITY to the file of your identity, or give it as --age-identity FILE.',
  );
}

/** How keyrings are opened, and who hears what there is to say. */
export type Opening = {
  /** Its reason is thrown when it is aborted while we wait for another run: Ctrl-C, the deadline. */
  readonly stop: AbortSignal;
  readonly waiting: (set: string, holder: string) => void;
  /** A keyring could not be shortened. */
  readonly warning: (error: VkeysError) => void;
  /** Goes on without reading secrets that are encrypted for others: for work that hands nothing out. */
  readonly blind?: boolean;
};

/**
 * Runs `work` as the only run that works on these sets, with their keyrings in the order of `abouts`. All are locked
 * in one order, so that two runs cannot wait for each other. With `sandbox` the keyrings are in memory. With `none`, what
 * was handed out by the time that `work` resolves is forgotten then: print secrets inside it. Throws `config`, `refused`.
 */
export async function withKeyrings<T>(
  world: World,
  flags: KeyringFlags,
  abouts: readonly About[],
  opening: Opening,
  work: (keyrings: readonly Keyring[]) => Promise<T>,
): Promise<T> {
  if (flags.sandbox === true) return work(abouts.map(memoryKeyring));
  const choice = keyringChoice(world, flags);
  const wanted = new Map(abouts.map((about) => [journalPath(choice, about), about]));
  const opened = new Map<string, OpenKeyring>();
  try {
    for (const [path, about] of [...wanted].toSorted(byPath))
      opened.set(path, await openKeyring(path, about, await portsOf(world, choice, path, about.set, opening)));
    const result = await work(abouts.flatMap((about) => opened.get(journalPath(choice, about)) ?? []));
    if (!choice.keep) for (const keyring of opened.values()) await keyring.record(handedOut(keyring.state()));
    return result;
  } finally {
    for (const keyring of opened.values()) {
      const problem = await keyring.close();
      if (problem !== null) opening.warning(problem);
    }
  }
}

function byPath([a]: readonly [string, About], [b]: readonly [string, About]): number {
  return a < b ? -1 : 1;
}

/** The lock of a set: one for all of its journals below the roots, or a run with `none` would not wait for another. */
export function lockPath({ roots: [root = ''] }: KeyringChoice, journal: string): string {
  return `${join(root, basename(dirname(journal)), basename(journal))}.lock`;
}

/** What opening the keyring at `path` needs of the world. */
export async function portsOf(
  world: World,
  choice: KeyringChoice,
  path: string,
  set: string,
  { stop, waiting, blind }: Opening,
): Promise<KeyringPorts> {
  const lock = await lockPorts(world, { stop, onWait: (holder) => waiting(set, holder) });
  return {
    ...lock,
    by: choice.by,
    seal: choice.seal,
    lock: lockPath(choice, path),
    blind: blind === true,
    now: world.now,
  };
}

/** What taking a lock needs of the world. */
export async function lockPorts(
  { self, isAlive, sleep, every }: World,
  how: Pick<LockPorts, 'stop' | 'onWait'>,
): Promise<LockPorts> {
  return { self: await describeSelf(self), isAlive, startOf, sleep, every, ...how };
}

/** The set's keyring as it is now, for a command that changes nothing. */
export async function keyringState(world: World, flags: KeyringFlags, about: About): Promise<KeyringState> {
  if (flags.sandbox === true) return memoryKeyring().state();
  const choice = keyringChoice(world, flags);
  return choice.folder === null ? memoryKeyring().state() : readKeyring(journalPath(choice, about), choice);
}

function handedOut({ entries }: KeyringState): readonly Line[] {
  return [...entries.values()]
    .filter(({ pending }) => !pending)
    .map(({ key_id }): Line => ({ op: 'drop', key_id, why: 'forgotten' }));
}
