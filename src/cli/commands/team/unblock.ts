import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import type { OptionsOf } from '../../options.ts';
import { changeThing } from '../../thing-update.ts';

export const examples = ['vkeys team unblock lab', 'vkeys team unblock lab -o json'];

export function flags(command: Command) {
  return command.argument('<team>', 'an alias or a team_id');
}

/** Lets the keys of a team be used again. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return changeThing(console, 'team', word, options, { blocked: false });
}
