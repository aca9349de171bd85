import { hasEnded } from './lifetime.ts';
import type { Live } from './resource.ts';

export const STATUSES = ['active', 'expired', 'blocked', 'over_budget'] as const;
export type Status = (typeof STATUSES)[number];

/** Whether the server takes a key at this moment, and if not, why: the first reason that stays whatever happens to the others. */
export function statusOf({ settings, expires, spend }: Live, now: Date): Status {
  if (settings['blocked'] === true) return 'blocked';
  if (hasEnded(expires, now)) return 'expired';
  return typeof settings['max_budget'] === 'number' && spend >= settings['max_budget'] ? 'over_budget' : 'active';
}
