/** Plans that no spec made, of things that somebody named: applied under the keyrings of the sets whose they are. */
import type { Change, Deletion } from '../model/change.ts';
import type { SetReport } from '../model/outcome.ts';
import type { Notice, Plan } from '../model/plan.ts';
import { unmanaged, type Desired, type Live } from '../model/resource.ts';
import { deletion } from '../plan/deletion.ts';
import { NOTHING_VANISHED } from '../plan/vanished.ts';
import { applyPlanned, deletedIn, type Ran } from './apply.ts';
import { delivererFor } from './deliver.ts';
import { forgetElsewhere } from './elsewhere.ts';
import { withKeyrings } from './keyrings.ts';
import { openingOf, type Context, type Sessions } from './open.ts';
import type { RunOptions } from './options.ts';
import type { PlannedSet } from './plan.ts';
import { adhoc } from './single.ts';
import type { SurveyedServer } from './survey.ts';

/** A plan of one set's things without hand-outs: what is handed out stays where it is, or goes with its key. */
export function planByHand(
  { set, state }: Pick<Plan, 'set' | 'state'>,
  changes: readonly Change[],
  notices: readonly Notice[] = [],
): Plan {
  return { set, state, changes, rewrites: [], retractions: [], withdrawals: [], notices, refusals: [] };
}

/** The deletion of something that somebody named, or that a pattern or a filter chose; its reason says whose it is. */
export function deletionByHand(live: Live, isMatched: boolean): Deletion {
  const reason = live.mark === null ? 'not made by vkeys' : `of the set ${live.mark.set}`;
  return deletion({ kind: live.kind, name: live.name ?? live.id }, live, isMatched ? 'matched' : 'named', reason);
}

/** What is to be otherwise of something that is there. */
export function wishByHand({ kind, name, id }: Live, fields: Partial<Desired>): Desired {
  return unmanaged({ kind, name: name ?? id }, fields);
}

/** The report of a run that found nothing. */
export function nothingDone(url: string, state: SetReport['state']): SetReport {
  return { set: null, state, url, outcomes: [], missing: [], notices: [], written: [], withdrawn: [] };
}

/** Applies plans that were checked and agreed to. `started`: when the run began, for its report. */
export async function applyByHand(
  context: Context<RunOptions>,
  sessions: Sessions,
  server: SurveyedServer,
  plans: readonly Plan[],
  started: Date,
): Promise<Ran> {
  const { world, options } = context;
  const { session } = server;
  const abouts = plans.map(({ set }) => ({ server: session.url, set }));
  const opening = { ...openingOf(context, sessions), blind: plans.every(({ state }) => state === 'absent') };
  const ran = await withKeyrings(world, options, abouts, opening, (keyrings) => {
    const sets = plans.flatMap((plan, index): PlannedSet[] => {
      const keyring = keyrings[index];
      if (keyring === undefined) return [];
      const spec = { ...adhoc(plan.set), state: plan.state };
      const deliverer = delivererFor({ ...spec, deliver: null }, session.url, context, options.sandbox === true);
      const more = { borrowed: [], isSurveyed: false, size: plan.changes.length, vanished: NOTHING_VANISHED };
      return [{ spec, session, keyring, server, plan, state: keyring.state(), deliverer, ...more }];
    });
    return applyPlanned(context, { sets, refusals: [] }, started);
  });
  await forgetElsewhere(context, deletedIn(ran), opening);
  return ran;
}
