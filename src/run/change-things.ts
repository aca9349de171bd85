/** Changes of teams, users, budgets and members that somebody named, whoever made them: planned and checked as those of specs are. */
import { KINDS } from '../kinds/kinds.ts';
import { isDeletion, type Change } from '../model/change.ts';
import type { Notice, Plan, Refusal } from '../model/plan.ts';
import { refText } from '../model/ref.ts';
import { emptySurvey, type Surveys } from '../model/survey.ts';
import { withCascade } from '../plan/cascade.ts';
import { guard } from '../plan/guard.ts';
import { inOrder, type PlanPart } from '../plan/order.ts';
import { withTakes } from '../plan/takes.ts';
import { checkAdmins } from './admins.ts';
import type { Ran } from './apply.ts';
import { applyByHand, planByHand } from './by-hand.ts';
import { checkPlans } from './checks.ts';
import type { Context, Session, Sessions } from './open.ts';
import type { RunOptions } from './options.ts';
import { RefusedError } from './plan.ts';
import { ADHOC, setOf } from './single.ts';
import { detailOf, serverOf } from './survey.ts';
import { withTied } from './tied.ts';

/** What is to be changed. */
export type ThingsWish = {
  /** What was seen of the kinds that are changed. */
  readonly surveys: Surveys;
  /** The changes on a server of this version. */
  readonly partFor: (version: string | null) => PlanPart;
  /** How many things each set has, where some were chosen by a pattern. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** The set in whose keyring a change is noted; that of the thing's mark unless it is given. */
  readonly setFor?: (change: Change) => string;
  /** Sees what would be done, and throws where that is not wanted. */
  readonly approve?: (plans: readonly Plan[]) => Promise<void>;
};

/** Throws `RefusedError` before anything is changed. `started`: when the run began. */
export async function changeThings(
  context: Context<RunOptions>,
  { sessions, session, started }: { readonly sessions: Sessions; readonly session: Session; readonly started: Date },
  wish: ThingsWish,
): Promise<Ran> {
  const { world, options } = context;
  const surveys = await withTied(wish.surveys, wish.partFor(null).changes ?? [], session);
  const keys = surveys.get('key') ?? emptySurvey('key', session.connection.clock.server());
  const server = serverOf(world, session, detailOf([]), keys, { surveys, wishes: new Map() });
  const version = await server.version();
  const { changes, notices, refusals } = inOrder([wish.partFor(version)]);
  const ties = { surveys, kinds: KINDS, version };
  const cascaded = withCascade(changes, ties, options.cascade);
  const whole = withTakes(inOrder([cascaded]).changes, ties);
  const made = plansOf(whole, notices, wish.setFor ?? setOfChange);
  const said = await checkPlans(made, session, { modelCheck: false });
  const stops = [
    ...refusals,
    ...cascaded.refusals,
    ...(whole.some(isDeletion) ? gapsIn(surveys) : []),
    ...(await checkAdmins(made, session)),
    ...said.flatMap((each) => each.refusals),
    ...guard(
      made.map((plan) => ({ plan, size: (wish.sizes?.get(plan.set) ?? plan.changes.length) + alongWith(plan) })),
      options.maxDeletions,
    ),
  ];
  if (stops.length > 0) throw new RefusedError(stops);
  const plans = made.map((plan, index) => ({
    ...plan,
    notices: [...plan.notices, ...(said[index]?.notices ?? [])],
  }));
  await wish.approve?.(plans);
  return applyByHand(context, sessions, server, plans, started);
}

/** A plan for each set that owns some of it; what is said of all stands in the first. */
function plansOf(
  changes: readonly Change[],
  notices: readonly Notice[],
  setFor: (change: Change) => string,
): readonly Plan[] {
  return [...new Set(changes.map(setFor))].map((set, index) => {
    const own = changes.filter((change) => setFor(change) === set);
    const state = own.every(isDeletion) ? 'absent' : 'present';
    return planByHand({ set, state }, own, index === 0 ? notices : []);
  });
}

/** How much goes that is not of the kind that was named. */
function alongWith({ changes }: Plan): number {
  return new Set(changes.flatMap(({ takes }) => takes.map(refText))).size;
}

/** A thing that is to be made is in no set of a spec. */
function setOfChange({ live }: Change): string {
  return live === null ? ADHOC : setOf(live);
}

/** What is not seen may go along, or be left without limits. */
function gapsIn(surveys: Surveys): readonly Refusal[] {
  const short = [...surveys.values()].filter(({ isShort }) => isShort);
  const hint = 'Run the same command again when less is going on there.';
  return short.flatMap(({ gaps }) => gaps.map((message): Refusal => ({ code: 'survey', ref: null, message, hint })));
}
