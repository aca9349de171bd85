import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { listThings, thingListFlags } from '../../list-things.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys team list',
  'vkeys team list "lab-*" --sort -spend',
  'vkeys team list --columns team_alias,spend,max_budget -o csv > teams.csv',
];

export function flags(command: Command) {
  return thingListFlags(command, 'team').option('--set <name>', 'of this set');
}

/** Lists the teams of a server. */
export function action(console: Console, words: readonly string[], options: OptionsOf<typeof flags>): Promise<number> {
  return listThings(console, 'team', words, options);
}
