/** `team list`, `user list` and `budget list`: one implementation, whatever the kind. */
import type { Command } from '@commander-js/extra-typings';
import type { ListedKind } from '../litellm/list-things.ts';
import type { Notice } from '../model/plan.ts';
import { listedThings } from '../run/listed-things.ts';
import { withSessions } from '../run/open.ts';
import { unmatchedNotices } from '../run/unmatched.ts';
import type { ListOptions } from '../view/list.ts';
import { BESIDE, THING_VIEWS } from '../view/live-thing.ts';
import type { Console } from './console.ts';
import { gapNotice } from './gaps.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';
import { printList, shapeFlags } from './print-list.ts';

/** The flags of the list of a kind. */
export function thingListFlags(command: Command, kind: ListedKind) {
  const named = command.argument(`[${kind}...]`, 'names or ids; "lab-*" for several');
  return shapeFlags(named, THING_VIEWS[kind]);
}

type Options = Globals & ListOptions & { readonly set?: string | undefined };

/** Lists what the server has of a kind, all pages of it, or what the words name. */
export function listThings(
  console: Console,
  kind: ListedKind,
  words: readonly string[],
  options: Options,
): Promise<number> {
  return printList(console, options, THING_VIEWS[kind], async (add) => {
    const context = contextOf(console, options);
    return withSessions(context, async (sessions) => {
      const session = await sessions.open(null);
      const { set } = options;
      const sets = new Set<string>();
      const notices: Notice[] = [];
      let [done, seen, matched] = [0, 0, 0];
      for await (const part of listedThings(session, kind, { words, columns: BESIDE })) {
        const { lives, total, gaps, read } = part;
        const chosen = lives.filter(({ mark }) => set === undefined || mark?.set === set);
        add(chosen, session.connection.clock.server());
        seen += lives.length;
        matched += chosen.length;
        if (set !== undefined) for (const { mark } of lives) if (mark !== null) sets.add(mark.set);
        done += read;
        context.hear({ is: 'progress', done, total: Math.max(total, done + 1), of: kind });
        notices.push(...gaps.map(gapNotice));
      }
      context.hear({ is: 'progress', done, total: done, of: kind });
      const looked = { kind, named: words, filter: { set }, seen, sets: [...sets] };
      return matched === 0 ? [...notices, ...unmatchedNotices(looked)] : notices;
    });
  });
}
