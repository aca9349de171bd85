/**
 * Who is who. A thing belongs to a set because, in this order, its id is in the set's keyring, or its mark says so; a name
 * alone proves nothing. One that another set has taken over, and marked as its own, is that set's, whatever the keyring
 * remembers. Everything else is foreign and is never updated, pruned or deleted by a spec. This is settled here, before the
 * diff, so that the diff never sees a foreign thing.
 *
 * What it is called in the spec is told by the mark, which other machines write too, then by the keyring, then by the
 * server's own name, so that a rename by hand is seen as one, and taken back. But whoever may edit metadata may write a mark:
 * what the keyring knows under a name that the spec still has keeps it, or one user's secret could be sent to another.
 */
import type { Entry, KeyringState, Thing } from '../model/keyring.ts';
import type { KindFacts } from '../model/kind.ts';
import { byAge, type Desired, type Live } from '../model/resource.ts';
import { workingName, type BegunRotation, type Retired } from '../model/rotation.ts';

/** What the server has for one thing that is wanted. */
export type Match = {
  readonly desired: Desired;
  /** The one that is ours; `null`: there is none. */
  readonly own: Live | null;
  /** Younger ones of ours under the same name, which other runs made at the same time. */
  readonly twins: readonly Live[];
  /** Those of ours under the same name whose secret nobody knows: the server chose it, in an answer that was lost. */
  readonly lost: readonly Live[];
  /** The new one of a rotation that is under way, while the old one still has the name. */
  readonly successor: Live | null;
  /** That of others which has the wanted id, or those that the server calls so, oldest first. */
  readonly foreign: readonly Live[];
};

export type Ownership = {
  readonly matches: readonly Match[];
  /** Old ones of rotations, in their grace or behind it. */
  readonly retired: readonly Retired[];
  /** Own things that the spec does not mention. */
  readonly orphans: readonly Live[];
  /** Those whose secret nobody knows, that the spec does not mention. */
  readonly lost: readonly Live[];
  /** How many the set has on the server. */
  readonly size: number;
};

/** What makes a thing a set's own. */
export type Owner = {
  readonly set: string;
  /** What the set's keyring knows of the kind, by id. */
  readonly known: ReadonlyMap<string, Entry | Thing>;
  /** Those with secrets, by their names in the spec. */
  readonly named: ReadonlyMap<string, readonly Entry[]>;
  /** Rotations that were begun, by the id of the old key. */
  readonly rotations: ReadonlyMap<string, BegunRotation>;
  /** Creations whose answer never came, by `mint`. */
  readonly asked: ReadonlyMap<string, unknown>;
  /** What the spec calls parts of things, by their ids: they are whose those are. */
  readonly parts: ReadonlyMap<string, string>;
  /** The names that the spec has. */
  readonly wanted: ReadonlySet<string>;
  /** Of a thing without a mark: whether it is known as ours by its id, and can have none. */
  readonly isUnmarked: (id: string) => boolean;
};

/** What makes a thing of this kind the set's own; keys that are not known any more are left out of `entries`. */
export function ownerOf(
  set: string,
  { kind, hasSecret, partOf, marks }: KindFacts,
  entries: ReadonlyMap<string, Entry>,
  { asked, things, rotations }: KeyringState,
  desired: readonly Desired[],
): Owner {
  const named = groupBy(entries.values(), ({ name }) => name);
  const wanted = new Set(desired.map(({ ref }) => ref.name));
  const none = { rotations: new Map(), parts: new Map() };
  if (hasSecret) return { ...none, set, known: entries, named, rotations, asked, wanted, isUnmarked: () => false };
  const known = new Map([...things.values()].filter((thing) => thing.kind === kind).map((thing) => [thing.id, thing]));
  const parts =
    partOf === null ? [] : desired.flatMap(({ id, ref }) => (id === undefined ? [] : [[id, ref.name] as const]));
  const called = new Map(parts);
  const isUnmarked = (id: string): boolean => marks === 'journal' && (known.has(id) || called.has(id));
  return { ...none, set, known, named: new Map(), asked: new Map(), parts: called, wanted, isUnmarked };
}

/** Names are compared exactly: they are case-sensitive, whatever a server's filters do. */
export function own(owner: Owner, desired: readonly Desired[], lives: readonly Live[]): Ownership {
  const owned = lives.filter((live) => isOwn(owner, live)).toSorted(byAge);
  const isLost = ({ mark }: Live): boolean => mark?.mint !== undefined && owner.asked.has(mark.mint);
  const current = new Set(owned.filter(({ mark }) => mark?.retiring === undefined).map((live) => nameOf(owner, live)));
  const retired = owned.filter((live): live is Retired => isRetired(owner, live, current));
  const gone = new Set<Live>(retired);
  const kept = owned.filter((live) => !isLost(live) && !gone.has(live));
  const ours = groupBy(kept, (live) => nameOf(owner, live));
  const lost = groupBy(owned.filter(isLost), (live) => nameOf(owner, live));
  const strangers = lives.filter((live) => !isOwn(owner, live));
  const strange = groupBy(strangers, ({ name }) => name);
  const byId = new Map(strangers.map((live) => [live.id, live]));
  const taken = new Set<string>();
  const matches = desired.map((wanted): Match => {
    const now = wanted.ref.name;
    const called = [now, ...wanted.previously];
    const working = called.map(workingName).filter((each) => !owner.wanted.has(each));
    const names = [...called, ...working];
    const name = names.find((each) => ours.has(each)) ?? now;
    const [first = null, ...twins] = ours.get(name) ?? [];
    const begun = first === null || working.includes(name) ? [] : working;
    const [successor = null] = [ours, lost].flatMap((all) => begun.flatMap((each) => all.get(each) ?? []));
    for (const each of [name, ...begun]) taken.add(each);
    const holder = wanted.id === undefined ? undefined : byId.get(wanted.id);
    const foreign = holder === undefined ? (strange.get(now) ?? []).toSorted(byAge) : [holder];
    return { desired: wanted, own: first, twins, lost: lost.get(now) ?? [], successor, foreign };
  });
  const wanted = new Set(desired.map(({ ref }) => ref.name));
  return {
    matches,
    retired,
    orphans: [...ours].filter(([name]) => !taken.has(name)).flatMap(([, each]) => each),
    lost: [...lost].filter(([name]) => !wanted.has(name) && !taken.has(name)).flatMap(([, each]) => each),
    size: kept.length,
  };
}

/** Whether a thing belongs to the set. */
export function isOwn({ set, known, parts }: Owner, { id, mark }: Live): boolean {
  return mark === null ? known.has(id) || parts.has(id) : mark.set === set;
}

/** Whether a key is an old one. Of one that the keyring has under a wanted name the mark is believed where there is a newer one. */
function isRetired({ known, wanted, rotations }: Owner, { id, mark }: Live, current: ReadonlySet<string>): boolean {
  if (mark?.retiring === undefined) return false;
  const kept = known.get(id)?.name;
  if (kept === undefined || !wanted.has(kept) || rotations.has(id)) return true;
  return current.has(kept) || current.has(workingName(kept));
}

/** What the spec calls, or called, a thing of ours. */
export function nameOf({ known, parts, wanted }: Pick<Owner, 'known' | 'parts' | 'wanted'>, live: Live): string {
  const { id, name, mark } = live;
  const kept = known.get(id)?.name;
  if (kept !== undefined && wanted.has(kept)) return kept;
  return parts.get(id) ?? mark?.name ?? kept ?? name ?? id;
}

/** Items by their keys, in their order; those without a key are left out. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
