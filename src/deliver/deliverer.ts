/** The deliveries of one set, as apply needs them. Convergent: what a place holds is compared first, and only what differs is written. */
import { isDeepStrictEqual } from 'node:util';
import type { Deliverer, Gone, Known, Placed } from '../apply/ports.ts';
import { isOn, type Place } from '../model/place.ts';
import { movedFrom } from './moved-from.ts';
import { addressNotices } from './reach.ts';
import { assign, type Assigned, type Batch } from './assign.ts';
import { atEach, atEachDurably, proofId, type Changed, type Progress } from './at-each.ts';
import { addresseeOf, imagined, type Addressed, type Addressee, type Handout } from './handout.ts';
import { makeLocator } from './locate.ts';
import { lapsedIn, leftBy, spotsOf, strayed, type Whose } from './left.ts';
import type { Left, SinkPorts } from './sink.ts';
import { byKey, refusal } from './failures.ts';
import { modeNotices } from './modes.ts';
import { lookAt } from './look.ts';
import { lingering, putAgain } from './put-again.ts';
import { makeSinks } from './sinks.ts';
import { staleOf } from './stale.ts';
import { staying } from './staying.ts';
import { foundHere, ownAmong, type Asker } from './whose.ts';
import { workTreeNotices } from './work-tree.ts';

/** So many places of a key on other machines are remembered: a pipeline may have another machine for each run. */
const MOST_ELSEWHERE = 32;

