/** A run that changes something: open, lock, survey, plan, check, ask, apply, report – each for all sets. */
import { applyAll, type AllApplied, type Applied } from '../apply/levels.ts';
import type { ApplyPorts, Work } from '../apply/ports.ts';
import { readHealth } from '../litellm/health.ts';
import { keyStore } from '../litellm/key-store.ts';
import { whyUnknown } from '../litellm/key-state.ts';
import { VkeysError } from '../base/errors.ts';
import { isCreation, isDeletion, isRotation, type Change } from '../model/change.ts';
import type { Keyring } from '../model/keyring.ts';
import { isSetChanged, outcomeOf, type Report, type SetReport } from '../model/outcome.ts';
import { nameText } from '../model/ref.ts';
import type { Spec } from '../model/spec.ts';
import { mint } from '../secrets/mint.ts';
import { forgetElsewhere } from './elsewhere.ts';
import { withKeyrings } from './keyrings.ts';
import { startNoting } from './note.ts';
import { namedBy, openingOf, withSessions, type Context } from './open.ts';
import type { RunOptions } from './options.ts';
import { KINDS } from '../kinds/kinds.ts';
import { planSets, refusalsOf, RefusedError, type OpenSet, type PlannedSet, type RunPlan } from './plan.ts';
import { seating } from './seating.ts';
import { WHOLE, type SurveyedServer } from './survey.ts';
import type { World } from './world.ts';
import { withUndelivered } from './undelivered.ts';

/** What a run came to. `error`: what stopped it, after some of it was done perhaps. */
export type Ran = { readonly report: Report; readonly error: VkeysError | null };

/** What a caller does between the phases of a run. */
export type Review = {
  /** Looks at the plan before anything else does; `false` ends the run without a change. */
  readonly look?: (planned: RunPlan) => boolean;
  /** Says yes to a plan that could be applied; throws otherwise. */
  readonly approve?: (planned: RunPlan) => Promise<void>;
  /** Prints what was done, before the keyrings are let go: with `none` they forget then. */
  readonly report?: (ran: Ran) => Promise<void>;
};

/**
 * Makes the servers what the specs say. Throws what stops a run before its first change: `RefusedError`, `spec` for
 * models, `config`, `auth` …
 */
export async function applySpecs(
  context: Context<RunOptions>,
  specs: readonly Spec[],
  review: Review = {},
): Promise<Ran> {
  const { world, options } = context;
  const started = world.now();
  return withSessions(context, async (sessions) => {
    const sets: Pick<OpenSet, 'spec' | 'session'>[] = [];
    for (const spec of specs) sets.push({ spec, session: await sessions.open(namedBy(spec, specs)) });
    const abouts = sets.map(({ spec, session }) => ({ server: session.url, set: spec.set }));
    const blind = specs.every(({ state }) => state === 'absent');
    const opening = { ...openingOf(context, sessions), blind };
    const ended = await withKeyrings(world, options, abouts, opening, async (keyrings) => {
      const opened = sets.map((set, index) => ({ ...set, keyring: keyringAt(keyrings, index) }));
      const planned = await planSets(context, opened);
      const goesOn = review.look?.(planned) ?? true;
      const refusals = goesOn ? refusalsOf(planned) : [];
      if (refusals.length > 0) throw new RefusedError(refusals);
      if (goesOn) await review.approve?.(planned);
      const ran = await applyPlanned(context, goesOn ? planned : { ...planned, sets: [] }, started);
      await review.report?.(ran);
      return ran;
    });
    await forgetElsewhere(context, deletedIn(ended), opening);
    return ended;
  });
}

/** Keys that the run deleted, by themselves or to make room for new ones, and that are forgotten, and at which server. */
export function deletedIn({ report }: Ran): ReadonlyMap<string, string> {
  return new Map(
    report.sets.flatMap(({ url, outcomes }) =>
      outcomes.flatMap(({ change, live, status }) =>
        status === 'applied' &&
        change.live !== null &&
        live?.id !== change.live.id &&
        (isDeletion(change) ? change.hadEnded !== true : isCreation(change) || isAtOnce(change))
          ? [[change.live.id, url] as const]
          : [],
      ),
    ),
  );
}

function isAtOnce(change: Change): boolean {
  return isRotation(change) && change.terms.grace === 0;
}

function keyringAt(keyrings: readonly Keyring[], index: number): Keyring {
  const keyring = keyrings[index];
  if (keyring === undefined) throw new Error('a keyring for each set');
  return keyring;
}

