import type { Command } from '@commander-js/extra-typings';
import { keyringJson, keyringText, type KnownKey } from '../../../view/keyring.ts';
import type { Console } from '../../console.ts';
import { exitCodeFor } from '../../exit.ts';
import { knownKeys, sayUnreadable } from '../../known-keys.ts';
import { lookOf } from '../../look.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys keyring list', 'vkeys keyring list --set lab -o json'];

export function flags(command: Command) {
  return command.option('--set <name>', 'of this set');
}

/** Lists what is known in all keyrings, those of --url where that is given. 3 when one of them cannot be read. */
export async function action(console: Console, options: OptionsOf<typeof flags>): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { known, unreadable } = await knownKeys(console, options);
  const [error = null, ...others] = unreadable;
  const keys = known.flatMap(({ keys: some }) => some).toSorted(byName);
  if (format === 'table') console.stdout.write(keyringText(keys, lookOf(console, console.stdout, options)));
  else await emitContent(console, options, format, { started, keys: keys.map(keyringJson), error });
  sayUnreadable(console, options, format === 'table' ? unreadable : others);
  return error === null ? 0 : exitCodeFor(error);
}

function byName(a: KnownKey, b: KnownKey): number {
  const collator = new Intl.Collator('en', { numeric: true });
  return (
    collator.compare(a.server, b.server) ||
    collator.compare(a.set, b.set) ||
    collator.compare(a.entry.name, b.entry.name)
  );
}
