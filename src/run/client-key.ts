/** The key that a client is to use, and its server: from the keyring, from standard input, or from a hand-out. No server is asked. */
import { resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import { fileError, makeFolders, readTextFile } from '../deliver/text-file.ts';
import type { Values } from '../encode/filled.ts';
import { handedKeys, type HandedKey } from '../encode/handed-keys.ts';
import { oneLine } from '../encode/terminal.ts';
import { variablePart } from '../encode/variable.ts';
import { serverUrl } from '../litellm/http/url.ts';
import type { Entry } from '../model/keyring.ts';
import { selectorOf, type Selector } from '../model/selector.ts';
import { findKept, type WantedKey } from './kept-key.ts';
import type { KeyringFlags } from './keyrings.ts';
import type { Context } from './open.ts';
import type { ConnectOptions } from './options.ts';
import { findAddress } from './server-address.ts';

/** `found`: what vkeys has to be told to find it again, in the words of `encode/client-parts.ts`; `null`: it was given. */
export type ClientKey = { readonly secret: Secret; readonly url: string; readonly found: Values | null };

/** Where the key is. */
export type KeySource =
  | { readonly is: 'given'; readonly secret: Secret }
  | { readonly is: 'file'; readonly path: string; readonly selector: Selector | null }
  | ({ readonly is: 'keyring' } & WantedKey);

type Options = ConnectOptions & KeyringFlags;

/** The key, and the address that a flag says, or its keyring or file, or else the environment or a profile. Throws `usage`, `refused`, `config`. */
export async function clientKey(context: Context<Options>, source: KeySource): Promise<ClientKey> {
  const { options } = context;
  const isSaid = options.url !== undefined || options.profile !== undefined;
  const addressOf = async (own: string | null): Promise<string> =>
    own === null || isSaid ? (await findAddress(context, null)).url : serverUrl(own);
  if (source.is === 'given') return { secret: source.secret, url: await addressOf(null), found: null };
  if (source.is === 'file') {
    const from = resolve(context.world.cwd, source.path);
    const { secret, address, name } = await keyInFile(from, source.selector);
    const url = await addressOf(address);
    const said = { ...(address === null || isSaid ? { url } : {}), ...(source.selector === null ? {} : { name }) };
    return { secret, url, found: { from, ...said } };
  }
  const { entry, about } = await findKept(context.world, options, source);
  const found = { name: wordOf(entry), set: about.set, server: about.server, ...keyringWords(context) };
  return { secret: entry.secret, url: await addressOf(about.server), found };
}

/** The alias, or the hash of a key whose alias a command line takes for something else. */
function wordOf({ name, key_id }: Entry): string {
  if (name === '-') return key_id;
  try {
    const { is, text } = selectorOf(name);
    return text === name && ['alias', 'glob', 'beginning'].includes(is) ? name : key_id;
  } catch {
    return key_id;
  }
}

/** A keyring that is not where it usually is has to be named to a program that another starts. */
function keyringWords({ world, options }: Context<Options>): Values {
  const keyring = options.keyring ?? variable(world.env, 'VKEYS_KEYRING');
  const identity = options.ageIdentity ?? variable(world.env, 'VKEYS_AGE_IDENTITY');
  if (keyring === undefined || keyring === 'none') return {};
  const [, kind = '', path = ''] = /^(age:)?(.*)$/s.exec(keyring) ?? [];
  return {
    keyring: kind + (path === '' ? '' : resolve(world.cwd, path)),
    ...(kind === '' || identity === undefined ? {} : { age_identity: resolve(world.cwd, identity) }),
  };
}

async function keyInFile(path: string, selector: Selector | null): Promise<HandedKey> {
  const text = await handedText(path);
  const all = await handedKeys(text);
  const meant = selector === null ? all : all.filter((each) => isNamed(each, selector));
  const [first, ...others] = meant;
  if (first !== undefined && others.length === 0) return first;
  const names = (first === undefined ? all : meant).map(({ name }) => oneLine(name)).join(', ');
  const what = selector === null ? '' : ` of ${oneLine(selector.label)}`;
  throw new VkeysError(
    'usage',
    first === undefined ? `${oneLine(path)} has no key${what}.` : `${oneLine(path)} has several keys${what}: ${names}.`,
    names === '' ? 'Give a .env, JSON or CSV file that has one.' : `Name one of these: ${names}`,
  );
}

/** By its alias, or by the variable that is made of it. */
function isNamed({ name, secret }: HandedKey, { is, text }: Selector): boolean {
  if (is === 'mask') return secret.masked().endsWith(text);
  return name === text || secret.hash().startsWith(text.toLowerCase()) || name.startsWith(`${variablePart(text)}_`);
}

/** The text of a hand-out. Throws `usage` where there is none. */
export async function handedText(path: string): Promise<string> {
  const { text } = await readTextFile({ path, within: null }, makeFolders()).catch((error: unknown) => {
    throw fileError(error, path);
  });
  if (text !== null) return text;
  throw new VkeysError(
    'usage',
    `There is no file ${oneLine(path)}.`,
    'Give the file of a hand-out: --from secrets/ada.env',
  );
}
