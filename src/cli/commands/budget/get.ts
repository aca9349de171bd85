import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { getThing } from '../../get-thing.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys budget get frugal', 'vkeys budget get frugal -o json'];

export function flags(command: Command) {
  return command.argument('<budget>', 'a budget_id');
}

/** Shows one budget in full. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return getThing(console, 'budget', word, options);
}