/** Applies what was planned, server by server. What stops it is told together with what was done. */
export async function applyPlanned(context: Context<RunOptions>, { sets }: RunPlan, started: Date): Promise<Ran> {
  const { world, hear } = context;
  const onStop = (): void => hear({ is: 'stopping' });
  world.stop.addEventListener('abort', onStop, { once: true });
  const noted = await startNoting(context, sets);
  const applied = new Map<PlannedSet, Applied>();
  let error: VkeysError | null = null;
  try {
    for (const server of new Set(sets.map((set) => set.server))) {
      const here = sets.filter((set) => set.server === server);
      for (const { keyring, borrowed } of here) await keyring.record(borrowed);
      const end = await applyAll(
        here.map((set) => workOf(set, world)),
        portsFor(context, server),
      );
      for (const [index, set] of here.entries()) {
        const one = end.applied[index];
        if (one !== undefined) applied.set(set, one);
      }
      error = end.error ?? unbegun(end, server.session.stop);
      if (error !== null) break;
    }
  } catch (thrown) {
    if (!(thrown instanceof VkeysError)) throw thrown;
    error = thrown;
  } finally {
    world.stop.removeEventListener('abort', onStop);
  }
  const ended = world.now();
  const reports = sets.map((set) => withUndelivered(context, set.spec, reportOf(set, applied.get(set))));
  return { report: { started, ended, sets: await noted(await withVersions(reports, sets), error) }, error };
}

/** A deadline that is over between two requests is no request's error, and has to be told where it left something undone. */
function unbegun({ applied }: AllApplied, { reason }: AbortSignal): VkeysError | null {
  const isLeft = applied.some(({ outcomes }) => outcomes.some(({ status }) => status === 'skipped'));
  return isLeft && reason instanceof VkeysError ? reason : null;
}

/** Nobody waits longer for what is only said, in milliseconds. */
const PATIENCE = 5000;

/** Of what was changed the report is a proof, which says what changed it: each server is asked once for its version. */
async function withVersions(reports: readonly SetReport[], sets: readonly PlannedSet[]): Promise<readonly SetReport[]> {
  const versions = new Map<SurveyedServer, string | null>();
  const told: SetReport[] = [];
  for (const [index, report] of reports.entries()) {
    const server = sets[index]?.server;
    if (server === undefined || !isSetChanged(report)) told.push(report);
    else {
      if (!versions.has(server)) versions.set(server, await versionOf(server));
      told.push({ ...report, version: versions.get(server) ?? null });
    }
  }
  return told;
}

async function versionOf({ session: { connection, stop }, knownVersion }: SurveyedServer): Promise<string | null> {
  if (knownVersion() !== null || stop.aborted) return knownVersion();
  const signal = AbortSignal.any([connection.signal, AbortSignal.timeout(PATIENCE)]);
  try {
    return (await readHealth({ ...connection, signal, stop: AbortSignal.abort() })).version;
  } catch {
    return null;
  }
}

function workOf({ spec, plan, keyring, deliverer, isSurveyed }: PlannedSet, world: World): Work {
  return { plan, keyring, deliverer, ...seating(spec, world), isSurveyed };
}

function portsFor({ world, options, hear }: Context<RunOptions>, server: SurveyedServer): ApplyPorts {
  const { session, stores, surveys } = server;
  const { connection, stop } = session;
  return {
    kinds: KINDS,
    stores,
    surveys,
    version: server.knownVersion(),
    mint: () => mint(world.randomBytes),
    works: (secret) => whyUnknown(connection, secret),
    whole: async (ids) => (await keyStore(connection, WHOLE).survey({ ids, names: [], all: false })).lives,
    now: () => connection.clock.server(),
    concurrency: options.concurrency,
    turn: connection.pace.turn,
    sleep: (milliseconds) => world.sleep(milliseconds, stop),
    stop,
    progress: (done, total) => hear({ is: 'progress', done, total }),
  };
}

function reportOf({ spec, session, plan }: PlannedSet, applied: Applied | undefined): SetReport {
  const { outcomes = plan.changes.map((change) => outcomeOf(change, 'skipped')), notices = [] } = applied ?? {};
  return {
    set: spec.set,
    state: plan.state,
    url: session.url,
    outcomes,
    missing: plan.notices.flatMap(({ code, ref }) => (code === 'missing' && ref !== null ? [nameText(ref)] : [])),
    notices: [...plan.notices.filter(({ code }) => code !== 'missing'), ...notices],
    written: applied?.written ?? [],
    withdrawn: applied?.withdrawn ?? [],
  };
}
