import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import type { OptionsOf } from '../../options.ts';
import { changeThing, updateThingFlags } from '../../thing-update.ts';

export const examples = [
  'vkeys team update lab --max-budget 200',
  'vkeys team update lab --unset max_budget --metadata course=2027',
];

export function flags(command: Command) {
  return updateThingFlags(command.argument('<team>', 'an alias or a team_id'), 'team');
}

/** Changes just the named fields of one team. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return changeThing(console, 'team', word, options);
}
