import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { deleteThingFlags, removeThings } from '../../thing-deletion.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys budget delete frugal', 'vkeys budget delete frugal --ignore-missing --yes'];

export function flags(command: Command) {
  return deleteThingFlags(command, 'budget');
}

/** Deletes budgets that are named. */
export function action(console: Console, words: readonly string[], options: OptionsOf<typeof flags>): Promise<number> {
  return removeThings(console, 'budget', words, options);
}
