import { isAbsolute, join, resolve } from 'node:path';
import { keyringPath, openKeyring, readKeyring } from '../secrets/keyring.ts';
import { memoryKeyring } from '../secrets/memory.ts';
import type { Keyring, KeyringState, Line } from '../apply/ports.ts';
import type { Globals } from '../cli/options.ts';
import { say } from '../cli/output.ts';
import type { World } from './world.ts';

/** `none` keeps a secret only until it is handed out: the journal is still there, or a cut run would lose keys. */
export type KeyringChoice = { readonly folder: string; readonly keep: boolean };

export function keyringChoice(world: World, globals: Globals): KeyringChoice {
  const chosen = globals.keyring ?? world.env['VKEYS_KEYRING'];
  if (chosen === undefined || chosen === '' || chosen === 'none')
    return { folder: world.folders.state, keep: chosen !== 'none' };
  return { folder: isAbsolute(chosen) ? chosen : resolve(join(world.cwd, chosen)), keep: true };
}

/** Runs `work` as the only run on this machine that works on the set. With `--sandbox` the keyring is in memory. */
export async function withKeyring<T>(
  world: World,
  globals: Globals,
  url: string,
  set: string,
  work: (keyring: Keyring) => Promise<T>,
): Promise<T> {
  if (globals.sandbox === true) return work(memoryKeyring());
  const { folder, keep } = keyringChoice(world, globals);
  const keyring = await openKeyring(keyringPath(folder, url, set), {
    self: world.self,
    isAlive: world.isAlive,
    sleep: world.sleep,
    stop: world.stop,
    onWait: (holder) => say(world, globals, `Waiting for ${holder}, which works on ${set} …`),
  });
  try {
    const result = await work(keyring);
    if (!keep) await keyring.record(finished(keyring.state()));
    return result;
  } finally {
    await keyring.close();
  }
}

/** The set's keyring as it is now, for a command that changes nothing. */
export async function keyringState(world: World, globals: Globals, url: string, set: string): Promise<KeyringState> {
  if (globals.sandbox === true) return memoryKeyring().state();
  return readKeyring(keyringPath(keyringChoice(world, globals).folder, url, set));
}

function finished({ entries }: KeyringState): readonly Line[] {
  return [...entries.values()].filter(({ pending }) => !pending).map(({ key_id }): Line => ({ op: 'drop', key_id }));
}
