import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import type { OptionsOf } from '../../options.ts';
import { changeThing, updateThingFlags } from '../../thing-update.ts';

export const examples = [
  'vkeys user update ada@example.com --max-budget 50',
  'vkeys user update ada@example.com --user-role internal_user_viewer',
];

export function flags(command: Command) {
  return updateThingFlags(command.argument('<user>', 'a user_id, an address or an alias'), 'user');
}

/** Changes just the named fields of one user. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return changeThing(console, 'user', word, options);
}
