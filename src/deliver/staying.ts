import type { Gone, Placed, Stay } from '../apply/ports.ts';
import type { Left } from './sink.ts';
import type { SinkFor } from './sinks.ts';

/** Of what is to be taken away of these keys, what only a person can take. */
export async function staying(
  left: readonly Left[],
  keys: readonly (Gone | Placed)[],
  sinkFor: SinkFor,
): Promise<readonly Stay[]> {
  const names = new Map(
    keys.map((key) => ('live' in key ? [key.live.id, key.desired.ref.name] : [key.key_id, key.name])),
  );
  const stays: Stay[] = [];
  for (const { key_id, place } of left) {
    const sink = await sinkFor(place.sink);
    if (sink.stays?.(place) === true) stays.push({ name: names.get(key_id) ?? key_id, path: place.path });
  }
  return stays;
}
