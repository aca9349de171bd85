/** Deleting keys that somebody named, by alias or hash, whoever made them. */
import { keyStore } from '../litellm/key-store.ts';
import type { Change } from '../model/change.ts';
import type { Report, SetReport } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { Live } from '../model/resource.ts';
import { applyPlanned, deletedIn, type Ran } from './apply.ts';
import { delivererFor } from './deliver.ts';
import { forgetElsewhere } from './elsewhere.ts';
import { withKeyrings } from './keyrings.ts';
import { openingOf, withSessions, type Context, type Session } from './open.ts';
import type { RunOptions } from './options.ts';
import { NOTHING_VANISHED } from '../plan/vanished.ts';
import type { PlannedSet } from './plan.ts';
import { adhoc } from './single.ts';
import { serverOf } from './survey.ts';

/** What is to be deleted, set by set, and what was named and is not there. */
export type Doomed = { readonly plans: readonly Plan[]; readonly missing: readonly string[] };

/** Deletes what was named, after `approve` has seen it. */
export async function deleteNamed(
  context: Context<RunOptions>,
  names: readonly string[],
  ids: readonly string[],
  approve: (doomed: Doomed) => Promise<void>,
): Promise<Ran> {
  const { world, options } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const session = await sessions.open(null);
    const survey = await keyStore(session.connection).survey({ ids, names, all: false });
    const doomed = plansFor(names, ids, survey.lives);
    if (doomed.plans.length > 0) await approve(doomed);
    const server = serverOf(world, session, {}, survey);
    const abouts = doomed.plans.map(({ set }) => ({ server: session.url, set }));
    const opening = { ...openingOf(context, sessions), blind: true };
    const ended = await withKeyrings(world, options, abouts, opening, async (keyrings) => {
      const sets = doomed.plans.flatMap((plan, index): PlannedSet[] => {
        const keyring = keyrings[index];
        if (keyring === undefined) return [];
        const spec = { ...adhoc(plan.set), state: 'absent' } as const;
        const deliverer = delivererFor({ ...spec, deliver: null }, session.url, world, options.sandbox === true);
        const state = keyring.state();
        const more = {
          state,
          borrowed: [],
          deliverer,
          isSurveyed: false,
          size: plan.changes.length,
          vanished: NOTHING_VANISHED,
        };
        return [{ spec, session, keyring, server, plan, ...more }];
      });
      const ran = await applyPlanned(context, { sets, refusals: [] }, started);
      return { ...ran, report: withMissing(ran.report, session, doomed.missing) };
    });
    await forgetElsewhere(context, deletedIn(ended), opening);
    return ended;
  });
}

/** Each set's secrets are in a keyring of their own. */
function plansFor(names: readonly string[], ids: readonly string[], lives: readonly Live[]): Doomed {
  const named = new Set(names);
  const seen = lives.filter(({ name, id }) => ids.includes(id) || (name !== null && named.has(name)));
  const known = new Set(seen.flatMap(({ name, id }) => [name ?? '', id]));
  const sets = [...new Set(seen.map(setOf))];
  return {
    plans: sets.map((set) =>
      planFor(
        set,
        seen.filter((live) => setOf(live) === set),
      ),
    ),
    missing: [...named, ...ids].filter((name) => !known.has(name)),
  };
}

function setOf({ mark }: Live): string {
  return mark?.set ?? 'adhoc';
}

function planFor(set: string, lives: readonly Live[]): Plan {
  const changes = lives.map((live): Change => ({
    action: 'delete',
    ref: { kind: live.kind, name: live.name ?? live.id },
    fields: [],
    takes: [],
    reason: live.mark === null ? 'not made by vkeys' : `of the set ${live.mark.set}`,
    because: 'named',
    desired: null,
    live,
  }));
  return { set, state: 'absent', changes, rewrites: [], withdrawals: [], notices: [], refusals: [] };
}

function withMissing(report: Report, { url }: Session, missing: readonly string[]): Report {
  const [first, ...others] = report.sets;
  const nothing: SetReport = {
    set: null,
    state: 'absent',
    url,
    outcomes: [],
    missing: [],
    notices: [],
    written: [],
    withdrawn: [],
  };
  return { ...report, sets: [{ ...(first ?? nothing), missing }, ...others] };
}
