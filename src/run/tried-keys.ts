/** The keys that are to be tried: of the keyring, of specs with their places, of a hand-out, or one that is given. No server is asked. */
import { resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { handedKeys } from '../encode/handed-keys.ts';
import { oneLine } from '../encode/terminal.ts';
import { serverUrl } from '../litellm/http/url.ts';
import { isNamed, type Selector } from '../model/selector.ts';
import type { Spec } from '../model/spec.ts';
import type { TriedKey } from '../model/verified.ts';
import { readInventory } from '../secrets/inventory.ts';
import { handedText } from './client-key.ts';
import { lookAtSets } from './deliver-kept.ts';
import { isLive, newest, unknown } from './kept-key.ts';
import { keyringChoice, type KeyringFlags } from './keyrings.ts';
import type { Context } from './open.ts';
import type { ConnectOptions, RunOptions } from './options.ts';
import { findAddress } from './server-address.ts';

/** Where the keys are. */
export type TriedSource =
  | { readonly is: 'given'; readonly secret: Secret }
  | { readonly is: 'files'; readonly paths: readonly string[] }
  | { readonly is: 'specs'; readonly specs: readonly Spec[] }
  | {
      readonly is: 'keyring';
      readonly selectors: readonly Selector[];
      readonly set: string | undefined;
      readonly server: string | undefined;
    };

type Options = ConnectOptions & KeyringFlags & RunOptions;

/** Throws `usage` for what is nowhere, and `config` for what cannot be read. */
export async function triedKeys(context: Context<Options>, source: TriedSource): Promise<readonly TriedKey[]> {
  switch (source.is) {
    case 'given': {
      const { secret } = source;
      const { url } = await findAddress(context, null);
      return [{ ...NOWHERE, name: secret.masked(), key_id: secret.hash(), secret, url }];
    }
    case 'files': {
      const found: TriedKey[] = [];
      for (const path of source.paths) found.push(...(await keysInFile(context, path)));
      return found;
    }
    case 'specs':
      return keysOfSpecs(context, source.specs);
    case 'keyring':
      return keysOfKeyring(context, source);
  }
}

const NOWHERE = { set: null, models: null, held: [] };

/** The server that a flag says, or else the key's own. */
async function addressOf(context: Context, own: string | null): Promise<string> {
  const { url, profile } = context.options;
  const isSaid = url !== undefined || profile !== undefined;
  return own === null || isSaid ? (await findAddress(context, null)).url : serverUrl(own);
}

async function keysInFile(context: Context<Options>, path: string): Promise<readonly TriedKey[]> {
  const keys = await handedKeys(await handedText(resolve(context.world.cwd, path)));
  if (keys.length === 0)
    throw new VkeysError('usage', `${oneLine(path)} has no key.`, 'Give a .env, JSON or CSV file that has some.');
  return Promise.all(
    keys.map(async ({ name, secret, address }) => {
      return { ...NOWHERE, name, key_id: secret.hash(), secret, url: await addressOf(context, address) };
    }),
  );
}

async function keysOfSpecs(context: Context<Options>, specs: readonly Spec[]): Promise<readonly TriedKey[]> {
  const sets = await lookAtSets(context, specs);
  return sets.flatMap(({ spec: { set }, url, kept, lacking }) => [
    ...kept.map(({ desired: { ref, settings }, entry: { key_id, secret }, held }): TriedKey => {
      const wanted = settings['models'];
      const models = Array.isArray(wanted) ? wanted.map(String) : null;
      return { set, name: ref.name, key_id, url, secret, models, held };
    }),
    ...lacking.map(({ ref: { name } }): TriedKey => ({ ...NOWHERE, set, name, key_id: null, url, secret: notKept() })),
  ]);
}

async function keysOfKeyring(
  context: Context<Options>,
  { selectors, set, server }: TriedSource & { readonly is: 'keyring' },
): Promise<readonly TriedKey[]> {
  const choice = keyringChoice(context.world, context.options);
  const { journals, unreadable } = await readInventory(choice.roots, choice);
  const here = journals.filter(
    ({ about }) => (set ?? about.set) === about.set && (server ?? about.server) === about.server,
  );
  const all = here.flatMap(({ path, about, state, closed }) =>
    [...state.entries.values()].map((entry) => ({ path, about, entry, why: closed.get(entry.key_id) })),
  );
  const chosen = selectors.length === 0 ? newest(all.filter(isLive)) : selectors.flatMap((word) => meant(word, all));
  const [first] = unreadable;
  const missing = selectors.find((word) => meant(word, all).length === 0);
  if (chosen.length === 0 || missing !== undefined)
    throw first ?? unknown({ selector: missing ?? null, set, server }, []);
  return Promise.all(
    [...new Set(chosen)].map(async ({ about, entry: { key_id, name, secret }, why }) => {
      const url = await addressOf(context, about.server);
      return { ...NOWHERE, set: about.set, name, key_id, url, secret: why ?? secret };
    }),
  );
}

type Found = Parameters<typeof isLive>[0] & { readonly why: VkeysError | undefined };

/** A name means keys that are there; a hash means that one, whatever became of it. */
function meant(word: Selector, all: readonly Found[]): readonly Found[] {
  const named = all.filter(({ entry: { key_id: id, name, secret } }) =>
    isNamed(word, { id, name, key_name: secret.isOpen() ? secret.masked() : null }),
  );
  return word.is === 'hash' || word.is === 'secret' ? named.slice(0, 1) : newest(named.filter(isLive));
}

function notKept(): VkeysError {
  return new VkeysError('delivery', 'the keyring of this machine does not have it', 'Make it: vkeys apply -f FILE');
}
