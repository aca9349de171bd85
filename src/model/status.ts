import { hasEnded } from './lifetime.ts';
import type { Live } from './resource.ts';

export const STATUSES = ['active', 'expired', 'blocked', 'retiring', 'over_budget'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * Whether the server takes a key at this moment, and if not, why: the first reason that stays whatever happens to the others.
 * One that retires is taken until then.
 */
export function statusOf({ settings, expires, spend, mark }: Live, now: Date): Status {
  if (settings['blocked'] === true) return 'blocked';
  if (hasEnded(expires, now)) return 'expired';
  if (mark?.retiring !== undefined && !hasEnded(mark.retiring, now)) return 'retiring';
  return typeof settings['max_budget'] === 'number' && spend >= settings['max_budget'] ? 'over_budget' : 'active';
}
