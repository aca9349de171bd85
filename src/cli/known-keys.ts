import type { VkeysError } from '../base/errors.ts';
import { findAddress } from '../run/server-address.ts';
import { keyringChoice } from '../run/keyrings.ts';
import { readInventory, type Kept } from '../secrets/inventory.ts';
import type { KnownKey } from '../view/keyring.ts';
import type { Console } from './console.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';
import { say } from './say.ts';

/** A journal, and those of its keys that are meant. */
export type Meant = { readonly kept: Kept; readonly keys: readonly KnownKey[] };

/** What is known in all keyrings, those of --url where that is given. `unreadable`: those that cannot be read. */
export async function knownKeys(
  console: Console,
  options: Globals & { readonly set?: string },
): Promise<{ readonly known: readonly Meant[]; readonly unreadable: readonly VkeysError[] }> {
  const choice = keyringChoice(console, options);
  const url = options.url === undefined ? null : (await findAddress(contextOf(console, options), null)).url;
  const { journals, unreadable } = await readInventory(choice.roots, choice);
  const known = journals
    .filter(({ about: { server, set } }) => (url ?? server) === server && (options.set ?? set) === set)
    .map((kept) => ({ kept, keys: [...kept.state.entries.values()].map((entry) => ({ ...kept.about, entry })) }));
  return { known, unreadable };
}

/** Says what could not be read. */
export function sayUnreadable(console: Console, options: Globals, unreadable: readonly VkeysError[]): void {
  for (const { message, hint } of unreadable) say(console, options, `warning: ${message} ${hint}`);
}
