/** Applies the plans of all sets of one server together, level by level: made upwards, deleted downwards, then delivered. */
import { VkeysError } from '../base/errors.ts';
import { ACTIONS, isCreation, isDeletion, isRotation, isUpdate, type Change } from '../model/change.ts';
import { outcomeOf, type Outcome } from '../model/outcome.ts';
import type { Kind } from '../model/ref.ts';
import { createAll } from './create.ts';
import { deleteAll } from './delete.ts';
import { handOut, type HandedOut } from './hand-out.ts';
import { holdOf, lackOf, unmadeIn } from './lacking.ts';
import { failed, skipped, startPhase, type Done, type Task } from './phase.ts';
import type { ApplyPorts, Work } from './ports.ts';
import { succeedAll } from './rotate.ts';
import { seenLines } from './seen.ts';
import { graceNotices, swapAll } from './swap.ts';
import { correctAll, updateAll } from './update.ts';

/** What became of one set. */
export type Applied = HandedOut & { readonly work: Work };

/** What became of all sets. `error`: what stopped everything. */
export type AllApplied = { readonly applied: readonly Applied[]; readonly error: VkeysError | null };

/**
 * Applies plans: creates, then updates, then deletes, then delivers. One failure does not stop the others; each change's end
 * is an outcome. A keyring that cannot be written stops everything that is yet to come, hand-outs too: it may be another run's.
 */
export async function applyAll(works: readonly Work[], ports: ApplyPorts): Promise<AllApplied> {
  const done: Done[] = [];
  let error = await noteSeen(works, ports);
  const stage = async <C extends Change>(
    tasks: readonly Task<C>[],
    work: (tasks: readonly Task<C>[]) => Promise<readonly Done[]>,
  ): Promise<void> => {
    if (tasks.length === 0) return;
    const end = error === null ? await ending(() => work(tasks)) : null;
    if (end === null) done.push(...tasks.map((task) => skipped(task)));
    else if ('value' in end) done.push(...end.value);
    else {
      error = end.error;
      done.push(...tasks.map((task) => failed(task, end.error)));
    }
  };
  const tasks = works.flatMap((work) => work.plan.changes.map((change): Task => ({ work, change })));
  const making = tasks.filter(({ change }) => isCreation(change) || isUpdate(change) || isRotation(change));
  const phase = startPhase(making.length, ports);
  const tasksOf = (kind: Kind): readonly Task[] => tasks.filter(({ change }) => change.ref.kind === kind);
  for (const kind of kindsUpwards(ports)) {
    const unmade = unmadeIn(done);
    const [possible, lacking] = apart(tasksOf(kind), (change) => lackOf(change, unmade));
    done.push(...lacking);
    await stage(of(possible, kind, isCreation), async (all) =>
      correctAll(kind, await createAll(kind, all, ports, phase), ports),
    );
    await stage(of(possible, kind, isUpdate), (all) => updateAll(kind, all, ports, phase));
    await stage(of(possible, kind, isRotation), (all) => succeedAll(all, ports, phase));
  }
  for (const kind of kindsUpwards(ports).toReversed()) {
    const [possible, held] = apart(of(tasks, kind, isDeletion), (change) => holdOf(change, done, ports.kinds));
    done.push(...held);
    await stage(of(possible, kind, isDeletion), (all) => deleteAll(all, ports));
  }
  const standing = tasks.filter(({ change }) => change.action === 'noop');
  done.push(...standing.map(({ work, change }): Done => ({ work, outcome: outcomeOf(change, 'applied') })));
  const applied: Applied[] = [];
  for (const work of works) {
    const own = done.filter((each) => each.work === work);
    const outcomes = own
      .map(({ outcome }) => outcome)
      .toSorted((a, b) => ACTIONS.indexOf(a.change.action) - ACTIONS.indexOf(b.change.action));
    const end: Ending<HandedOut> | null = error === null ? await ending(() => handOut(work, outcomes)) : null;
    if (end !== null && 'error' in end) ({ error } = end);
    const handed = end !== null && 'value' in end ? end.value : notHandedOut(outcomes);
    applied.push({ ...handed, work, notices: [...own.flatMap(({ notices = [] }) => notices), ...handed.notices] });
  }
  const ends = error === null ? await swapAll(applied, ports) : new Map<Outcome, Outcome>();
  return { applied: applied.map((each) => withEnds(each, ends)), error };
}

function withEnds(applied: Applied, ends: ReadonlyMap<Outcome, Outcome>): Applied {
  const outcomes = applied.outcomes.map((outcome) => ends.get(outcome) ?? outcome);
  return { ...applied, outcomes, notices: [...applied.notices, ...graceNotices(outcomes)] };
}

type Ending<T> = { readonly value: T } | { readonly error: VkeysError };

async function ending<T>(work: () => Promise<T>): Promise<Ending<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof VkeysError) return { error };
    throw error;
  }
}

async function noteSeen(works: readonly Work[], { surveys }: ApplyPorts): Promise<VkeysError | null> {
  const surveyed = works.filter(({ isSurveyed }) => isSurveyed);
  const end = await ending(async () => {
    for (const { keyring } of surveyed) await keyring.record(seenLines(keyring.state(), surveys));
  });
  return 'error' in end ? end.error : null;
}

/** What can be done, and what has failed because of the state of something else. */
function apart<C extends Change>(
  tasks: readonly Task<C>[],
  obstacleTo: (change: C) => VkeysError | null,
): readonly [readonly Task<C>[], readonly Done[]] {
  const possible: Task<C>[] = [];
  const failures: Done[] = [];
  for (const task of tasks) {
    const error = obstacleTo(task.change);
    if (error === null) possible.push(task);
    else failures.push(failed(task, error));
  }
  return [possible, failures];
}

function notHandedOut(outcomes: readonly Outcome[]): HandedOut {
  return { outcomes, notices: [], written: [], withdrawn: [] };
}

function kindsUpwards({ kinds }: ApplyPorts): readonly Kind[] {
  return [...kinds.values()].toSorted((a, b) => a.level - b.level).map(({ kind }) => kind);
}

function of<C extends Change>(
  tasks: readonly Task[],
  kind: Kind,
  is: (change: Change) => change is C,
): readonly Task<C>[] {
  return tasks.flatMap(({ work, change }) => (change.ref.kind === kind && is(change) ? [{ work, change }] : []));
}
