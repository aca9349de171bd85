/**
 * Where a key that is gone may have been, by the spec alone: for a keyring that was lost. What is not known of the key
 * any more, such as its user, may be anything; what is there is known by its hash.
 */
import { VkeysError } from '../base/errors.ts';
import { fill, fillKnown, placeholdersOf } from '../base/template.ts';
import type { Place } from '../model/place.ts';
import { atEach } from './at-each.ts';
import { namesFor, type Addressee, type DeliverTo, type Located } from './handout.ts';
import { leadsElsewhere } from './path.ts';
import { makeListing, pathsLike } from './paths-like.ts';
import type { Left, Part, Sink } from './sink.ts';
import type { SinkFor } from './sinks.ts';

export async function leftOfLost(
  deliveries: readonly Located[],
  keys: readonly Addressee[],
  sinkFor: SinkFor,
): Promise<readonly Left[]> {
  const left: Left[] = [];
  const namesIn = makeListing();
  for (const located of deliveries) {
    const { delivery, to, path: whole } = located;
    const sink = await sinkFor(delivery.to);
    const leftAt = (path: string, key: Addressee): Left => ({
      key_id: key.key_id,
      place: { sink: delivery.to, path, ...detailIn(sink, { ...located, key, before: [] }) },
    });
    const like = async (template: string): Promise<readonly string[]> =>
      sink.on === 'disk' ? pathsLike(template, namesIn) : ((await sink.like?.(template)) ?? []);
    for (const [template, alike] of byTemplate(whole, keys, to)) {
      if (placeholdersOf(template).length === 0) {
        left.push(...alike.map((key) => leftAt(fill(template, {}), key)));
        continue;
      }
      /* Any key may be in any of these places, so each is read once for all of them. */
      const sought = alike.map(({ key_id }) => ({ key_id, before: [] }));
      const works = (await like(template)).map((path) => ({ sink: delivery.to, path, key_ids: [] }));
      const { done } = await atEach(works, sinkFor, (_, { path }) =>
        sink.holds({ path, within: null, parts: [] }, sought),
      );
      for (const [{ path }, { held }] of done) {
        left.push(...alike.filter(({ key_id }) => held?.has(key_id) === true).map((key) => leftAt(path, key)));
      }
    }
  }
  return left;
}

/** The keys by the path that they have, as far as it is known. One whose name could lead elsewhere was never delivered. */
function byTemplate(
  path: string,
  keys: readonly Addressee[],
  to: DeliverTo,
): ReadonlyMap<string, readonly Addressee[]> {
  const groups = new Map<string, Addressee[]>();
  for (const key of keys) {
    const names = namesFor(key, to);
    if (placeholdersOf(path).some((name) => leadsElsewhere(names[name] ?? ''))) continue;
    const template = fillKnown(path, names);
    const alike = groups.get(template) ?? [];
    alike.push(key);
    groups.set(template, alike);
  }
  return groups;
}

/** Where a variable's name is not known, the place is known all the same. */
function detailIn(sink: Sink, part: Part<Addressee>): Pick<Place, 'detail'> {
  try {
    const detail = sink.detail(part);
    return detail === null ? {} : { detail };
  } catch (error) {
    if (error instanceof VkeysError) return {};
    throw error;
  }
}
