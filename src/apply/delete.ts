/** Deleting in bulk by id, and looking whether they are gone, since the server names unknown ones as deleted too. */
import { VkeysError } from '../base/errors.ts';
import type { Deletion } from '../model/change.ts';
import { thingId, type KeyringState, type Line } from '../model/keyring.ts';
import type { Live } from '../model/resource.ts';
import { eventually } from './lag.ts';
import { applied, failed, skipped, type Done, type Task } from './phase.ts';
import { storeOf, type ApplyPorts, type Work } from './ports.ts';

/** One thing that is to go, and the set whose keyring may know it. */
export type Removal = { readonly work: Work; readonly live: Live } & Pick<Deletion, 'hadEnded'>;

/** Deletes things of one kind. What is not gone afterwards has failed. */
export async function deleteAll(tasks: readonly Task<Deletion>[], ports: ApplyPorts): Promise<readonly Done[]> {
  if (ports.stop.aborted) return tasks.map((task) => skipped(task));
  const errors = await removeAll(
    tasks.map(({ work, change: { live, hadEnded = false } }) => ({ work, live, hadEnded })),
    ports,
  );
  return tasks.map((task) => {
    const error = errors.get(task.change.live.id);
    return error === undefined ? applied(task, { live: null }) : failed(task, error);
  });
}

/** Deletes things of one kind, noted in their keyrings before; answers with why some are still there, by id. */
export async function removeAll(
  removals: readonly Removal[],
  ports: ApplyPorts,
): Promise<ReadonlyMap<string, VkeysError>> {
  const [first] = removals;
  if (first === undefined) return new Map();
  const errors = new Map<string, VkeysError>();
  try {
    await announce(removals);
    const store = storeOf(ports, first.live.kind);
    const landed = await store.remove(removals.map(({ live }) => live.id));
    for (const [id, end] of landed) if (end.is !== 'done') errors.set(id, end.error);
    const ids = removals.map(({ live }) => live.id).filter((id) => !errors.has(id));
    const left = ids.length === 0 ? [] : await remaining(ids, first.live.kind, ports);
    for (const { live } of removals) if (left.includes(live.id)) errors.set(live.id, survived(live));
    await answer(
      removals.filter(({ live }) => !errors.has(live.id)),
      ports.now(),
    );
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    for (const { live } of removals) if (!errors.has(live.id)) errors.set(live.id, error);
  }
  return errors;
}

/** Those that the server goes on showing. */
async function remaining(ids: readonly string[], kind: string, ports: ApplyPorts): Promise<readonly string[]> {
  return eventually(
    async () => {
      const { lives } = await storeOf(ports, kind).survey({ ids, names: [], all: false });
      const there = new Set(lives.map(({ id }) => id));
      return ids.filter((id) => there.has(id));
    },
    (still) => still.length === 0,
    ports,
  );
}

/** So that a run which is cut after the deletion is told from somebody else's deletion. Of what had ended the end is noted, which explains that it is gone. */
async function announce(removals: readonly Removal[]): Promise<void> {
  await recordEach(removals, ({ live: { id, expires }, hadEnded }, { entries }) => {
    const entry = entries.get(id);
    if (entry === undefined) return [];
    if (hadEnded !== true || entry.pending) return [{ op: 'deleting', key_id: id }];
    return entry.expires === expires ? [] : [{ op: 'done', key_id: id, expires }];
  });
}

/** A creation whose answer was lost is settled when what it made is gone; what is known by its id alone is known no more. */
async function answer(removals: readonly Removal[], now: Date): Promise<void> {
  await recordEach(removals, ({ live: { kind, id, mark }, hadEnded }, { asked, things, entries }) => [
    ...(hadEnded === true && entries.get(id)?.deleting === false
      ? [{ op: 'gone', key_id: id, at: now.toISOString() } as const]
      : []),
    ...(mark?.mint !== undefined && asked.has(mark.mint) ? [{ op: 'answered', mint: mark.mint } as const] : []),
    ...(things.has(thingId({ kind, id })) ? [{ op: 'unmade', kind, id } as const] : []),
  ]);
}

async function recordEach(
  removals: readonly Removal[],
  linesOf: (removal: Removal, state: KeyringState) => readonly Line[],
): Promise<void> {
  for (const work of new Set(removals.map((removal) => removal.work))) {
    const state = work.keyring.state();
    const here = removals.filter((removal) => removal.work === work);
    await work.keyring.record(here.flatMap((removal) => linesOf(removal, state)));
  }
}

function survived({ name, id }: Live): VkeysError {
  return new VkeysError(
    'api',
    `The server said that it deleted ${name ?? id}, and still has it.`,
    'Run the same command again; if it stays, look at the log of the server.',
  );
}
