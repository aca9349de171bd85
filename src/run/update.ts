/** Changing just the named fields of one key, whoever owns it. */
import { KEY } from '../kinds/key.ts';
import type { Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';
import type { Selector } from '../model/selector.ts';
import { difference } from '../plan/diff.ts';
import { dependsOnVersion } from '../plan/version.ts';
import { applyPlanned, type Ran } from './apply.ts';
import { checkPlans } from './checks.ts';
import { delivererFor } from './deliver.ts';
import { withKeyrings } from './keyrings.ts';
import { openingOf, withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { RefusedError } from './plan.ts';
import { NOTHING_VANISHED } from '../plan/vanished.ts';
import { KINDS } from '../kinds/kinds.ts';
import { selectKey } from './select.ts';
import { adhoc, setOf } from './single.ts';
import { detailOf, serverOf } from './survey.ts';

/** What became of it. `isRefused`: the server can do nothing of what was asked. */
export type Updated = Ran & { readonly isRefused: boolean };

/** `wish` has the fields and nothing else that is managed. Throws `NoSuchKey`. */
export async function updateChosen(context: Context<RunOptions>, word: Selector, wish: Desired): Promise<Updated> {
  const { world, options, hear } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const look = detailOf([wish]);
    const { live, survey } = await selectKey({ session, hear, look }, word);
    const desired: Desired = { ...wish, ref: { kind: live.kind, name: live.name ?? live.id } };
    const server = serverOf(world, session, look, survey);
    const planWith = (version: string | null): Plan => {
      const facts = { kind: KEY, now: survey.now, listed: survey.listed, version };
      const { changes, notices } = difference(desired, live, facts);
      const action = changes.length === 0 ? 'noop' : 'update';
      const change: Change = { action, ref: desired.ref, fields: changes, takes: [], reason: null, desired, live };
      const set = setOf(live);
      const said = action === 'noop' ? notices : [...notices, ...ownedNotices(desired, set)];
      return { set, state: 'present', changes: [change], rewrites: [], withdrawals: [], notices: said, refusals: [] };
    };
    const first = planWith(null);
    const made = dependsOnVersion(first, KINDS) ? planWith(await server.version()) : first;
    const said = await checkPlans([made], session, { modelCheck: false });
    const refusals = said.flatMap((each) => each.refusals);
    if (refusals.length > 0) throw new RefusedError(refusals);
    const plan = { ...made, notices: [...made.notices, ...said.flatMap(({ notices }) => notices)] };
    const spec = adhoc(plan.set);
    const about = { server: session.url, set: plan.set };
    return withKeyrings(world, options, [about], openingOf(context, sessions), async ([keyring]) => {
      if (keyring === undefined) throw new Error('a keyring for each set');
      const deliverer = delivererFor({ ...spec, deliver: null }, session.url, world, options.sandbox === true);
      const more = {
        state: keyring.state(),
        borrowed: [],
        deliverer,
        isSurveyed: false,
        size: 1,
        vanished: NOTHING_VANISHED,
      };
      const ran = await applyPlanned(
        context,
        { sets: [{ spec, session, keyring, server, plan, ...more }], refusals: [] },
        started,
      );
      return { ...ran, isRefused: plan.changes.every(({ action }) => action === 'noop') && plan.notices.length > 0 };
    });
  });
}

/** What `create` makes is in no spec. */
const ADHOC = 'adhoc';

/** Whoever has the set's spec changes back what it says otherwise. */
function ownedNotices({ ref }: Desired, set: string): readonly Notice[] {
  if (set === ADHOC) return [];
  const message = `It belongs to the set ${set}: the next apply of its spec takes back what that says otherwise.`;
  return [{ code: 'owned', ref, message, hint: 'To keep the change, make it in the spec too.' }];
}
