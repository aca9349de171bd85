/** Which key goes where: worked out before anything is read or written, so that a file is written once. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { EACH_USER, forEachUser } from '../model/each-user.ts';
import { isSamePlace, type Place } from '../model/place.ts';
import { namesFor, type Addressee, type Located } from './handout.ts';
import type { Part, Sink, Target } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** Keys that go to one spot, by one sink. */
export type Batch<K> = Target<K> & {
  readonly sink: string;
  readonly on: Sink['on'];
  readonly key_ids: readonly string[];
};
/** A key that cannot go where it should. `path` may have placeholders. */
export type Failure = { readonly path: string; readonly key_ids: readonly string[]; readonly error: VkeysError };
export type Assigned<K> = {
  readonly groups: readonly Batch<K>[];
  /** Where each key goes, by key_id. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  readonly failures: readonly Failure[];
};

/** Sorts keys into spots. What is refused is a failure of those keys alone. */
export async function assign<K extends Addressee>(
  deliveries: readonly Located[],
  keys: readonly K[],
  remembered: ReadonlyMap<string, readonly Place[]>,
  host: string,
  sinkFor: SinkFor,
): Promise<Assigned<K>> {
  const groups = new Map<string, Gathered<K>>();
  const places = new Map<string, Place[]>(keys.map(({ key_id }) => [key_id, []]));
  const failures: Failure[] = [];
  for (const { delivery, to, path: template } of deliveries) {
    const sink = await sinkFor(delivery.to);
    for (const key of keys.flatMap((each) => forEachUser(each, each.users, template))) {
      try {
        const spot = sink.spot(template, namesFor(key, to), key.key_alias);
        const { path } = spot;
        const before = (remembered.get(key.key_id) ?? []).filter(isAt(delivery.to, path));
        const part = { delivery, to, path: template, key, before };
        const id = sink.on === 'network' ? path : path.normalize('NFC').toLowerCase();
        const group = groups.get(id) ?? { ...spot, sink: delivery.to, on: sink.on, parts: [] };
        assertSame(group, path, part);
        const place = placeOf(part, path, sink, host);
        group.parts.push(part);
        groups.set(id, group);
        places.get(key.key_id)?.push(before.find((each) => isSamePlace(each, place)) ?? place);
      } catch (error) {
        failures.push({ path: template, key_ids: [key.key_id], error: asDeliveryError(error) });
      }
    }
  }
  return {
    groups: [...groups.values()].map((group) => ({
      ...group,
      key_ids: [...new Set(group.parts.map(({ key }) => key.key_id))],
    })),
    places,
    failures,
  };
}

function placeOf(part: Part<Addressee>, path: string, sink: Sink, host: string): Place {
  const { to, spec } = part.delivery;
  const detail = sink.detail(part);
  return { sink: to, path, ...(detail === null ? {} : { detail }), host, ...(spec === undefined ? {} : { spec }) };
}

type Gathered<K> = Omit<Batch<K>, 'key_ids' | 'parts'> & { readonly parts: Part<K>[] };

/** Whether a place is there, whatever its detail. */
export function isAt(sink: string, path: string): (place: Place) => boolean {
  return (place) => place.sink === sink && place.path === path;
}

/** Many disks do not tell `Ada.env` from `ada.env`: one key's file would replace the other's. */
function assertSame(
  group: Pick<Batch<Addressee>, 'sink' | 'path' | 'parts'>,
  path: string,
  { delivery: { to }, key }: Part<Addressee>,
): void {
  if (group.sink !== to) {
    throw new VkeysError(
      'delivery',
      `${oneLine(path)} is to be both ${group.sink} and ${to}.`,
      'Give each delivery a path of its own.',
    );
  }
  if (group.path === path) {
    assertOneUser(group, key);
    return;
  }
  throw new VkeysError(
    'delivery',
    `${oneLine(key.key_alias)} was not delivered: ${oneLine(path)} and ${oneLine(group.path)} are one file on many disks.`,
    'Use {key_id} in the path, or names that differ in more than upper and lower case.',
  );
}

/** What one user may have, the other would read. */
function assertOneUser({ path, parts }: Pick<Batch<Addressee>, 'path' | 'parts'>, key: Addressee): void {
  const user = key.placeholders[EACH_USER];
  if (user === undefined) return;
  const other = parts.map((part) => part.key.placeholders[EACH_USER]).find((each) => each !== undefined);
  if (other === undefined || other === user) return;
  throw new VkeysError(
    'delivery',
    `${oneLine(key.key_alias)} was not delivered: ${oneLine(path)} would be a file of both ${oneLine(other)} and ${oneLine(user)}.`,
    `Give each user a folder: 'secrets/{${EACH_USER}}/{key_alias}.env'.`,
  );
}

/** Throws on what is no `VkeysError`: a bug. */
function asDeliveryError(error: unknown): VkeysError {
  if (error instanceof VkeysError) return error;
  throw error;
}
