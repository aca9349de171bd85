/** Deleting teams, users and budgets that somebody named, whoever made them. */
import { refText } from '../model/ref.ts';
import type { Plan } from '../model/plan.ts';
import { emptySurvey } from '../model/survey.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import type { Ran } from './apply.ts';
import { deletionByHand, nothingDone } from './by-hand.ts';
import { changeThings } from './change-things.ts';
import { withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { RefusedError } from './plan.ts';
import { NoSuchThing, seeAll } from './select-thing.ts';
import { unmatchedNotices } from './unmatched.ts';
import { selectThings, type ThingChoice } from './select-things.ts';

/** What is to be deleted, set by set, and the words that name nothing. */
export type Doomed = { readonly plans: readonly Plan[]; readonly missing: readonly string[] };

/**
 * Deletes what is meant, after `approve` has seen it. With words that name nothing the run ends with `NoSuchThing`, after the
 * rest is done. Throws `RefusedError`, also where a pattern may mean more than the server showed.
 */
export async function deleteThings(
  context: Context<RunOptions>,
  kind: ListedKind,
  choice: ThingChoice,
  approve: (doomed: Doomed) => Promise<void>,
): Promise<Ran> {
  const started = context.world.now();
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const { lives, matched, missing, sizes, gaps, isShort } = await selectThings(session, kind, choice, COLUMNS);
    if (isShort) throw new RefusedError(gaps.map(shortRefusal));
    const names = missing.map(({ word }) => word);
    const survey = { ...emptySurvey(kind, session.connection.clock.server()), lives };
    const ran = await changeThings(
      context,
      { sessions, session, started },
      {
        surveys: new Map([[kind, survey]]),
        partFor: () => ({ changes: lives.map((live) => deletionByHand(live, matched.has(live))) }),
        sizes,
        approve: (plans) => (plans.length === 0 ? Promise.resolve() : approve({ plans, missing: names })),
      },
    );
    const [first = nothingDone(session.url, 'absent'), ...others] = ran.report.sets;
    const looked = { kind, named: [], filter: { set: choice.set }, seen: sum(sizes.values()), sets: [...sizes.keys()] };
    const isUnmatched = lives.length === 0 && choice.words.length === 0;
    const notices = [...first.notices, ...(isUnmatched ? unmatchedNotices(looked) : [])];
    const error = missing.length === 0 ? null : new NoSuchThing(missing, gaps, seeAll(kind));
    const set = { ...first, notices, missing: names.map((name) => refText({ kind, name })) };
    return { report: { ...ran.report, sets: [set, ...others] }, error: ran.error ?? error };
  });
}

/** A user's row tells its teams; what was spent is told when it is gone. */
const COLUMNS = ['teams'];

function shortRefusal(message: string) {
  const hint = 'Run the same command again when less is going on there, or name what is meant.';
  return { code: 'survey', ref: null, message, hint } as const;
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((all, each) => all + each, 0);
}
