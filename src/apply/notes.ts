/** What a keyring is told of hand-outs, and of what is done with them. */
import { isDeepStrictEqual } from 'node:util';
import { isDeletion } from '../model/change.ts';
import { encryptionIn } from '../model/memo.ts';
import type { Entry, Line } from '../model/keyring.ts';
import type { Outcome } from '../model/outcome.ts';
import { isWrittenOver, type Place } from '../model/place.ts';
import type { Plan } from '../model/plan.ts';
import { retiredName, type BegunRotation } from '../model/rotation.ts';
import type { Live } from '../model/resource.ts';
import type { Known, Put, Removed } from './ports.ts';
import type { Ready } from './swap.ts';

export type Entries = ReadonlyMap<string, Entry>;
/** Where keys will be, by `key_id`. */
export type Planned = ReadonlyMap<string, readonly Place[]>;

function without(places: readonly Place[], others: readonly Place[]): readonly Place[] {
  return places.filter((place) => !others.some((other) => isDeepStrictEqual(place, other)));
}

/** Keys that are there and were not known to be: from here on they can be handed out without the server. */
export function createdLines(known: readonly Known[], entries: Entries): readonly Line[] {
  return known
    .filter(({ live }) => entries.get(live.id)?.created === false)
    .map(({ live: { id, expires } }) => ({ op: 'created', key_id: id, expires }));
}

/** Where keys will be put, as far as that is not remembered yet. */
export function placedLines(known: readonly Known[], planned: Planned): readonly Line[] {
  return known.flatMap(({ live, places }) =>
    without(planned.get(live.id) ?? [], places).map((place): Line => ({ op: 'placed', key_id: live.id, place })),
  );
}

/** What became of what was remembered before and noted for now: where the key is not any more, and by what proof it is there. */
export function keptLines({ live, places }: Known, planned: Planned, { failed, placed, others }: Put): readonly Line[] {
  if (failed.has(live.id)) return [];
  const noted = [...places, ...without(planned.get(live.id) ?? [], places)];
  const kept = [...(placed.get(live.id) ?? []), ...(others.get(live.id) ?? [])];
  return [
    ...without(kept, noted).map((place): Line => ({ op: 'placed', key_id: live.id, place })),
    ...without(noted, kept).map((place): Line => ({ op: 'removed', key_id: live.id, place })),
  ];
}

export function removedLines({ removed }: Removed): readonly Line[] {
  return [...removed].flatMap(([key_id, places]) => places.map((place): Line => ({ op: 'removed', key_id, place })));
}

/** A key that the spec calls otherwise now, so that it is known should its mark get lost. */
export function namedLine({ change, status, live }: Outcome, entries: Entries): readonly Line[] {
  const { name } = change.ref;
  const entry = entries.get(live?.id ?? '');
  if (entry === undefined || status !== 'applied' || isDeletion(change) || entry.name === name) return [];
  return [{ op: 'named', key_id: entry.key_id, name }];
}

/** What the server made of secrets that it encrypted, told once for each time that they are sent: another one is another's. */
export function encryptedLine({ status, live }: Outcome, entries: Entries): readonly Line[] {
  const entry = entries.get(live?.id ?? '');
  const now = status === 'applied' && live !== null ? encryptionIn(live.metadata) : null;
  if (entry === undefined || now === null || now.at === entry.encryption?.at) return [];
  return [{ op: 'encrypted', key_id: entry.key_id, ...now }];
}

/** A creation is done when every hand-out is; an end that was moved is noted, so that it is known when the key is gone. */
export function doneLine({ id, expires }: Live, entries: Entries, { failed }: Put): readonly Line[] {
  const entry = entries.get(id);
  if (entry === undefined || failed.has(id) || (!entry.pending && entry.expires === expires)) return [];
  return [{ op: 'done', key_id: id, expires }];
}

/** A secret is forgotten when vkeys deleted its key, saw it gone, and no hand-out has it. */
export function endLine(key_id: string, entries: Entries, { failed }: Removed): readonly Line[] {
  return entries.get(key_id)?.deleting === true && !failed.has(key_id) ? [{ op: 'drop', key_id, why: 'deleted' }] : [];
}

/**
 * What is missing under a name that another key has now, or that is to have none: vkeys deleted it, or there was nothing to
 * delete. Nobody is asked again why it is missing; its secret stays, as it may be on another server behind the same address.
 */
export function replacedLines(outcomes: readonly Outcome[], { notices }: Plan, entries: Entries): readonly Line[] {
  const settled = outcomes.filter(({ change, status, live }) =>
    isDeletion(change) ? status === 'applied' && change.hadEnded !== true : live !== null,
  );
  const names = new Set([
    ...settled.flatMap(({ change: { ref, desired, live } }) => [
      ref.name,
      ...(desired?.previously ?? []),
      entries.get(live?.id ?? '')?.name ?? ref.name,
    ]),
    ...notices.flatMap(({ code, ref }) => (code === 'missing' && ref !== null ? [ref.name] : [])),
  ]);
  const there = new Set(settled.map(({ live }) => live?.id));
  return [...entries.values()]
    .filter(({ name, gone, replaced }) => gone !== null && !replaced && names.has(name))
    .filter(({ key_id }) => !there.has(key_id))
    .map(({ key_id }) => ({ op: 'replaced', key_id }));
}

/** Rotations that are over without us: the new key has the name, or nothing has it any more. */
export function rotatedLines(
  outcomes: readonly Outcome[],
  rotations: ReadonlyMap<string, BegunRotation>,
): readonly Line[] {
  const settled = outcomes.filter(({ status }) => status === 'applied');
  const current = new Map(settled.map(({ change, live }) => [change.ref.name, live?.id ?? null]));
  return [...rotations.values()]
    .filter(({ name, of }) => current.has(name) && current.get(name) !== of)
    .map(({ of }) => ({ op: 'rotated', of }));
}

/**
 * That a new key has its name. The old one's places that have the new secret are the new one's; from others it is taken when it
 * is deleted. `isThere`: it is not yet.
 */
export function swappedLines(
  { change: { ref, live: old }, outcome, made }: Ready,
  entries: Entries,
  isThere: boolean,
): readonly Line[] {
  const before = entries.get(old.id);
  const ends: readonly Line[] = [
    { op: 'named', key_id: made.id, name: ref.name },
    { op: 'done', key_id: made.id, expires: made.expires },
    { op: 'rotated', of: old.id },
  ];
  if (before === undefined) return ends;
  const moved = before.places.filter((place) => outcome.places.some((at) => isWrittenOver(place, at)));
  const gone = moved.map((place): Line => ({ op: 'removed', key_id: old.id, place }));
  if (isThere) return [...ends, ...gone, { op: 'named', key_id: old.id, name: retiredName(old, ref.name) }];
  return moved.length < before.places.length
    ? [...ends, ...gone]
    : [...ends, { op: 'drop', key_id: old.id, why: 'deleted' }];
}
