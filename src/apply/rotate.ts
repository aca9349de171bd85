/**
 * The first half of a rotation: the new key, under a working name, beside the old one, which is not touched unless others
 * have its secret. That it was begun is on the disk before, so whatever cuts it, the next run goes on. No place hears of a
 * secret before the server was asked with it.
 */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import type { Creation, Rotation } from '../model/change.ts';
import type { KeyringState, Line } from '../model/keyring.ts';
import { factsOf } from '../model/kind.ts';
import type { Live } from '../model/resource.ts';
import { workingName } from '../model/rotation.ts';
import { successorOf } from '../plan/successor.ts';
import { createAll } from './create.ts';
import { removeAll } from './delete.ts';
import { applied, failed, skipped, type Done, type Phase, type Task } from './phase.ts';
import { storeOf, type ApplyPorts, type Work } from './ports.ts';
import { correctAll } from './update.ts';

/** Makes the new keys. What it answers with works and is in the keyring, and neither delivered nor in its place. */
export async function succeedAll(
  tasks: readonly Task<Rotation>[],
  ports: ApplyPorts,
  phase: Phase,
): Promise<readonly Done[]> {
  if (ports.stop.aborted) return tasks.map((task) => skipped(task));
  await begin(tasks, ports);
  const barred = await blockLeaked(tasks, ports);
  const open = tasks.filter(({ change }) => !barred.has(change.live.id));
  const made = await makeAll(open, ports, phase);
  const done = [...tasks.flatMap((task) => barredIn(task, barred)), ...made];
  const proven = await proveAll(done, ports);
  await giveUp(proven);
  return proven;
}

function barredIn(task: Task<Rotation>, barred: ReadonlyMap<string, VkeysError>): readonly Done[] {
  const error = barred.get(task.change.live.id);
  return error === undefined ? [] : [failed(task, error)];
}

/** What was begun before stays as it was begun. */
async function begin(tasks: readonly Task<Rotation>[], ports: ApplyPorts): Promise<void> {
  const at = ports.now().toISOString();
  for (const work of worksOf(tasks)) {
    const { rotations } = work.keyring.state();
    const lines = tasks
      .filter((task) => task.work === work && isNew(task.change, rotations))
      .map(({ change: { live, ref, terms } }): Line => ({ op: 'rotating', of: live.id, name: ref.name, at, ...terms }));
    await work.keyring.record(lines);
  }
}

function isNew({ live, terms }: Rotation, rotations: KeyringState['rotations']): boolean {
  return rotations.get(live.id)?.isLeaked !== terms.isLeaked;
}

/** Answers with why some could not be blocked, by id. */
async function blockLeaked(
  tasks: readonly Task<Rotation>[],
  ports: ApplyPorts,
): Promise<ReadonlyMap<string, VkeysError>> {
  const leaked = tasks.filter(({ change: { terms, live } }) => terms.isLeaked && live.settings['blocked'] !== true);
  const errors = new Map<string, VkeysError>();
  await pMap(
    leaked,
    async ({ change: { live } }) => {
      const landed = await ports.turn(() => storeOf(ports, 'key').update(live.id, () => ({ blocked: true })));
      if (landed.is !== 'done') errors.set(live.id, landed.error);
    },
    { concurrency: ports.concurrency },
  );
  return errors;
}

/** A new key that an earlier run made, whose secret is here. */
function keptIn({ work, change }: Task<Creation>, successor: Live | null): Done | null {
  const secret = successor === null ? null : (work.keyring.state().entries.get(successor.id)?.secret ?? null);
  return secret?.isOpen() === true ? applied({ work, change }, { live: successor, secret }) : null;
}

