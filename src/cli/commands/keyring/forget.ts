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
import { confirm } from '../../prompt.ts';
import { say } from '../../say.ts';
import { KEY, selectorsIn } from '../../selectors.ts';

export const examples = ['vkeys keyring forget lab-user1', 'vkeys keyring forget lab-user1 lab-user2 --set lab --yes'];

export function flags(command: Command) {
  return command.argument('<key...>', KEY).option('--set <name>', 'of this set').option('-y, --yes', 'do not ask');
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
  const selectors = await selectorsIn(console, options, words);
  const ids = new Set(selectors.map((selector) => meantBy(selector, all)));
  const lines = all
    .filter(({ entry }) => ids.has(entry.key_id))
    .map(({ entry: { name, key_id }, set, server }) => `${oneLine(name)} (${key_id}) of ${oneLine(set)} at ${server}`);
  const question = `${count(ids.size, 'secret')} will be forgotten: ${lines.join(', ')}. The server keeps the key.`;
  await confirm(console, options.yes === true, question);
  for (const { kept, keys } of known) {
    const gone = keys.filter(({ entry }) => ids.has(entry.key_id)).map(({ entry }) => entry.key_id);
    if (gone.length > 0) await forgetIn(console, options, kept, gone);
  }
  const [error = null] = unreadable;
  if (format !== 'table') await emitContent(console, options, format, { started, changed: true, error });
  sayUnreadable(console, options, unreadable);
  say(console, options, `Forgot ${count(ids.size, 'secret')}.`);
  return error === null ? 0 : exitCodeFor(error);
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

async function forgetIn(
  console: Console,
  options: Globals,
  { path, about }: Kept,
  gone: readonly string[],
): Promise<void> {
  const opening = { ...openingOf(contextOf(console, options), console), blind: true };
  const keyring = await openKeyring(
    path,
    about,
    await portsOf(console, keyringChoice(console, options), path, about.set, opening),
  );
  try {
    await keyring.record(gone.map((key_id): Line => ({ op: 'drop', key_id, why: 'forgotten' })));
  } finally {
    const problem = await keyring.close();
    if (problem !== null) opening.warning(problem);
  }
}
