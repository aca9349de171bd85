/**
 * Hands out every secret that is known, old ones too: a hand-out that was lost is made again. Then, and only then, a
 * creation is done. What is gone is taken back from where the keyring remembers it. Where a secret will be is noted before
 * it is put there, or it is not put there; where the end cannot be noted, the next run does it again, so that is a notice.
 */
import { VkeysError } from '../base/errors.ts';
import { isDeletion, isRotation } from '../model/change.ts';
import type { Line } from '../model/keyring.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Place } from '../model/place.ts';
import type { Notice } from '../model/plan.ts';
import {
  createdLines,
  doneLine,
  encryptedLine,
  endLine,
  keptLines,
  namedLine,
  placedLines,
  removedLines,
  replacedLines,
  rotatedLines,
  type Entries,
} from './notes.ts';
import { elsewhereNotices, staysNotices } from './elsewhere-notices.ts';
import type { Gone, Known, Placed, Put, Removed, Work } from './ports.ts';

/** One set, after everything on the server is done. */
export type HandedOut = {
  readonly outcomes: readonly Outcome[];
  readonly notices: readonly Notice[];
  /** Paths that were written, and those from which something was taken. */
  readonly written: readonly string[];
  readonly withdrawn: readonly string[];
};

export async function handOut(work: Work, outcomes: readonly Outcome[]): Promise<HandedOut> {
  const { keyring, deliverer } = work;
  const { entries } = keyring.state();
  const ends = outcomes.map((outcome) => ({ ...outcome, secret: outcome.secret ?? secretIn(entries, outcome) }));
  const found = ends.flatMap((outcome) => knownOf(outcome, entries));
  const planned = found.length === 0 ? new Map<string, readonly Place[]>() : await deliverer.places(found);
  const unnoted = await note(work, [
    ...createdLines(found, entries),
    ...seatsFor(work, found),
    ...placedLines(found, planned),
  ]);
  const { codes } = keyring.state();
  const known = found.map((each) => ({ ...each, seat: codes.get(each.called) }));
  const put = await putAll(work, known, unnoted);
  const lapsed = await deliverer.withdraw(ends.flatMap((outcome) => standingOf(outcome, entries)));
  const gone = [...goneOf(ends, entries), ...withdrawn(work)];
  const removed = gone.length === 0 ? NOTHING_REMOVED : await deliverer.remove(gone, keptPlaces(gone, entries));
  /* What is rotated is done when the names are changed. */
  const settled = ends.filter(({ change }) => !isRotation(change));
  const turning = new Set(ends.flatMap(({ change, live }) => (isRotation(change) && live !== null ? [live.id] : [])));
  const problem = await note(work, [
    ...(unnoted === null ? known.flatMap((each) => keptLines(each, planned, put)) : []),
    ...removedLines(removed),
    ...settled.flatMap((outcome) => namedLine(outcome, entries)),
    ...ends.flatMap((outcome) => encryptedLine(outcome, entries)),
    ...known.filter(({ live }) => !turning.has(live.id)).flatMap(({ live }) => doneLine(live, entries, put)),
    ...gone.flatMap(({ key_id }) => endLine(key_id, entries, removed)),
    ...replacedLines(outcomes, work.plan, entries),
    ...rotatedLines(settled, keyring.state().rotations),
  ]);
  return {
    outcomes: ends.map((outcome) => afterDelivery(outcome, put)),
    notices: [
      ...(problem === null ? [] : [unfinished(problem)]),
      ...[...removed.failed.values()].map(stays),
      ...[...lapsed.failed.values()].map(lingers),
      ...elsewhereNotices(removed),
      ...staysNotices([put, removed]),
    ],
    written: put.written,
    withdrawn: [...new Set([...put.withdrawn, ...lapsed.written, ...removed.written])],
  };
}

const NOTHING_PUT: Put = { placed: new Map(), others: new Map(), failed: new Map(), written: [], withdrawn: [] };
const NOTHING_REMOVED: Removed = { removed: new Map(), elsewhere: [], failed: new Map(), written: [] };

