import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { deleteThingFlags, removeThings } from '../../thing-deletion.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys user delete ada@example.com --cascade',
  'vkeys user delete ada@example.com --cascade --ignore-missing --yes',
];

export function flags(command: Command) {
  return deleteThingFlags(command, 'user');
}

/** Deletes users that are named. */
export function action(console: Console, words: readonly string[], options: OptionsOf<typeof flags>): Promise<number> {
  return removeThings(console, 'user', words, options);
}
