/**
 * The second half of a rotation, when the new secret is in every place: the old key leaves its name and gets its end with one
 * request, so that it ends although nobody comes back; then the new one takes the name. Where the name is cut off between the
 * two, the new key is known by its working name, and the next run gives it the right one.
 */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { isRotation, type FieldChange, type Rotation } from '../model/change.ts';
import { factsOf } from '../model/kind.ts';
import { sameEnd } from '../model/lifetime.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Notice } from '../model/plan.ts';
import type { Live, Mark } from '../model/resource.ts';
import { retiredName, UNTIL_USE } from '../model/rotation.ts';
import { removeAll } from './delete.ts';
import { eventually } from './lag.ts';
import { giveWay } from './give-way.ts';
import { swappedLines } from './notes.ts';
import { storeOf, type ApplyPorts, type Work } from './ports.ts';

/** A rotation whose new key works and is delivered. */
export type Ready = { readonly work: Work; readonly outcome: Outcome; readonly change: Rotation; readonly made: Live };

/** So many keys are looked at with one request before they are changed: their metadata is sent whole. */
const BATCH = 100;

/** Gives the new keys their names. Answers with the outcomes, those of rotations as they ended. */
export async function swapAll(
  all: readonly { readonly work: Work; readonly outcomes: readonly Outcome[] }[],
  ports: ApplyPorts,
): Promise<ReadonlyMap<Outcome, Outcome>> {
  const ready = all.flatMap(({ work, outcomes }) =>
    outcomes.flatMap((outcome): readonly Ready[] => {
      const { change, live, status } = outcome;
      return change.action === 'rotate' && status === 'applied' && live !== null
        ? [{ work, outcome, change, made: live }]
        : [];
    }),
  );
  const ended = new Map<Outcome, Outcome>();
  for (let at = 0; at < ready.length; at += BATCH) {
    const batch = ready.slice(at, at + BATCH);
    for (const [outcome, end] of await swapBatch(batch, ports)) ended.set(outcome, end);
  }
  return ended;
}

async function swapBatch(batch: readonly Ready[], ports: ApplyPorts): Promise<ReadonlyMap<Outcome, Outcome>> {
  const failures = new Map<Ready, VkeysError>();
  try {
    const before = await look(batch, ports, (seen) => batch.every(({ made }) => seen.has(made.id)));
    const lost = await giveWay(batch, before, ports);
    for (const [one, error] of lost) failures.set(one, error);
    const first = batch.filter((one) => !lost.has(one));
    const going = first.filter(({ change }) => change.terms.grace === 0 && before.has(change.live.id));
    const errors = await removeAll(
      going.map(({ work, change }) => ({ work, live: change.live })),
      ports,
    );
    await pMap(
      first,
      async (one) => {
        const error = errors.get(one.change.live.id) ?? (await ports.turn(() => swap(one, before, ports)));
        if (error !== null) failures.set(one, error);
      },
      { concurrency: ports.concurrency },
    );
    const after = await look(batch, ports, (seen) => first.every((one) => failures.has(one) || isSwapped(one, seen)));
    for (const one of batch) if (!failures.has(one) && !isSwapped(one, after)) failures.set(one, notSwapped(one));
    for (const work of new Set(batch.map((one) => one.work))) {
      const done = batch.filter((one) => one.work === work && !failures.has(one));
      const { entries } = work.keyring.state();
      await work.keyring.record(done.flatMap((one) => swappedLines(one, entries, after.has(one.change.live.id))));
    }
    return new Map(batch.map((one) => [one.outcome, endOf(one, after.get(one.made.id), failures.get(one))]));
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    return new Map(batch.map((one) => [one.outcome, endOf(one, undefined, failures.get(one) ?? error)]));
  }
}

type Seen = ReadonlyMap<string, Live>;

/** Reads may lag behind what was just written. */
async function look(batch: readonly Ready[], ports: ApplyPorts, isUpToDate: (seen: Seen) => boolean): Promise<Seen> {
  const ids = batch.flatMap(({ change, made }) => [change.live.id, made.id]);
  const read = async (): Promise<Seen> => {
    const { lives } = await storeOf(ports, 'key').survey({ ids, names: batch.map(nameOf), all: false });
    return new Map(lives.map((live) => [live.id, live]));
  };
  return eventually(read, isUpToDate, ports);
}

