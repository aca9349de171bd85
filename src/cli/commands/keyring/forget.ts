import type { Command } from '@commander-js/extra-typings';
import { VkeysError } from '../../../base/errors.ts';
import { oneLine } from '../../../encode/terminal.ts';
import { maskOf } from '../../../litellm/key-store.ts';
import type { Line } from '../../../model/keyring.ts';
import { isNamed, type Selector } from '../../../model/selector.ts';
import { keyringChoice, portsOf } from '../../../run/keyrings.ts';
import { openingOf } from '../../../run/open.ts';
import type { Kept } from '../../../secrets/inventory.ts';
import { openKeyring } from '../../../secrets/keyring.ts';
import type { KnownKey } from '../../../view/keyring.ts';
import { count } from '../../../view/value.ts';
import type { Console } from '../../console.ts';
import { exitCodeFor } from '../../exit.ts';
import { knownKeys, sayUnreadable } from '../../known-keys.ts';
import { contextOf } from '../../listen.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { Globals, OptionsOf } from '../../options.ts';
import { collect } from '../../option-values.ts';
import { confirm } from '../../prompt.ts';
import { say } from '../../say.ts';
import { KEY, selectorsIn } from '../../selectors.ts';

export const examples = ['vkeys keyring forget lab-user1', 'vkeys keyring forget lab-user1 lab-user2 --set lab --yes'];

const PLACE = [
  '--place <path>',
  'not the secret, but that it is at this place: for one that is gone for good (repeatable)',
] as const;

export function flags(command: Command) {
  return command
    .argument('[key...]', KEY)
    .option('--set <name>', 'of this set')
    .option(...PLACE, collect)
    .option('-y, --yes', 'do not ask');
}

/** Forgets secrets by name or hash, wherever they are. */
export async function action(
  console: Console,
  words: readonly string[],
  options: OptionsOf<typeof flags>,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { known, unreadable } = await knownKeys(console, options);
  const all = known.flatMap(({ keys }) => keys);
  const { place: paths = [] } = options;
  if (words.length === 0 && paths.length === 0) throw nothingNamed();
  const selectors = await selectorsIn(console, options, words);
  const named = new Set(selectors.map((selector) => meantBy(selector, all)));
  if (paths.length > 0) return forgetPlaces(console, options, { known, named, paths, started, format });
  const ids = named;
  const lines = all
    .filter(({ entry }) => ids.has(entry.key_id))
    .map(({ entry: { name, key_id }, set, server }) => `${oneLine(name)} (${key_id}) of ${oneLine(set)} at ${server}`);
  const question = `${count(ids.size, 'secret')} will be forgotten: ${lines.join(', ')}. The server keeps the key.`;
  await confirm(console, options.yes === true, question);
  for (const { kept, keys } of known) {
    const gone = keys.filter(({ entry }) => ids.has(entry.key_id)).map(({ entry }) => entry.key_id);
    const dropped = gone.map((key_id): Line => ({ op: 'drop', key_id, why: 'forgotten' }));
    if (gone.length > 0) await recordIn(console, options, kept, dropped);
  }
  const [error = null] = unreadable;
  if (format !== 'table') await emitContent(console, options, format, { started, changed: true, error });
  sayUnreadable(console, options, unreadable);
  say(console, options, `Forgot ${count(ids.size, 'secret')}.`);
  return error === null ? 0 : exitCodeFor(error);
}

type Asked = {
  readonly known: readonly { readonly kept: Kept; readonly keys: readonly KnownKey[] }[];
  /** The keys that are meant, by id; none is all. */
  readonly named: ReadonlySet<string>;
  readonly paths: readonly string[];
  readonly started: Date;
  readonly format: 'table' | 'json' | 'yaml';
};

/** Forgets that keys are at these places. Throws `usage` where none is. */
async function forgetPlaces(
  console: Console,
  options: Globals & { readonly yes?: true | undefined },
  { known, named, paths, started, format }: Asked,
): Promise<number> {
  const noted = known.map(({ kept, keys }) => ({
    kept,
    lines: keys
      .filter(({ entry }) => named.size === 0 || named.has(entry.key_id))
      .flatMap(({ entry: { key_id, places } }) =>
        places.filter(({ path }) => paths.includes(path)).map((place): Line => ({ op: 'removed', key_id, place })),
      ),
  }));
  const many = noted.reduce((sum, { lines }) => sum + lines.length, 0);
  if (many === 0)
    throw new VkeysError(
      'usage',
      `The keyring has no key at ${paths.map(oneLine).join(', ')}.`,
      'See where they are: vkeys keyring list -o json',
    );
  const question = `That ${count(many, 'key')} is at ${paths.map(oneLine).join(', ')} will be forgotten: what is there stays there.`;
  await confirm(console, options.yes === true, question);
  for (const { kept, lines } of noted) if (lines.length > 0) await recordIn(console, options, kept, lines);
  if (format !== 'table') await emitContent(console, options, format, { started, changed: true });
  say(console, options, `Forgot ${count(many, 'place')}.`);
  return 0;
}

function nothingNamed(): VkeysError {
  return new VkeysError('usage', 'No key was named.', 'Name one, or a place: vkeys keyring forget --place PATH');
}

/** The one key that a word names. Throws `usage`, `refused`. */
function meantBy(word: Selector, all: readonly KnownKey[]): string {
  const isMeant = ({ entry: { key_id: id, name, secret } }: KnownKey): boolean =>
    isNamed(word, { id, name, key_name: secret.isOpen() ? maskOf(secret) : null });
  const [first, ...others] = new Set(all.filter(isMeant).map(({ entry }) => entry.key_id));
  if (first === undefined) {
    throw new VkeysError(
      'usage',
      `The keyring has nothing of ${oneLine(word.label)}.`,
      'See what it has: vkeys keyring list',
    );
  }
  if (others.length === 0) return first;
  throw new VkeysError(
    'refused',
    `${oneLine(word.label)} may be one of several: ${[first, ...others].join(', ')}. Nothing was forgotten.`,
    'Give the hash of the one that is meant; see what they are: vkeys keyring list',
  );
}

async function recordIn(
  console: Console,
  options: Globals,
  { path, about }: Kept,
  lines: readonly Line[],
): Promise<void> {
  const opening = { ...openingOf(contextOf(console, options), console), blind: true };
  const keyring = await openKeyring(
    path,
    about,
    await portsOf(console, keyringChoice(console, options), path, about.set, opening),
  );
  try {
    await keyring.record(lines);
  } finally {
    const problem = await keyring.close();
    if (problem !== null) opening.warning(problem);
  }
}
