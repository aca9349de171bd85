/** Notes what a run does to each of its sets in the set's history: before the first change, and after the last. */
import { digest } from '../base/digest.ts';
import { VkeysError } from '../base/errors.ts';
import { VERSION } from '../base/release.ts';
import { variable, type Environment } from '../base/variables.ts';
import { isDeletion } from '../model/change.ts';
import type { HistoryChange, HistoryEvent, Who } from '../model/history.ts';
import { isChanged, type Outcome, type SetReport } from '../model/outcome.ts';
import { hasWork, summarize, type Notice } from '../model/plan.ts';
import { shownChanges } from '../model/shown.ts';
import type { Context } from './open.ts';
import type { PlannedSet } from './plan.ts';
import { specSources } from './spec-source.ts';
import type { World } from './world.ts';

/** What is noted once more when the run is over: a report for each set, in the same order. Answers with what is to be said. */
export type Noting = (reports: readonly SetReport[], error: VkeysError | null) => Promise<readonly SetReport[]>;

/** A set to which nothing is done is not noted, and one that cannot be noted is changed all the same, and says so. */
export async function startNoting({ world }: Pick<Context, 'world'>, sets: readonly PlannedSet[]): Promise<Noting> {
  const noted = new Map<PlannedSet, string>();
  const problems = new Map<PlannedSet, VkeysError>();
  const note = async (set: PlannedSet, event: HistoryEvent): Promise<void> => {
    try {
      await set.keyring.note?.(event);
    } catch (error) {
      if (!(error instanceof VkeysError)) throw error;
      problems.set(set, error);
    }
  };
  for (const set of sets) {
    if (set.keyring.note === undefined || !hasWork(set.plan)) continue;
    const run = runName(world, set);
    noted.set(set, run);
    await note(set, await beginning(world, set, run));
  }
  return async (reports, error) => {
    const told: SetReport[] = [];
    for (const [index, report] of reports.entries()) {
      const set = sets[index];
      const run = set === undefined ? undefined : noted.get(set);
      if (set !== undefined && run !== undefined) await note(set, endOf(world, report, run, error));
      const problem = set === undefined ? undefined : problems.get(set);
      told.push(problem === undefined ? report : { ...report, notices: [...report.notices, unnoted(problem)] });
    }
    return told;
  };
}

/** One process does one thing to a set at a time. */
function runName({ self: { pid, host }, now }: World, { spec: { set } }: PlannedSet): string {
  return digest({ pid, host, set, at: now().toISOString() }).slice(0, 16);
}

async function beginning(world: World, { spec, plan }: PlannedSet, run: string): Promise<HistoryEvent> {
  const { env, self, now } = world;
  const counts = Object.entries(summarize(plan)).filter(([action, count]) => action !== 'noop' && count > 0);
  return {
    is: 'began',
    run,
    at: now().toISOString(),
    command: self.command,
    vkeys: VERSION,
    who: { user: world.user(), host: self.host, ...jobIn(env) },
    specs: await specSources(world, spec.files),
    planned: Object.fromEntries(counts),
  };
}

/** What pipelines say of themselves. */
function jobIn(env: Environment): Pick<Who, 'actor' | 'job'> {
  const [server, repository, id] = (['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'] as const).map((name) =>
    variable(env, name),
  );
  const isGitHub = server !== undefined && repository !== undefined && id !== undefined;
  const job = isGitHub ? `${server}/${repository}/actions/runs/${id}` : null;
  return {
    actor: variable(env, 'GITHUB_ACTOR') ?? variable(env, 'GITLAB_USER_LOGIN') ?? null,
    job: job ?? variable(env, 'CI_JOB_URL') ?? variable(env, 'BUILD_URL') ?? null,
  };
}

function endOf({ now }: World, report: SetReport, run: string, error: VkeysError | null): HistoryEvent {
  const { outcomes, written, withdrawn, version = null } = report;
  const changes = outcomes.flatMap(changeOf);
  const at = now().toISOString();
  return { is: 'ended', run, at, litellm: version, changes, written, withdrawn, error: error?.kind ?? null };
}

function changeOf(outcome: Outcome): readonly HistoryChange[] {
  const { change, status, live } = outcome;
  if (status === 'skipped' || (status === 'applied' && !isChanged(outcome))) return [];
  const { action, ref } = change;
  const last = live ?? change.live;
  const spend = isDeletion(change) && ref.kind === 'key' ? (last?.spend ?? null) : null;
  const { kind, name } = ref;
  return [{ action, kind, name, id: last?.id ?? null, status, fields: shownChanges(change), spend }];
}

function unnoted({ message, hint }: VkeysError): Notice {
  return { code: 'keyring', ref: null, message: `What was done is not in the history. ${message}`, hint };
}
