import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { listThings, thingListFlags } from '../../list-things.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys budget list', 'vkeys budget list --sort -max_budget --columns budget_id,max_budget'];

export function flags(command: Command) {
  return thingListFlags(command, 'budget');
}

/** Lists the budgets of a server: those of members and of teams' members too, which cannot be told from others. */
export function action(console: Console, words: readonly string[], options: OptionsOf<typeof flags>): Promise<number> {
  return listThings(console, 'budget', words, options);
}
