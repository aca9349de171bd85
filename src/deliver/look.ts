/** What each place of each key holds, one by one. Reads only. */
import type { Held } from '../model/place.ts';
import type { Assigned, Batch } from './assign.ts';
import { atEach } from './at-each.ts';
import type { Handout } from './handout.ts';
import { NotOursError } from './not-ours.ts';
import type { Part, Sink } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** By `key_id`, in the order of the deliveries. */
export async function lookAt(
  { groups, failures }: Assigned<Handout>,
  sinkFor: SinkFor,
): Promise<ReadonlyMap<string, readonly Held[]>> {
  const { done, failures: unread } = await atEach(groups, sinkFor, async (sink, target) => {
    try {
      const { current } = await sink.holds(target, []);
      if (current) return target.parts.map(() => heldAt(target, 'current'));
      const each: Held[] = [];
      for (const part of target.parts) each.push(await partAt(sink, target, part));
      return each;
    } catch (error) {
      if (!(error instanceof NotOursError)) throw error;
      return target.parts.map(() => heldAt(target, 'foreign', error.message));
    }
  });
  const found = new Map<string, Held[]>();
  const add = (key_id: string, held: Held): void => {
    found.set(key_id, [...(found.get(key_id) ?? []), held]);
  };
  for (const [{ parts }, held] of done)
    for (const [index, { key }] of parts.entries()) {
      const one = held[index];
      if (one !== undefined) add(key.key_id, one);
    }
  for (const { path, key_ids, error } of [...unread, ...failures])
    for (const key_id of key_ids) add(key_id, { sink: '', path, state: 'unknown', why: error.message });
  return found;
}

async function partAt(sink: Sink, target: Batch<Handout>, part: Part): Promise<Held> {
  const { key, before } = part;
  const alone = { ...target, parts: [part] };
  const { current, held, isThere } = await sink.holds(alone, [{ key_id: key.key_id, before }]);
  if (current) return heldAt(target, 'current');
  if (isThere === false) return heldAt(target, 'missing');
  if (held === null) return heldAt(target, isThere === null ? 'unknown' : 'stale');
  return heldAt(target, held.has(key.key_id) ? 'stale' : 'missing');
}

function heldAt({ sink, path }: Batch<Handout>, state: Held['state'], why: string | null = null): Held {
  return { sink, path, state, why };
}
