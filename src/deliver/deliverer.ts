/** The deliveries of one set, as apply needs them. Convergent: what a place holds is compared first, and only what differs is written. */
import { isDeepStrictEqual } from 'node:util';
import type { VkeysError } from '../base/errors.ts';
import type { Deliverer, Placed } from '../apply/ports.ts';
import type { Notice } from '../model/plan.ts';
import type { Place } from '../model/place.ts';
import { addressNotices } from './reach.ts';
import { assign, type Assigned, type Failure } from './assign.ts';
import { atEach, atEachDurably } from './at-each.ts';
import { addresseeOf, imagined, type Addressed, type Addressee, type Handout } from './handout.ts';
import { leftBy, moved, spotsOf } from './left.ts';
import type { Left, SinkPorts } from './sink.ts';
import { makeSinks } from './sinks.ts';
import { staleOf } from './stale.ts';
import { workTreeNotices } from './work-tree.ts';

/** `deliveries` is what the spec says; `null`: there is none, and what is placed stays. */
export function makeDeliverer(set: string, deliveries: readonly Addressed[] | null, ports: SinkPorts): Deliverer {
  const sinkFor = makeSinks(ports);
  const assigned = async <K extends Addressee>(keys: readonly K[], placed: readonly Placed[]): Promise<Assigned<K>> => {
    const before = new Map(placed.map(({ live, places }) => [live.id, places]));
    if (deliveries === null) return { groups: [], places: before, failures: [] };
    return assign(deliveries, keys, before, sinkFor);
  };
  return {
    check: async (wanted) => {
      const keys = wanted.flatMap((key) => imagined(key, set));
      const { groups, failures } = await assigned(keys, []);
      const checked = await atEach(groups, sinkFor, (sink, target) => sink.check(target));
      const names = new Map(keys.map(({ key_id, key_alias }) => [key_id, key_alias]));
      const anew = checked.done.filter(([, isNew]) => isNew).map(([target]) => target);
      const isNew = anew.length > 0 || wanted.some(({ live }) => live === null);
      return {
        refusals: [...failures, ...checked.failures].map((failure) => refusal(failure, names)),
        notices: [...(isNew ? addressNotices(deliveries ?? []) : []), ...(await workTreeNotices(anew, ports.run))],
      };
    },
    stale: async (standing, gone) => {
      const assignment = await assigned(
        standing.map((key) => addresseeOf(key, set)),
        standing,
      );
      const left = [...moved(standing, assignment.places), ...(await leftBy(gone, set, deliveries ?? [], sinkFor))];
      return staleOf(standing, assignment, left, sinkFor);
    },
    places: async (known) =>
      (
        await assigned(
          known.map((key) => addresseeOf(key, set)),
          known,
        )
      ).places,
    put: async (known) => {
      const keys = known.map((key): Handout => ({ ...addresseeOf(key, set), secret: key.secret }));
      const { groups, places, failures } = await assigned(keys, known);
      const put = await atEachDurably(groups, sinkFor, (sink, target) => sink.put(target));
      const failed = byKey([...failures, ...put.failures]);
      const left = moved(known, places).filter(({ key_id }) => !failed.has(key_id));
      const taken = await removeAll(left);
      const kept = byKey(taken.failures);
      return {
        placed: new Map(
          known.map(({ live: { id: key_id }, places: before }) => {
            const now = places.get(key_id) ?? [];
            /* What failed may be there or not: remembered, it is looked for again. */
            return [key_id, failed.has(key_id) || kept.has(key_id) ? union(before, now) : now];
          }),
        ),
        failed: new Map([...kept, ...failed]),
        written: unique([...put.written, ...taken.written]),
      };
    },
    remove: async (gone) => {
      const { written, failures } = await removeAll(await leftBy(gone, set, deliveries ?? [], sinkFor));
      const failed = byKey(failures);
      const removed = gone
        .filter(({ key_id }) => !failed.has(key_id))
        .map(({ key_id, places }) => [key_id, places] as const);
      return { removed: new Map(removed), failed, written };
    },
  };

  function removeAll(left: readonly Left[]): ReturnType<typeof atEachDurably> {
    return atEachDurably(spotsOf(left), sinkFor, (sink, spot) => sink.remove(spot, spot.left));
  }
}

function refusal({ key_ids, error }: Failure, names: ReadonlyMap<string, string>): Notice {
  const [first] = key_ids;
  const name = key_ids.length === 1 && first !== undefined ? (names.get(first) ?? null) : null;
  const ref = name === null ? null : { kind: 'key', name };
  return { code: 'delivery', ref, message: error.message, hint: error.hint };
}

/** The first failure of each key. */
function byKey(failures: readonly Failure[]): ReadonlyMap<string, VkeysError> {
  return new Map(failures.toReversed().flatMap(({ key_ids, error }) => key_ids.map((key_id) => [key_id, error])));
}

function union(places: readonly Place[], more: readonly Place[]): readonly Place[] {
  return [...places, ...more.filter((place) => !places.some((each) => isDeepStrictEqual(each, place)))];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
