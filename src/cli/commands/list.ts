import type { Command } from '@commander-js/extra-typings';
import { assertOnly, bothNamed, fileChoiceFlags, specsWithKeys } from '../choice.ts';
import type { Console } from '../console.ts';
import { keyListFlags, listKeys } from '../list-keys.ts';
import type { OptionsOf } from '../options.ts';
import { collect } from '../option-values.ts';
import { KEY, ownerFlags } from '../selectors.ts';

export const examples = [
  'vkeys list --set lab --expiring 24h',
  'vkeys list --accessible-to ada@example.com',
  'vkeys list --columns key_alias,spend,last_active -o csv > keys.csv',
];

export function flags(command: Command) {
  return fileChoiceFlags(ownerFlags(keyListFlags(command)))
    .option('--accessible-to <user_id>', 'that are of this user, or shared with the user or a group of theirs')
    .option('--key <key>', `${KEY}; "lab-*" for several (repeatable)`, collect);
}

/** Lists the live keys of a server, or those that are named. */
export async function action(console: Console, options: OptionsOf<typeof flags>): Promise<number> {
  const { key, file } = options;
  if (key !== undefined && file !== undefined) throw bothNamed();
  assertOnly(options);
  const specs = file === undefined ? [] : (await specsWithKeys(console, options, file)).specs;
  return listKeys(console, options, { words: key, specs });
}