function nameOf({ change: { ref } }: Ready): string {
  return ref.name;
}

/** Answers with why it could not be done. */
async function swap(
  { work, change, made }: Ready,
  before: ReadonlyMap<string, Live>,
  ports: ApplyPorts,
): Promise<VkeysError | null> {
  const [old, fresh] = [before.get(change.live.id), before.get(made.id)];
  if (fresh === undefined) return vanished(change);
  const { set } = work.plan;
  if (old !== undefined && change.terms.grace > 0) {
    const name = retiredName(old, change.ref.name);
    const now = ports.now();
    const end = endOfGrace(change, old, now);
    const expires: FieldChange = { field: 'expires', from: old.expires, to: end.toISOString() };
    const isMoved = !sameEnd(end, old.expires, 0);
    const waits = change.terms.isFromUse && Object.hasOwn(fresh.extra, 'last_active');
    const retired = waits
      ? await patch(old, { set, name, retiring: UNTIL_USE, grace: change.terms.grace }, [], ports)
      : await patch(old, { set, name, retiring: end.toISOString() }, isMoved ? [expires] : [], ports);
    if (retired !== null) return retired;
  }
  return patch(fresh, { ...fresh.mark, set, name: change.ref.name }, [], ports);
}

/** A key that ends sooner ends then. */
function endOfGrace({ terms }: Rotation, { expires }: Live, now: Date): Date {
  return new Date(Math.min(now.getTime() + terms.grace, expires === null ? Infinity : Date.parse(expires)));
}

/** The name is the mark's. */
async function patch(
  live: Live,
  mark: Mark,
  more: readonly FieldChange[],
  ports: ApplyPorts,
): Promise<VkeysError | null> {
  const facts = factsOf(ports.kinds, live.kind);
  const changes = [{ field: facts.naming, from: live.name, to: mark.name }, ...more];
  const landed = await storeOf(ports, live.kind).update(live.id, (now) => facts.patch(changes, live, mark, now));
  return landed.is === 'done' ? null : landed.error;
}

function isSwapped({ change, made }: Ready, after: ReadonlyMap<string, Live>): boolean {
  const old = after.get(change.live.id);
  return after.get(made.id)?.name === change.ref.name && (old === undefined || old.name !== change.ref.name);
}

function endOf({ outcome }: Ready, now: Live | undefined, error: VkeysError | undefined): Outcome {
  const live = now ?? outcome.live;
  return error === undefined ? { ...outcome, live } : { ...outcome, status: 'failed', error, live };
}

function vanished({ ref }: Rotation): VkeysError {
  const said = `Somebody deleted the new key of ${ref.name} while it was delivered.`;
  return new VkeysError('api', said, 'Run the same command again: it makes another one.');
}

function notSwapped({ change: { ref } }: Ready): VkeysError {
  const said = `The server said that it gave ${ref.name} to the new key, and does not show it so.`;
  return new VkeysError('api', said, 'Both secrets work. Run the same command again.');
}

/** What becomes of the old secrets. */
export function graceNotices(outcomes: readonly Outcome[]): readonly Notice[] {
  const rotated = outcomes.flatMap(({ change, status }) =>
    isRotation(change) && status === 'applied' ? [change.terms] : [],
  );
  const [first] = rotated;
  if (first === undefined) return [];
  const longest = Math.max(...rotated.map(({ grace }) => grace));
  const minutes = String(Math.ceil(longest / 60_000));
  const since = first.isFromUse ? ' after a run on the set sees that the new ones are used' : '';
  const message =
    longest === 0
      ? 'The old secrets are gone. A server of several processes may take them for up to a minute more.'
      : `The old secrets go on to work for ${minutes} min${since}, then they end; the next run on the set deletes them, or vkeys gc.`;
  return [{ code: 'rotation', ref: null, message, hint: null }];
}
