import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { getThing } from '../../get-thing.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = ['vkeys team get lab', 'vkeys team get lab -o json'];

export function flags(command: Command) {
  return command.argument('<team>', 'an alias or a team_id');
}

/** Shows one team in full, with its members. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return getThing(console, 'team', word, options);
}
