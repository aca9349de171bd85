/**
 * One key of this user's keyrings, found without any server. This is what a client waits for that asks `vkeys token` each time:
 * so it loads little, and of an encrypted keyring it opens the one secret.
 */
import { VkeysError } from '../base/errors.ts';
import { posixWord } from '../encode/shell.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Entry } from '../model/keyring.ts';
import { isNamed, type Selector } from '../model/selector.ts';
import { readInventory } from '../secrets/inventory.ts';
import { loadJournal } from '../secrets/journal-file.ts';
import { replay } from '../secrets/journal.ts';
import type { About } from '../secrets/line.ts';
import { openLines } from '../secrets/seal.ts';
import { keyringChoice, type KeyringChoice, type KeyringFlags } from './keyrings.ts';
import type { World } from './world.ts';

/** A key with its secret, and the set and server that it is of. */
export type KeptKey = { readonly entry: Entry; readonly about: About };

/** Which one: of this set, of this server. `selector`: `null` is the only one that there is. */
export type WantedKey = {
  readonly selector: Selector | null;
  readonly set?: string | undefined;
  readonly server?: string | undefined;
};

/** A key in its journal. */
export type Found = { readonly path: string; readonly about: About; readonly entry: Entry };

/** The key that is meant. Throws `usage` where there is none, `refused` where there may be several, `config` for a keyring that cannot be read. */
export async function findKept(world: World, flags: KeyringFlags, wanted: WantedKey): Promise<KeptKey> {
  const choice = keyringChoice(world, flags);
  const { journals, unreadable } = await readInventory(choice.roots, { by: choice.by, seal: null });
  const all = journals.flatMap(({ path, about, state }) =>
    [...state.entries.values()].map((entry): Found => ({ path, about, entry })),
  );
  const meant = all.filter((found) => isMeant(found, wanted));
  const live = isExact(wanted) ? meant : meant.filter(isLive);
  const called = live.filter(({ entry }) => entry.name === wanted.selector?.text);
  const [first, ...others] = newest(called.length > 0 ? called : live);
  if (first !== undefined && others.length === 0) return { about: first.about, entry: await opened(first, choice) };
  if (first !== undefined) throw ambiguous(wanted, [first, ...others]);
  if (unreadable[0] !== undefined) throw unreadable[0];
  if (meant.length > 0) throw gone(wanted);
  const anywhere = { selector: wanted.selector };
  throw unknown(wanted, newest(all.filter((found) => isLive(found) && isMeant(found, anywhere))));
}

function isMeant({ about, entry: { key_id: id, name, secret } }: Found, { selector, set, server }: WantedKey): boolean {
  if ((set ?? about.set) !== about.set || (server ?? about.server) !== about.server) return false;
  return selector === null || isNamed(selector, { id, name, key_name: secret.isOpen() ? secret.masked() : null });
}

/** Whoever gives a hash means that key, whatever became of it. */
function isExact({ selector }: WantedKey): boolean {
  return selector?.is === 'hash' || selector?.is === 'secret';
}

/** Whether its server has it, as far as the keyring knows. */
export function isLive({ entry: { gone: since, replaced, deleting } }: Found): boolean {
  return since === null && !replaced && !deleting;
}

/** Of several with one name in one set, the last that was finished: a run that was cut leaves another. */
export function newest<F extends Found>(found: readonly F[]): readonly F[] {
  const rank = ({ entry: { pending, at } }: Found): string => `${pending ? '0' : '1'}${at}`;
  const byName = new Map<string, F>();
  for (const each of found) {
    const name = JSON.stringify([each.about.server, each.about.set, each.entry.name]);
    const before = byName.get(name);
    if (before === undefined || rank(before) < rank(each)) byName.set(name, each);
  }
  return [...new Map([...byName.values()].map((each) => [each.entry.key_id, each])).values()];
}

async function opened({ path, entry }: Found, { by, seal }: KeyringChoice): Promise<Entry> {
  if (entry.secret.isOpen()) return entry;
  const { lines } = await loadJournal(path, by);
  const own = await openLines(
    lines.filter((line) => 'key_id' in line && line.key_id === entry.key_id),
    seal,
  );
  return replay(own.lines).entries.get(entry.key_id) ?? entry;
}

/** Nobody reads more of a list. */
const MOST = 5;

function namesOf(found: readonly Found[]): string {
  const some = found
    .slice(0, MOST)
    .map(({ about, entry }) => `${oneLine(entry.name)} (${oneLine(about.set)} at ${about.server})`);
  return some.join(', ') + (found.length > MOST ? ` and ${String(found.length - MOST)} more` : '');
}

function ambiguous({ selector }: WantedKey, found: readonly Found[]): VkeysError {
  const isNone = selector === null;
  return new VkeysError(
    isNone ? 'usage' : 'refused',
    `${isNone ? 'The keyring has several keys' : `${oneLine(selector.label)} may be one of several`}: ${namesOf(found)}.`,
    isNone
      ? 'Name one; see them all: vkeys keyring list'
      : 'Say which: --set NAME, --server URL, or its hash; see them: vkeys keyring list',
  );
}

function gone({ selector }: WantedKey): VkeysError {
  return new VkeysError(
    'usage',
    `${selector === null ? 'Every key of the keyring' : `The key of ${oneLine(selector.label)}`} is gone from its server.`,
    'Make it anew with the command that made it: vkeys apply, or vkeys create',
  );
}

/** `elsewhere`: those of another set or server. */
export function unknown({ selector }: WantedKey, elsewhere: readonly Found[]): VkeysError {
  const [first] = elsewhere;
  if (first !== undefined)
    return new VkeysError(
      'usage',
      `The keyring has ${selector === null ? 'no key' : `nothing of ${oneLine(selector.label)}`} there, but has ${namesOf(elsewhere)}.`,
      `Give the set and server that it is of: --set ${posixWord(oneLine(first.about.set))} --server ${first.about.server}`,
    );
  return new VkeysError(
    'usage',
    selector === null ? 'The keyring has no key.' : `The keyring has nothing of ${oneLine(selector.label)}.`,
    'See what it has: vkeys keyring list. A key that is elsewhere: --keyring PATH, or vkeys keyring import NAME < FILE',
  );
}