/** `unnoted`: why the keyring does not know where they would be. */
async function putAll({ deliverer }: Work, known: readonly Known[], unnoted: VkeysError | null): Promise<Put> {
  if (known.length === 0) return NOTHING_PUT;
  if (unnoted === null) return deliverer.put(known);
  return { ...NOTHING_PUT, failed: new Map(known.map(({ live }) => [live.id, unnoted])) };
}

function secretIn(entries: Entries, { change, live }: Outcome): Outcome['secret'] {
  return entries.get((live ?? change.live)?.id ?? '')?.secret ?? null;
}

/** `called`: its name in the keyring. */
function knownOf(outcome: Outcome, entries: Entries): readonly (Known & { readonly called: string })[] {
  return standingOf(outcome, entries).flatMap((standing) => {
    const entry = entries.get(standing.live.id);
    if (entry?.secret.isOpen() !== true) return [];
    const { secret } = entry;
    if (!isRotation(outcome.change)) return [{ ...standing, secret, called: entry.name }];
    /* A new key is handed out under the name that it is to have. */
    const { name } = outcome.change.ref;
    return [{ ...standing, live: { ...standing.live, name }, secret, called: name }];
  });
}

/** Codes for those who have none, where deliveries say them. */
function seatsFor({ seat, keyring }: Work, found: readonly { readonly called: string }[]): readonly Line[] {
  if (seat === undefined) return [];
  return seat(
    found.map(({ called }) => called),
    keyring.state().codes,
  );
}

/** What is to be there, and is. */
function standingOf({ change, live }: Outcome, entries: Entries): readonly Placed[] {
  if (change.desired === null || isDeletion(change) || live === null) return [];
  /* The places of an old key are the newer one's. */
  if (live.mark?.retiring !== undefined) return [];
  return [{ desired: change.desired, live, places: entries.get(live.id)?.places ?? [] }];
}

/** Keys that this run deleted, by themselves or to make room for a new one. An old key of a rotation goes on for now. */
function goneOf(outcomes: readonly Outcome[], entries: Entries): readonly Gone[] {
  return outcomes.flatMap(({ change, live }): readonly Gone[] => {
    const old = change.live;
    if (isRotation(change) || old === null || live?.id === old.id) return [];
    const { places = [], apart = false } = entries.get(old.id) ?? {};
    return [{ key_id: old.id, name: change.ref.name, desired: change.desired, places, apart }];
  });
}

/** A newer key may be where one was that is gone. */
function keptPlaces(gone: readonly Gone[], entries: Entries): readonly Place[] {
  const going = new Set(gone.map(({ key_id }) => key_id));
  const staying = [...entries.values()].filter(({ key_id, deleting, gone: since }) => {
    return !deleting && since === null && !going.has(key_id);
  });
  return staying.flatMap(({ places }) => places);
}

function withdrawn({ plan }: Work): readonly Gone[] {
  return plan.withdrawals.map(({ ref, ...gone }) => ({ ...gone, name: ref.name, desired: null }));
}

/** Answers with why that could not be done. */
async function note({ keyring }: Work, lines: readonly Line[]): Promise<VkeysError | null> {
  try {
    await keyring.record(lines);
    return null;
  } catch (error) {
    if (error instanceof VkeysError) return error;
    throw error;
  }
}

function unfinished({ message, hint }: VkeysError): Notice {
  const all = `All is done, but could not be noted as done, so the next run looks at it again. ${message}`;
  return { code: 'keyring', ref: null, message: all, hint };
}

function stays({ message, hint }: VkeysError): Notice {
  return { code: 'delivery', ref: null, message: `A hand-out still has a key that is gone: ${message}`, hint };
}

function lingers({ message, hint }: VkeysError): Notice {
  const all = `A user who has no access to a key any more still has it in a hand-out: ${message}`;
  return { code: 'delivery', ref: null, message: all, hint };
}

function afterDelivery(outcome: Outcome, { placed, failed }: Put): Outcome {
  const id = outcome.live?.id ?? '';
  const error = isDeletion(outcome.change) || outcome.secret === null ? undefined : failed.get(id);
  const places = placed.get(id) ?? [];
  return error === undefined ? { ...outcome, places } : { ...outcome, status: 'failed', error, places };
}
