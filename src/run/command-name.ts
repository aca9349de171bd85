/** What the keys of `vkeys run` are called: by whose they are, so that what a killed run left is known. */
import { digest } from '../base/digest.ts';
import type { Json } from '../base/json.ts';
import { hasEnded } from '../model/lifetime.ts';
import type { Entry } from '../model/keyring.ts';
import { describeSelf, startOf } from '../secrets/holder.ts';
import type { World } from './world.ts';

/** A process: the machine, its boot and its namespace of processes as letters, a number, and when it began. */
const OWN = /^run-.*-([0-9a-f]{8})-([0-9]+)-([0-9]+)$/;

/** The name of this process's key. */
export async function ownName(world: World): Promise<string> {
  const { host, pid, started } = await describeSelf(world.self);
  return `run-${wordOf(host)}-${await machineOf(world)}-${String(pid)}-${started ?? String(world.now().getTime())}`;
}

/** The name of the key that this user of this machine has for all commands that want the same. */
export async function sharedName(world: World, wish: Json): Promise<string> {
  const { host } = world.self;
  return `run-${wordOf(host)}-${digest([host, world.folders.state, wish]).slice(0, 8)}`;
}

/** Whether a key is of no use any more: it has ended, or its process is gone for certain. */
export async function isLeft(world: World, { name, expires, gone }: Entry): Promise<boolean> {
  if (gone !== null) return false;
  if (hasEnded(expires, world.now())) return true;
  const [, machine, pid, started] = OWN.exec(name) ?? [];
  if (machine === undefined || machine !== (await machineOf(world))) return false;
  if (!world.isAlive(Number(pid))) return true;
  const now = await startOf(Number(pid));
  return now !== null && now !== started;
}

async function machineOf({ self }: World): Promise<string> {
  const { host, boot, namespace } = await describeSelf(self);
  return digest([host, boot, namespace]).slice(0, 8);
}

/** As much of a host's name as every server takes in an alias. */
function wordOf(host: string): string {
  return (
    host
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 40) || 'here'
  );
}
