/** Where keys are that are not to be there any more. */
import type { Gone, Placed } from '../apply/ports.ts';
import { fill, fillKnown, patternOf, placeholdersOf } from '../base/template.ts';
import { EACH_USER } from '../model/each-user.ts';
import { isOn, type Place } from '../model/place.ts';
import { isAt } from './assign.ts';
import { namesFor, type Addressee, type Located } from './handout.ts';
import { leftOfLost } from './left-by-spec.ts';
import type { Left, Sought, Spot } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** A spot with the keys that are to be taken from it. */
export type Leftovers = Spot & {
  readonly sink: string;
  readonly left: readonly Left[];
  readonly key_ids: readonly string[];
};

/** The spots of keys that are gone, each once. */
export function spotsOf(all: readonly Left[]): readonly Leftovers[] {
  const spots = new Map<string, Left[]>();
  for (const left of all) {
    const id = JSON.stringify([left.place.sink, left.place.path]);
    const others = spots.get(id) ?? [];
    others.push(left);
    spots.set(id, others);
  }
  return [...spots.values()].flatMap((left): readonly Leftovers[] => {
    const [first] = left;
    if (first === undefined) return [];
    const { sink, path } = first.place;
    return [{ sink, path, within: null, left, key_ids: [...new Set(left.map(({ key_id }) => key_id))] }];
  });
}

/** What is looked for at such a spot. */
export function soughtAt({ left, key_ids }: Leftovers): readonly Sought[] {
  return key_ids.map((key_id) => ({
    key_id,
    before: left.flatMap((each) => (each.key_id === key_id ? each.place : [])),
  }));
}

/** Where keys were put by this run's spec, and are not to be any more: nobody on this machine wants them there. */
export function moved(placed: readonly Placed[], { places: now, own, others }: Whose, host: string): readonly Left[] {
  return placed.flatMap(({ live: { id: key_id }, places }) =>
    places
      .map((place) => ({ key_id, place, isLive: true }))
      .filter((left) => own.has(left.place) && !isWanted(left, { places: now, others }, host)),
  );
}

/** Keys with who has no access to them any more, by hash: for a run without a keyring, and for files that came with their folder. */
export async function strayed(
  deliveries: readonly Located[],
  keys: readonly Addressee[],
  whose: Whose,
  host: string,
  sinkFor: SinkFor,
): Promise<readonly Left[]> {
  const forUsers = deliveries.filter(({ path }) => placeholdersOf(path).includes(EACH_USER));
  const lapsed = lapsedIn(forUsers, keys);
  const found = await leftOfLost(forUsers, keys, sinkFor);
  const left = found.filter((each) => lapsed(each) && !isWanted(each, whose, host));
  return left.map((each) => ({ ...each, isLive: true }));
}

function isWanted(
  { key_id, place: { sink, path } }: Left,
  { places, others }: Pick<Whose, 'places' | 'others'>,
  host: string,
): boolean {
  const wanted = [...(places.get(key_id) ?? []), ...(others.get(key_id) ?? []).filter(isOn(host))];
  return wanted.some(isAt(sink, path));
}

/**
 * Whether a key is with somebody who has no access to it any more: where its spec has a place for each user, and it is that
 * of none of them. That somebody else's place failed is no reason to leave it there, as it is where the places have moved.
 */
export function lapsedIn(deliveries: readonly Located[], keys: readonly Addressee[]): (left: Left) => boolean {
  const byId = new Map(keys.map((key) => [key.key_id, key]));
  return ({ key_id, place: { sink, path } }) => {
    const key = byId.get(key_id);
    if (key === undefined) return false;
    return deliveries.some(({ delivery, to, path: whole }) => {
      const template = fillKnown(whole, namesFor(key, to));
      return (
        delivery.to === sink &&
        placeholdersOf(template).includes(EACH_USER) &&
        depthOf(template) === depthOf(path) &&
        patternOf(template).test(path) &&
        !key.users.some((user) => fill(template, { [EACH_USER]: user }) === path)
      );
    });
  };
}

function depthOf(path: string): number {
  return path.split(/[/\\]/).length;
}

/** Where keys go, and what is remembered of them: by this run's spec, and for others. */
export type Whose = {
  readonly places: ReadonlyMap<string, readonly Place[]>;
  readonly own: ReadonlySet<Place>;
  readonly others: ReadonlyMap<string, readonly Place[]>;
};

/** Where keys are that are gone: by memory, and where the spec may have put them when another keyring noted it, or none. */
export async function leftBy(
  gone: readonly Gone[],
  set: string,
  deliveries: readonly Located[],
  sinkFor: SinkFor,
): Promise<readonly Left[]> {
  const known = gone.flatMap(({ key_id, places }) => places.map((place) => ({ key_id, place })));
  const keys = gone.flatMap(({ key_id, name, desired, apart }) => {
    const placeholders = { set, key_alias: name, ...desired?.placeholders };
    const key = { placeholders, key_alias: name, user: desired?.user ?? null, user_id: null, users: [], key_id };
    return apart === true ? [] : [key];
  });
  const remembered = new Set(known.map(({ key_id, place }) => spotOf(key_id, place)));
  const bySpec = await leftOfLost(deliveries, keys, sinkFor);
  return [...known, ...bySpec.filter(({ key_id, place }) => !remembered.has(spotOf(key_id, place)))];
}

function spotOf(key_id: string, { sink, path }: Place): string {
  return JSON.stringify([key_id, sink, path]);
}
