import type { Command } from '@commander-js/extra-typings';
import { membersOf } from '../../../run/look-at.ts';
import { withSessions } from '../../../run/open.ts';
import { selectThing } from '../../../run/select-thing.ts';
import { THING_VIEWS } from '../../../view/live-thing.ts';
import type { Console } from '../../console.ts';
import { contextOf } from '../../listen.ts';
import type { OptionsOf } from '../../options.ts';
import { printList, shapeFlags } from '../../print-list.ts';

export const examples = ['vkeys team members lab', 'vkeys team members lab --sort -spend -o csv > members.csv'];

export function flags(command: Command) {
  return shapeFlags(command.argument('<team>', 'an alias or a team_id'), THING_VIEWS.member);
}

/** Lists who is in a team, as what, and what each may spend there. */
export function action(console: Console, word: string, options: OptionsOf<typeof flags>): Promise<number> {
  return printList(console, options, THING_VIEWS.member, (add) =>
    withSessions(contextOf(console, options), async (sessions) => {
      const session = await sessions.open(null);
      const team = await selectThing(session, 'team', word);
      add(await membersOf(session, team.id), session.connection.clock.server());
      return [];
    }),
  );
}
