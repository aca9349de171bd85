import type { Command } from '@commander-js/extra-typings';
import { selectThing } from '../../../run/select-thing.ts';
import type { Console } from '../../console.ts';
import { keyListFlags, listKeys } from '../../list-keys.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys team keys lab', 'vkeys team keys lab --status expired --sort -spend'];

export function flags(command: Command) {
  return keyListFlags(command).argument('<team>', 'an alias or a team_id').option('--user <user_id>', 'of this user');
}

/** Lists the keys of a team. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return listKeys(console, options, {
    ownerIn: async (session) => ({ team_id: (await selectThing(session, 'team', word)).id }),
  });
}
