/** What becomes of the old keys of rotations. */
import type { Json } from '../base/json.ts';
import { isRotation, type Change, type Deletion } from '../model/change.ts';
import { hasEnded } from '../model/lifetime.ts';
import { unmanaged, type Live } from '../model/resource.ts';
import { formerName, type Retired } from '../model/rotation.ts';
import { deletion } from './deletion.ts';
import type { PlanPart } from './order.ts';

/** The names of keys that nobody is to use any more: they are blocked, or others have their secrets. */
export function stoppedNames({ changes = [] }: PlanPart): readonly string[] {
  return changes.flatMap((change) => {
    const { ref, desired } = change;
    if (desired === null) return [];
    const isLeaked = isRotation(change) && change.terms.isLeaked;
    return isLeaked || desired.settings['blocked'] === true ? [ref.name, ...desired.previously] : [];
  });
}

/**
 * Old keys go when their grace is over, or with what ends the use of their keys: `stopped` are the names of those. One that waits for the
 * first use of the newer one gets its end when that is seen.
 */
export function retiredPart(
  retired: readonly Retired[],
  lives: readonly Live[],
  stopped: ReadonlySet<string | null>,
  now: Date,
): PlanPart {
  const used = new Map(lives.map(({ mark, extra }) => [mark?.name ?? null, extra['last_active'] ?? null]));
  const changes = retired.flatMap((live): readonly Change[] => {
    const end = endOfGrace(live, used);
    if (hasEnded(end, now) || hasEnded(live.expires, now)) return [retirement(live, 'its grace is over')];
    if (stopped.has(formerName(live))) return [retirement(live, 'its grace ends with the use of its key')];
    const isSooner = end !== null && (live.expires === null || end < live.expires);
    return isSooner && live.mark.grace !== undefined ? [shortening(live, end)] : [];
  });
  return { changes };
}

/** The newer one is used more than once, so this moment moves on: it only ever shortens a life. */
function endOfGrace(live: Retired, used: ReadonlyMap<string | null, Json>): string | null {
  const { mark } = live;
  if (mark.grace === undefined) return mark.retiring;
  const at = used.get(formerName(live));
  return typeof at === 'string' ? new Date(Date.parse(at) + mark.grace).toISOString() : null;
}

function shortening(live: Live, end: string): Change {
  const ref = { kind: live.kind, name: nameOf(live) };
  const desired = unmanaged(ref, { lifetime: { expires: end } });
  const fields = [{ field: 'expires', from: live.expires, to: end }];
  return { action: 'update', ref, fields, takes: [], reason: 'its newer key is used', desired, live };
}

/** The deletion of an old key. */
export function retirement(live: Live, reason: string): Deletion {
  return deletion({ kind: live.kind, name: nameOf(live) }, live, 'retired', reason);
}

function nameOf({ mark, name, id }: Live): string {
  return mark?.name ?? name ?? id;
}
