import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { createThing, createThingFlags } from '../../thing-creation.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys user create grace@example.com --max-budget 20',
  'vkeys user create grace --user-email grace@example.com --user-role internal_user --if-absent',
];

export function flags(command: Command) {
  return createThingFlags(command.argument('<user_id>', 'its id: a name or an address'), 'user');
}

/** Makes one user. */
export function action(console: Console, name: string, options: OptionsOf<typeof flags>): Promise<number> {
  return createThing(console, 'user', name, options);
}
