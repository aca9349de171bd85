import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { listThings, thingListFlags } from '../../list-things.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys user list',
  'vkeys user list "*@example.com" --sort -spend',
  'vkeys user list --columns user_id,spend,max_budget -o csv > users.csv',
];

export function flags(command: Command) {
  return thingListFlags(command, 'user').option('--set <name>', 'of this set');
}

/** Lists the users of a server. */
export function action(console: Console, words: readonly string[], options: OptionsOf<typeof flags>): Promise<number> {
  return listThings(console, 'user', words, options);
}
