/** Changing just the named fields of one team, user or budget, whoever owns it. */
import { storeOf } from '../apply/ports.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import type { Change } from '../model/change.ts';
import { factsOf } from '../model/kind.ts';
import type { Desired } from '../model/resource.ts';
import { difference } from '../plan/diff.ts';
import { sayNone } from './called.ts';
import { changeThings } from './change-things.ts';
import { withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { peopleStores } from './people.ts';
import { NoSuchThing, seeAll, selectThing } from './select-thing.ts';
import { ownedNotices, setOf } from './single.ts';
import { detailOf } from './survey.ts';
import type { Updated } from './update.ts';

/** `wish` has the fields and nothing else that is managed. Throws what `selectThing` throws, and `RefusedError`. */
export async function updateThing(
  context: Context<RunOptions>,
  kind: ListedKind,
  word: string,
  wish: Desired,
): Promise<Updated> {
  const started = context.world.now();
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const { id } = await selectThing(session, kind, word);
    const store = storeOf({ stores: peopleStores(session.connection, detailOf([wish])) }, kind);
    const survey = await store.survey({ ids: [id], names: [], all: false, keep: () => false });
    const live = survey.lives.find((each) => each.id === id);
    if (live === undefined) throw new NoSuchThing([{ word, message: sayNone(kind, word, []) }], [], seeAll(kind));
    const desired: Desired = { ...wish, id, ref: { kind, name: live.name ?? id } };
    let isRefused = false;
    const ran = await changeThings(
      context,
      { sessions, session, started },
      {
        surveys: new Map([[kind, survey]]),
        partFor: (version) => {
          const facts = { kind: factsOf(KINDS, kind), now: survey.now, listed: survey.listed, version };
          const { changes: fields, notices } = difference(desired, live, facts);
          const action = fields.length === 0 ? 'noop' : 'update';
          const change: Change = { action, ref: desired.ref, fields, takes: [], reason: null, desired, live };
          isRefused = action === 'noop' && notices.length > 0;
          const said = action === 'noop' ? notices : [...notices, ...ownedNotices(desired.ref, setOf(live))];
          return { changes: [change], notices: said };
        },
      },
    );
    return { ...ran, isRefused };
  });
}
