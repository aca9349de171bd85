/** Deleting keys that somebody named, whoever made them. */
import type { Report } from '../model/outcome.ts';
import type { Notice, Plan, Refusal } from '../model/plan.ts';
import { guard } from '../plan/guard.ts';
import type { Ran } from './apply.ts';
import { openChoice, type Choice, type Named } from './choice.ts';
import { applyByHand, deletionByHand, nothingDeleted, planByHand } from './by-hand.ts';
import { withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { RefusedError } from './plan.ts';
import { NoSuchKey, selectKeys, type Selection } from './select.ts';
import { setOf } from './single.ts';
import { detailOf, serverOf } from './survey.ts';
import { unmatchedNotices } from './unmatched.ts';

/** What is to be deleted, set by set, and what was named and is not there. */
export type Doomed = { readonly plans: readonly Plan[]; readonly missing: readonly string[] };

/**
 * Deletes what is meant, after `approve` has seen it. With words that name nothing the run ends with an error, after the rest
 * is done. Throws `RefusedError` where patterns and filters take an unlikely share,
 * or may mean more than the server showed.
 */
export async function deleteChosen(
  context: Context<RunOptions>,
  choice: Choice,
  approve: (doomed: Doomed) => Promise<void>,
): Promise<Ran> {
  const { world, options, hear } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const { session, named } = await openChoice(context, sessions, choice);
    const look = detailOf([]);
    const selection = await selectKeys({ session, hear, look }, named);
    if (selection.isShort) throw new RefusedError(selection.gaps.map(shortRefusal));
    const plans = plansFor(selection);
    const missing = selection.missing.map(({ label }) => label);
    const refusals = guard(
      plans.map((plan) => ({ plan, size: selection.sizes.get(plan.set) ?? 0 })),
      options.maxDeletions,
    );
    if (refusals.length > 0) throw new RefusedError(refusals);
    if (plans.length > 0) await approve({ plans, missing });
    const server = serverOf(world, session, look, selection.survey);
    const ran = await applyByHand(context, sessions, server, plans, started);
    const report = withRest(ran.report, session, named, selection);
    return { report, error: ran.error ?? (missing.length === 0 ? null : new NoSuchKey(selection)) };
  });
}

/** A pattern or a filter would leave some of what it means, and call that done. */
function shortRefusal(message: string): Refusal {
  const hint = 'Run the same command again when less is going on there, or name the keys by their aliases.';
  return { code: 'survey', ref: null, message, hint };
}

/** Each set's secrets are in a keyring of their own. */
function plansFor({ keys, matched }: Selection): readonly Plan[] {
  const sets = [...new Set(keys.map(setOf))];
  return sets.map((set) => {
    const changes = keys.filter((live) => setOf(live) === set).map((live) => deletionByHand(live, matched.has(live)));
    return planByHand({ set, state: 'absent' }, changes);
  });
}

/** The report with what was not there, and what of the list could not be read. */
function withRest(report: Report, { url }: Session, { selectors, filter }: Named, selection: Selection): Report {
  const { keys, missing, sizes, gaps } = selection;
  const [first, ...others] = report.sets;
  const seen = [...sizes.values()].reduce((sum, each) => sum + each, 0);
  /* A word that names nothing is an error of its own. */
  const isUnmatched = keys.length === 0 && selectors.length === 0;
  const more = [
    ...gaps.map((message): Notice => ({ code: 'survey', ref: null, message, hint: null })),
    ...(isUnmatched ? unmatchedNotices({ kind: 'key', named: [], filter, seen, sets: [...sizes.keys()] }) : []),
  ];
  const { notices, ...rest } = first ?? nothingDeleted(url);
  const set = { ...rest, notices: [...notices, ...more], missing: missing.map(({ label }) => label) };
  return { ...report, sets: [set, ...others] };
}
