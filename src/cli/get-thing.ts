/** `team get`, `user get` and `budget get`: one implementation, whatever the kind. */
import type { ListedKind } from '../litellm/list-things.ts';
import { lookAt } from '../run/look-at.ts';
import { withSessions } from '../run/open.ts';
import { startRows } from '../view/list.ts';
import { BESIDE, THING_VIEWS } from '../view/live-thing.ts';
import type { Console } from './console.ts';
import { contextOf } from './listen.ts';
import { lookOf } from './look.ts';
import type { Globals } from './options.ts';
import { emitContent, formatAmong } from './output.ts';

/** Shows one thing in full: a team with its members, a user with what it is in each team. */
export async function getThing(console: Console, kind: ListedKind, word: string, options: Globals): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  const { live, members, now } = await withSessions(contextOf(console, options), async (sessions) => {
    const session = await sessions.open(null);
    const whole = await lookAt(session, kind, word, BESIDE);
    return { ...whole, now: session.connection.clock.server() };
  });
  if (format === 'table') {
    const { thingCardText } = await import('../view/thing-card.ts');
    console.stdout.write(thingCardText(live, members, { ...lookOf(console, console.stdout, options), now }));
    return 0;
  }
  const rows = startRows(THING_VIEWS.member, {});
  rows.add(members ?? [], now);
  const things = { [`${kind}s`]: [THING_VIEWS[kind].row(live, now)], members: [...rows.rows()] };
  await emitContent(console, options, format, { started, things });
  return 0;
}