/** `deliveries` is what the spec says; `null`: there is none, and what is placed stays. */
export function makeDeliverer(
  set: string,
  deliveries: readonly Addressed[] | null,
  asker: Asker,
  ports: SinkPorts,
  progress: Progress = () => undefined,
): Deliverer {
  const sinkFor = makeSinks(ports);
  const locating = makeLocator(deliveries ?? [], sinkFor);
  const isHere = isOn(asker.host);
  const assigned = async <K extends Addressee>(
    keys: readonly K[],
    placed: readonly Placed[],
  ): Promise<Assigned<K> & Whose> => {
    const remembered = placed.map(({ live, places }) => ({ key_id: live.id, places }));
    const byKeyId = (of: (places: readonly Place[]) => readonly Place[]): Whose['others'] =>
      new Map(remembered.map(({ key_id, places }) => [key_id, of(places)]));
    if (deliveries === null) {
      return { groups: [], places: byKeyId((all) => all), failures: [], own: new Set(), others: new Map() };
    }
    const own = await ownAmong(remembered, asker, sinkFor);
    const reached = await onNetwork(remembered);
    const before = byKeyId((places) => places.filter((place) => own.has(place) || reached.has(place.sink)));
    const others = byKeyId((places) => {
      const rest = places.filter((place) => !own.has(place));
      return [...rest.filter(isHere), ...rest.filter((place) => !isHere(place)).slice(-MOST_ELSEWHERE)];
    });
    const { located, lost } = await locating();
    const assignment = await assign(located, keys, before, asker.host, sinkFor);
    return { ...assignment, failures: [...lost(keys), ...assignment.failures], own, others };
  };
  return {
    check: async (wanted) => {
      const keys = wanted.flatMap((key) => imagined(key, set));
      const { groups, failures } = await assigned(keys, []);
      const checked = await atEach(groups, sinkFor, (sink, target) => sink.check(target));
      const names = new Map(keys.map(({ key_id, key_alias }) => [key_id, key_alias]));
      const anew = checked.done.filter(([, isNew]) => isNew).map(([target]) => target);
      const isNew = anew.length > 0 || wanted.some(({ live }) => live === null);
      const read = isNew ? await modeNotices(checked.done.map(([target]) => target).filter(isFile)) : [];
      return {
        refusals: [...failures, ...checked.failures].map((failure) => refusal(failure, names)),
        notices: [
          ...(isNew ? addressNotices(deliveries ?? []) : []),
          ...(await workTreeNotices(anew.filter(isFile), ports.run)),
          ...read,
        ],
      };
    },
    stale: async (standing, gone) => {
      const keys = standing.map((key) => addresseeOf(key, set));
      const assignment = await assigned(keys, standing);
      const left = [
        ...(await movedFrom(standing, assignment, asker.host, sinkFor)).flat(),
        ...(await strayed((await locating()).located, keys, assignment, asker.host, sinkFor)),
        ...(await leftBy(gone, set, (await locating()).located, sinkFor)),
      ];
      return staleOf(standing, assignment, left, sinkFor);
    },
    look: async (known) => lookAt(await assigned(known.map(handoutOf), known), sinkFor),
    places: async (known) =>
      (
        await assigned(
          known.map((key) => addresseeOf(key, set)),
          known,
        )
      ).places,
    put: async (known) => {
      const keys = known.map(handoutOf);
      const assignment = await assigned(keys, known);
      const { groups, places, failures, own, others } = assignment;
      const [swapped, old] = await movedFrom(known, assignment, asker.host, sinkFor);
      const cleared = await removeAll(swapped);
      const put = await atEachDurably(groups, sinkFor, (sink, target) => sink.put(target), progress);
      const failed = byKey([...failures, ...cleared.failures, ...put.failures]);
      const lapsed = lapsedIn((await locating()).located, keys);
      const left = old.filter((each) => !failed.has(each.key_id) || lapsed(each));
      const taken = await removeAll(left);
      const kept = byKey(taken.failures.map(lingering));
      const unsure = new Set(taken.failures.map(({ path }) => path));
      const again = await putAgain(taken.written.length === 0 ? [] : groups, left, sinkFor);
      return {
        placed: new Map(
          known.map(({ live: { id: key_id }, places: before }) => {
            /* What failed may be there or not: remembered, it is looked for again. */
            const remembered = before.filter(
              (place) => own.has(place) && (failed.has(key_id) || unsure.has(place.path)),
            );
            const now = (places.get(key_id) ?? []).map(proven(put)).map(proven(again));
            return [key_id, union(remembered, now)];
          }),
        ),
        others,
        failed: new Map([...kept, ...byKey(again.failures), ...failed]),
        written: unique(put.written),
        withdrawn: unique([...cleared.written, ...taken.written]).filter((path) => !put.written.includes(path)),
        stays: await staying(left, known, sinkFor),
      };
    },
    withdraw: async (standing) => {
      const keys = standing.map((key) => addresseeOf(key, set));
      const assignment = await assigned(keys, standing);
      const left = await strayed((await locating()).located, keys, assignment, asker.host, sinkFor);
      const { written, failures } = await removeAll(left);
      return { written, failed: byKey(failures) };
    },
    remove: async (gone, kept = []) => {
      const found = await foundHere(gone, asker.host, sinkFor);
      const { written, failures } = await removeAll(await leftBy(gone, set, (await locating()).located, sinkFor), kept);
      const failed = byKey(failures);
      const done = gone.filter(({ key_id }) => !failed.has(key_id));
      const reached = await onNetwork(done);
      return {
        removed: new Map(done.map(({ key_id, places }) => [key_id, places])),
        elsewhere: done.flatMap(({ name, places }) =>
          places.flatMap((place) =>
            place.host === undefined || isHere(place) || found.has(place) || reached.has(place.sink)
              ? []
              : [{ name, host: place.host, path: place.path }],
          ),
        ),
        stays: await staying(
          done.flatMap(({ key_id, places }) => places.map((place) => ({ key_id, place }))),
          done,
          sinkFor,
        ),
        failed,
        written,
      };
    },
  };

  function handoutOf(key: Known): Handout {
    return { ...addresseeOf(key, set), secret: key.secret, seat: key.seat };
  }

  function removeAll(left: readonly Left[], kept: readonly Place[] = []): Promise<Changed> {
    return atEachDurably(spotsOf(left), sinkFor, async (sink, spot) => ({
      changed: await sink.remove(
        spot,
        spot.left,
        kept.filter((place) => place.sink === spot.sink),
      ),
    }));
  }

  /** The sinks whose places are nobody's machine's: what is known of them, or taken away, is so for all. */
  async function onNetwork(keys: readonly Pick<Gone, 'places'>[]): Promise<ReadonlySet<string>> {
    const names = [...new Set(keys.flatMap(({ places }) => places.map(({ sink }) => sink)))];
    const sinks = await Promise.all(names.map(async (name) => [name, (await sinkFor(name)).on] as const));
    return new Set(sinks.filter(([, on]) => on === 'network').map(([name]) => name));
  }
}

/** A place with what the sink will know its writing by. */
function proven({ proofs }: Changed): (place: Place) => Place {
  return (place) => {
    const proof = proofs.get(proofId(place));
    return proof === undefined ? place : { ...place, proof };
  };
}

function isFile({ on }: Pick<Batch<Addressee>, 'on'>): boolean {
  return on === 'disk';
}

function union(places: readonly Place[], more: readonly Place[]): readonly Place[] {
  return [...places, ...more.filter((place) => !places.some((each) => isDeepStrictEqual(each, place)))];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
