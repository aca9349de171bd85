/**
 * A key's end. A duration counts from the key's creation, so the wanted end does not move from run to run and an
 * apply never renews a key; but the server only takes "so long from now" and renews whenever it is told. So ends are
 * compared as moments, and only a difference is sent, as what is left in seconds of the server's clock.
 */
import { endOf } from '../base/duration.ts';
import type { Desired, Lifetime, Live } from './resource.ts';

/** Milliseconds. A slow server stores an end, and when it made the row, at two moments; nearer than this is equal. */
export const ALIKE = 120_000;
/** Milliseconds. What was just asked for has to be kept this exactly. */
export const EXACT = 2000;

/**
 * From when a key's lifetime counts: a rotated key goes on with the age of the first one under its name. A mark that says a later
 * moment than the key's own was not written by vkeys.
 */
export function bornAt({ created_at, mark }: Pick<Live, 'created_at' | 'mark'>): string | null {
  const since = mark?.since;
  return since !== undefined && (created_at === null || since < created_at) ? since : created_at;
}

/** The wanted end as a moment, or `null` for never. `created_at` is RFC 3339. */
export function wantedEnd(lifetime: Lifetime, created_at: string | null, now: Date): Date | null {
  if (lifetime === 'never') return null;
  if ('expires' in lifetime) return new Date(lifetime.expires);
  return endOf(lifetime.duration, created_at === null ? now : new Date(created_at));
}

/** Whether two ends (RFC 3339 or `null` for never) are the same, give or take so many milliseconds. */
export function sameEnd(wanted: Date | null, live: string | null, tolerance: number): boolean {
  if (wanted === null || live === null) return wanted === null && live === null;
  return Math.abs(wanted.getTime() - Date.parse(live)) <= tolerance;
}

/** An end as the `duration` of a request: seconds from the server's `now`; at least one. */
export function durationUntil(end: Date, now: Date): string {
  return `${String(Math.max(1, Math.round((end.getTime() - now.getTime()) / 1000)))}s`;
}

export function hasEnded(expires: string | null | undefined, now: Date): boolean {
  return expires != null && Date.parse(expires) <= now.getTime();
}

/** Whether a key made now would have ended already: only an absolute end can. */
export function endsInThePast({ lifetime }: Desired, now: Date): boolean {
  if (lifetime === undefined || lifetime === 'never' || !('expires' in lifetime)) return false;
  return hasEnded(lifetime.expires, now);
}