/** The new keys, those of earlier runs among them: those may have been cut off before they had all that they are to have. */
async function makeAll(tasks: readonly Task<Rotation>[], ports: ApplyPorts, phase: Phase): Promise<readonly Done[]> {
  if (tasks.length === 0) return [];
  const whole = await ports.whole(tasks.map(({ change }) => change.live.id));
  const byId = new Map(whole.map((live) => [live.id, live]));
  const makings = tasks.map((task) => {
    const change = creationOf(task.change, byId.get(task.change.live.id) ?? task.change.live, ports);
    return { task, making: { work: task.work, change } };
  });
  const kept = makings.flatMap(({ task, making }) => keptIn(making, task.change.successor) ?? []);
  const isKept = new Set(kept.map(({ outcome }) => outcome.change));
  const lacking = makings.map(({ making }) => making).filter(({ change }) => !isKept.has(change));
  const created = await createAll('key', lacking, ports, phase);
  const corrected = await correctAll('key', [...kept, ...created], ports);
  return makings.flatMap(({ task, making: { change } }) =>
    corrected.filter(({ outcome }) => outcome.change === change).map((done) => asRotation(task, done)),
  );
}

/** What another machine gave up is cleared away first. */
function creationOf(rotation: Rotation, whole: Live, ports: ApplyPorts): Creation {
  const { live, terms, successor } = rotation;
  const facts = factsOf(ports.kinds, live.kind);
  const wanted = successorOf(facts, rotation, unblocked(whole, terms.isLeaked));
  const common = { ref: wanted.ref, fields: [], takes: [], reason: null, desired: wanted };
  return successor === null
    ? { ...common, action: 'create', live: null }
    : { ...common, action: 'replace', because: 'left', live: successor };
}

/** A leaked key was blocked by this rotation, or by whoever saw the leak: that is the old secret's, and not the new one's. */
function unblocked(whole: Live, isLeaked: boolean): Live {
  const { blocked: _, ...settings } = whole.settings;
  return isLeaked ? { ...whole, settings } : whole;
}

function asRotation(task: Task<Rotation>, { outcome, notices = [] }: Done): Done {
  const { status, live, secret, error } = outcome;
  const more = { notices: notices.map((notice) => ({ ...notice, ref: task.change.ref })) };
  if (status === 'applied') return { ...applied(task, { live, secret }), ...more };
  return { ...(error === null ? skipped(task) : failed(task, error)), ...more };
}

/** Asks the server with each new secret. One that it refuses goes again, one of which nothing is known is kept. */
async function proveAll(all: readonly Done[], ports: ApplyPorts): Promise<readonly Done[]> {
  return pMap(
    all,
    async (done) => {
      const { status, secret, live, change } = done.outcome;
      if (status !== 'applied' || secret === null || live === null || live.settings['blocked'] === true) return done;
      const problem = await ports.turn(() => ports.works(secret));
      if (problem === null) return done;
      if (problem.kind === 'auth' && !problem.transient) await removeAll([{ work: done.work, live }], ports);
      const said = `The new secret does not work: ${problem.message}`;
      const hint = 'The old one is as it was. Run the same command again.';
      return failed({ work: done.work, change }, new VkeysError(problem.kind, said, hint, { cause: problem }));
    },
    { concurrency: ports.concurrency },
  );
}

/** A rotation of which nothing is there, and nothing may still come, is over; one that may be goes on with the next run. */
async function giveUp(all: readonly Done[]): Promise<void> {
  for (const work of worksOf(all)) {
    const { entries } = work.keyring.state();
    const failures = all.filter((done) => done.work === work && done.outcome.status === 'failed');
    const lines = failures.flatMap(({ outcome: { change } }): Line[] => {
      const name = workingName(change.ref.name);
      const begun = [...entries.values()].filter((entry) => entry.name === name);
      const gone = begun.filter(({ deleting }) => deleting);
      const isOver = begun.length === gone.length && change.action === 'rotate' && !change.terms.isLeaked;
      return [
        ...gone.map(({ key_id }): Line => ({ op: 'drop', key_id, why: 'deleted' })),
        ...(isOver ? [{ op: 'rotated', of: change.live.id } as const] : []),
      ];
    });
    await work.keyring.record(lines);
  }
}

function worksOf(all: readonly { readonly work: Work }[]): ReadonlySet<Work> {
  return new Set(all.map(({ work }) => work));
}
