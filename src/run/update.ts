/** Changing just what is named of one key, whoever owns it. */
import { KEY } from '../kinds/key.ts';
import type { Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';
import type { Selector } from '../model/selector.ts';
import { difference } from '../plan/diff.ts';
import { dependsOnVersion } from '../plan/version.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { Ran } from './apply.ts';
import { applyByHand, planByHand } from './by-hand.ts';
import { checkPlans } from './checks.ts';
import { withIds } from './named-ids.ts';
import { withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { RefusedError } from './plan.ts';
import { selectKey } from './select.ts';
import { ownedNotices, setOf } from './single.ts';
import { detailOf, serverOf } from './survey.ts';
import type { Detail } from '../litellm/survey.ts';

/** What became of it. `isRefused`: the server can do nothing of what was asked. */
export type Updated = Ran & { readonly isRefused: boolean };

/** `wish` has the fields and nothing else that is managed. Throws `NoSuchKey`. */
export function updateChosen(context: Context<RunOptions>, word: Selector, wish: Desired): Promise<Updated> {
  return changeChosen(context, word, async (session) => {
    const whole = await withIds(session, wish);
    return { look: detailOf([whole]), wishFor: () => Promise.resolve({ wish: whole, notices: [] }) };
  });
}

/** What is wanted of a key, seeing how it is, and what is worth saying of that. `look`: what of the key matters. */
export type Asked = {
  readonly look: Detail;
  readonly wishFor: (live: Live) => Promise<{ readonly wish: Desired; readonly notices: readonly Notice[] }>;
};

/** Throws `NoSuchKey`, and what `ask` throws. */
export async function changeChosen(
  context: Context<RunOptions>,
  word: Selector,
  ask: (session: Session) => Promise<Asked>,
): Promise<Updated> {
  const { world, hear } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const { look, wishFor } = await ask(session);
    const { live, survey } = await selectKey({ session, hear, look }, word);
    const { wish, notices: more } = await wishFor(live);
    const desired: Desired = { ...wish, ref: { kind: live.kind, name: live.name ?? live.id } };
    const server = serverOf(world, session, look, survey);
    const planWith = (version: string | null): Plan => {
      const facts = { kind: KEY, now: survey.now, listed: survey.listed, version };
      const { changes, notices } = difference(desired, live, facts);
      const action = changes.length === 0 ? 'noop' : 'update';
      const change: Change = { action, ref: desired.ref, fields: changes, takes: [], reason: null, desired, live };
      const set = setOf(live);
      const said = [...notices, ...more, ...(action === 'noop' ? [] : ownedNotices(desired.ref, set))];
      return planByHand({ set, state: 'present' }, [change], said);
    };
    const first = planWith(null);
    const made = dependsOnVersion(first, KINDS) ? planWith(await server.version()) : first;
    const said = await checkPlans([made], session, { modelCheck: false });
    const refusals = said.flatMap((each) => each.refusals);
    if (refusals.length > 0) throw new RefusedError(refusals);
    const plan = { ...made, notices: [...made.notices, ...said.flatMap(({ notices }) => notices)] };
    const ran = await applyByHand(context, sessions, server, [plan], started);
    return { ...ran, isRefused: plan.changes.every(({ action }) => action === 'noop') && plan.notices.length > 0 };
  });
}
