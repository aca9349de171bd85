import type { Command } from '@commander-js/extra-typings';
import { keyHolder } from '../../../run/key-holder.ts';
import type { Console } from '../../console.ts';
import { keyListFlags, listKeys } from '../../list-keys.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys user keys ada@example.com',
  'vkeys user keys ada@example.com --columns key_alias,team_id,spend',
];

export function flags(command: Command) {
  return keyListFlags(command)
    .argument('<user>', 'a user_id, or an address or alias that nobody else has')
    .option('--team <team_id>', 'of this team');
}

/** Lists the keys of a user, in all teams and in none. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return listKeys(console, options, {
    ownerIn: async (session) => ({ user_id: await keyHolder(session, word) }),
  });
}
