/** Bringing what is there to what is wanted, each with one minimal patch, and reading it back. */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import type { FieldChange, Update } from '../model/change.ts';
import { factsOf } from '../model/kind.ts';
import type { Landed } from '../model/landed.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Kind } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import { difference } from '../plan/diff.ts';
import { isOfMark } from '../plan/marks.ts';
import { applied, failed, skipped, type Done, type Phase, type Task } from './phase.ts';
import { storeOf, type ApplyPorts, type Work } from './ports.ts';
import { exactFacts, ignoredIn, readAgain, comparedIn } from './stored.ts';

export async function updateAll(
  kind: Kind,
  tasks: readonly Task<Update>[],
  ports: ApplyPorts,
  phase: Phase,
): Promise<readonly Done[]> {
  await noteAdopted(tasks, ports);
  const patched = await pMap(
    tasks,
    async (task): Promise<Done> => {
      const { landed } = await phase.step<Step>(
        async () => stepOf(await patch(task.work, task.change.desired, task.change.live, task.change.fields, ports)),
        () => ({ landed: null, error: null }),
      );
      return landed === null ? skipped(task) : endOf(task, landed);
    },
    { concurrency: ports.concurrency },
  );
  return readAgain(kind, patched, ports);
}

/** What is taken over is ours by its id from here on, where nothing else may say so. */
async function noteAdopted(tasks: readonly Task<Update>[], ports: ApplyPorts): Promise<void> {
  const adopted = tasks.filter(
    ({ change: { action, ref } }) => action === 'adopt' && !factsOf(ports.kinds, ref.kind).hasSecret,
  );
  const at = ports.now().toISOString();
  for (const { work, change } of adopted) {
    const { ref, live } = change;
    await work.keyring.record([{ op: 'made', kind: ref.kind, id: live.id, name: ref.name, at }]);
  }
}

type Step = { readonly landed: Landed<Live> | null; readonly error: VkeysError | null };

function stepOf(landed: Landed<Live>): Step {
  return { landed, error: landed.is === 'done' ? null : landed.error };
}

function endOf(task: Task, landed: Landed<Live>, more: Partial<Outcome> = {}): Done {
  return landed.is === 'done' ? applied(task, { ...more, live: landed.value }) : failed(task, landed.error, more);
}

/**
 * Corrects new things where the server gave them something else: an end snapped to its calendar (1.76.3 to 1.80.11), a
 * default for an empty list. What remains is said.
 */
export async function correctAll(kind: Kind, created: readonly Done[], ports: ApplyPorts): Promise<readonly Done[]> {
  const corrected = await pMap(
    created,
    async (done) => {
      const one = comparedIn(done);
      if (one === null) return done;
      const { changes } = difference(one.desired, one.live, exactFacts(kind, ports));
      if (changes.length === 0) return done;
      const landed = await ports.turn(() => patch(done.work, one.desired, one.live, changes, ports));
      const { live, secret, change } = done.outcome;
      return endOf({ work: done.work, change }, landed, { live, secret });
    },
    { concurrency: ports.concurrency },
  );
  const asMade = new Set(created);
  const again = await readAgain(
    kind,
    corrected.filter((done) => !asMade.has(done)),
    ports,
  );
  const byChange = new Map(again.map((done) => [done.outcome.change, done]));
  return corrected.map(
    (done) =>
      byChange.get(done.outcome.change) ?? { ...done, notices: [...(done.notices ?? []), ...ignoredIn(done, ports)] },
  );
}

async function patch(
  { plan: { set } }: Work,
  { ref, extra, secrets }: Desired,
  live: Live,
  changes: readonly FieldChange[],
  ports: ApplyPorts,
): Promise<Landed<Live>> {
  const facts = factsOf(ports.kinds, ref.kind);
  const store = storeOf(ports, ref.kind);
  const since = live.mark?.since;
  const own = { set, name: ref.name, ...(since === undefined ? {} : { since }) };
  const mark = changes.some(({ field }) => isOfMark(field)) ? own : null;
  try {
    /* Metadata is sent whole, so it is read right before. */
    const needsAll = 'metadata' in facts.patch(changes, live, mark, ports.now(), secrets);
    const current = needsAll ? await store.get(live.id) : live;
    if (current === null) return { is: 'refused', error: deleted(ref.name) };
    /* What the server never shows cannot be compared: it goes along. */
    const untold = Object.entries(extra).filter(([field]) => !Object.hasOwn(current.extra, field));
    return await store.update(live.id, (now) => ({
      ...Object.fromEntries(untold),
      ...facts.patch(changes, current, mark, now, secrets),
    }));
  } catch (error) {
    if (error instanceof VkeysError) return { is: 'unsent', error };
    throw error;
  }
}

function deleted(name: string): VkeysError {
  return new VkeysError('api', `${name} was deleted meanwhile.`, 'Run the same command again to plan anew.');
}
