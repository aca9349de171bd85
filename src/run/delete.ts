/** Deleting keys that somebody named, whoever made them. */
import type { Deletion } from '../model/change.ts';
import type { Plan } from '../model/plan.ts';
import type { Live } from '../model/resource.ts';
import { guard } from '../plan/guard.ts';
import type { Ran } from './apply.ts';
import { openChoice, type Choice } from './choice.ts';
import { applyByHand, deletionByHand, planByHand } from './by-hand.ts';
import { withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { withOldKeys } from './old-keys.ts';
import { RefusedError } from './plan.ts';
import { NoSuchKey, selectKeys, type Selection } from './select.ts';
import { shortRefusals, withRest } from './rest.ts';
import { setOf } from './single.ts';
import { detailOf, serverOf } from './survey.ts';

/** What is to be deleted, set by set, and what was named and is not there. */
export type Doomed = { readonly plans: readonly Plan[]; readonly missing: readonly string[]; readonly url: string };

/** The deletion of a key. `isMatched`: a pattern or a filter chose it. */
type Deleting = (live: Live, isMatched: boolean) => Deletion;

/**
 * Deletes what is meant, after `approve` has seen it; `null` where that did not want it. With words that name nothing the run ends with an error, after the rest
 * is done. Throws `RefusedError` where patterns and filters take an unlikely share,
 * or may mean more than the server showed.
 */
export async function deleteChosen(
  context: Context<RunOptions>,
  choice: Choice,
  approve: (doomed: Doomed) => Promise<boolean>,
  deletionOf: Deleting = deletionByHand,
): Promise<Ran | null> {
  const { world, options, hear } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const { session, named } = await openChoice(context, sessions, choice);
    const look = detailOf([]);
    const looking = { session, hear, look };
    const selection = await withOldKeys(looking, await selectKeys(looking, named));
    const short = shortRefusals(selection);
    if (short.length > 0) throw new RefusedError(short);
    const plans = plansFor(selection, deletionOf);
    const missing = selection.missing.map(({ label }) => label);
    const refusals = guard(
      plans.map((plan) => ({ plan, size: selection.sizes.get(plan.set) ?? 0 })),
      options.maxDeletions,
    );
    if (refusals.length > 0) throw new RefusedError(refusals);
    if (plans.length > 0 && !(await approve({ plans, missing, url: session.url }))) return null;
    const server = serverOf(world, session, look, selection.survey);
    const ran = await applyByHand(context, sessions, server, plans, started);
    const report = withRest(ran.report, session, named, selection, 'absent');
    return { report, error: ran.error ?? (missing.length === 0 ? null : new NoSuchKey(selection)) };
  });
}

/** Each set's secrets are in a keyring of their own. */
function plansFor({ keys, matched }: Selection, deletionOf: Deleting): readonly Plan[] {
  const sets = [...new Set(keys.map(setOf))];
  return sets.map((set) => {
    const changes = keys.filter((live) => setOf(live) === set).map((live) => deletionOf(live, matched.has(live)));
    return planByHand({ set, state: 'absent' }, changes);
  });
}
