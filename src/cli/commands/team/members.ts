/** Who is in a team: listed, or, with a verb and users behind the team, changed. */
import type { Command } from '@commander-js/extra-typings';
import { changeTeamMembers, memberVerb, verbFlags } from '../../change-team-members.ts';
import type { Console } from '../../console.ts';
import { contextOf } from '../../listen.ts';
import type { OptionsOf } from '../../options.ts';
import { printList, shapeFlags } from '../../print-list.ts';
import { membersOf } from '../../../run/look-at.ts';
import { withSessions } from '../../../run/open.ts';
import { selectThing } from '../../../run/select-thing.ts';
import { THING_VIEWS } from '../../../view/live-thing.ts';

export const examples = [
  'vkeys team members lab',
  'vkeys team members lab add ada@example.com --max-budget-in-team 5',
  'vkeys team members lab remove ada@example.com --cascade --yes',
];

export function flags(command: Command) {
  const named = command
    .argument('<team>', 'an alias or a team_id')
    .argument('[verb]', 'add, set or remove; without one, who is in it is listed')
    .argument('[user...]', 'a user_id, an address or an alias; - for one on each line of standard input');
  return verbFlags(shapeFlags(named, THING_VIEWS.member));
}

type Options = OptionsOf<typeof flags>;

export function action(
  console: Console,
  word: string,
  verb: string | undefined,
  users: readonly string[],
  options: Options,
): Promise<number> {
  if (verb !== undefined) return changeTeamMembers(console, word, memberVerb(verb), users, options);
  return printList(console, options, THING_VIEWS.member, (add) =>
    withSessions(contextOf(console, options), async (sessions) => {
      const session = await sessions.open(null);
      const team = await selectThing(session, 'team', word);
      add(await membersOf(session, team.id), session.connection.clock.server());
      return [];
    }),
  );
}
