/** Ends that no other key has, as lengths of time where they are counted from the key's creation: so many keys have the same. */
import { endOf } from '../../base/duration.ts';
import { ALIKE, sameEnd } from '../../model/lifetime.ts';
import type { Desired, Live } from '../../model/resource.ts';

type Wanted = { readonly live: Live; readonly desired: Desired };

export function withDurations(all: readonly Wanted[]): readonly Wanted[] {
  const [seen, shared] = [new Set<string | null>(), new Set<string | null>()];
  for (const { live } of all) (seen.has(live.expires) ? shared : seen).add(live.expires);
  return all.map(({ live, desired }) => {
    const duration = shared.has(live.expires) ? null : durationOf(live);
    return duration === null ? { live, desired } : { live, desired: { ...desired, lifetime: { duration } } };
  });
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** The length of time that a plan would find to be this end; `null`: none. */
function durationOf({ created_at, expires }: Live): string | null {
  if (created_at === null || expires === null) return null;
  const length = Date.parse(expires) - Date.parse(created_at);
  const durations = UNITS.filter(([, size]) => length >= size / 2).map(
    ([unit, size]) => `${String(Math.round(length / size))}${unit}`,
  );
  return durations.find((duration) => sameEnd(endOf(duration, new Date(created_at)), expires, ALIKE / 2)) ?? null;
}
