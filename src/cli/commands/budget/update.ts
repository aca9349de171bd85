import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import type { OptionsOf } from '../../options.ts';
import { changeThing, updateThingFlags } from '../../thing-update.ts';

export const examples = [
  'vkeys budget update frugal --max-budget 30',
  'vkeys budget update frugal --unset max_budget --rpm-limit 10',
];

export function flags(command: Command) {
  return updateThingFlags(command.argument('<budget>', 'a budget_id'), 'budget');
}

/** Changes just the named fields of one budget. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return changeThing(console, 'budget', word, options);
}
