import type { Command } from '@commander-js/extra-typings';
import type { Console } from '../../console.ts';
import { createThing, createThingFlags } from '../../thing-creation.ts';
import { collect } from '../../option-values.ts';
import type { OptionsOf } from '../../options.ts';

export const examples = [
  'vkeys team create class --models gpt-4o-mini --max-budget 100 --budget-duration 30d',
  'vkeys team create class --admin ada@example.com --if-absent',
];

export function flags(command: Command) {
  return createThingFlags(command.argument('<alias>', 'its name'), 'team')
    .option('--admin <user_id>', 'an admin of it; without a licence, only here (repeatable)', collect)
    .option('--member <user_id>', 'who else is in it (repeatable)', collect)
    .option('--team-id <id>', 'its id, where it is not to be made from the set and the name');
}

/** Makes one team, with those who are to be in it. */
export function action(console: Console, name: string, options: OptionsOf<typeof flags>): Promise<number> {
  const { teamId, admin = [], member = [] } = options;
  const members = [
    ...admin.map((user_id) => ({ user_id, role: 'admin' })),
    ...member.map((user_id) => ({ user_id, role: 'user' })),
  ];
  return createThing(console, 'team', name, options, {
    ...(teamId === undefined ? {} : { team_id: teamId }),
    ...(members.length === 0 ? {} : { members }),
  });
}
