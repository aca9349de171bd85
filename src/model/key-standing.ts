/** How a key stands at a moment: what it is, how much of its budget is left, and what comes next. */
import { endOf } from '../base/duration.ts';
import type { Held } from './place.ts';
import type { Live, RotationRule } from './resource.ts';
import { statusOf, type Status } from './status.ts';

/** What comes next for a key. `ends`: for good; `budget`: its budget begins anew; `rotation`: it is to get a new secret. */
export const NEXT = ['opens', 'retires', 'ends', 'budget', 'rotation'] as const;
export type Next = { readonly is: (typeof NEXT)[number]; readonly at: string };

/** From so much of its budget on a key is close to its limit. */
export const CLOSE = 0.8;

/**
 * `share`: of its budget, `null` without one. `rotating`: a rotation was begun here and did not end. `unused`: nothing was ever
 * spent or called with it, as far as its server tells. `stale`: places of a spec that do not hold it, `null` where none names any.
 */
export type KeyStanding = {
  readonly set: string | null;
  readonly key_alias: string | null;
  readonly key_id: string;
  readonly status: Status;
  readonly rotating: boolean;
  readonly spend: number;
  readonly max_budget: number | null;
  readonly share: number | null;
  readonly unused: boolean;
  readonly last_active: string | null;
  readonly next: Next | null;
  readonly stale: readonly string[] | null;
};

/** What is known of a key beside what its server says. */
export type StandingFacts = {
  readonly max_budget: number | null;
  readonly rotating: boolean;
  readonly rule: RotationRule | undefined;
  readonly held: readonly Held[] | null;
};

export function standingOf(live: Live, { max_budget, rotating, rule, held }: StandingFacts, now: Date): KeyStanding {
  const { last_active, total_spend } = live.extra;
  const { spend } = live;
  const status = statusOf(
    { ...live, settings: { ...live.settings, ...(max_budget === null ? {} : { max_budget }) } },
    now,
  );
  return {
    set: live.mark?.set ?? null,
    key_alias: live.name,
    key_id: live.id,
    status,
    rotating,
    spend,
    max_budget,
    share: shareOf(spend, max_budget),
    unused: spend === 0 && typeof last_active !== 'string' && !(typeof total_spend === 'number' && total_spend > 0),
    last_active: typeof last_active === 'string' ? last_active : null,
    next: status === 'expired' ? null : nextOf(live, rule, now),
    stale: held === null ? null : held.filter(({ state }) => state !== 'current').map(({ path }) => path),
  };
}

/** Whether a key should be looked at: it does not work, soon will not, or is not where it should be. */
export function isNotable({ status, share, rotating, stale }: KeyStanding): boolean {
  return status !== 'active' || rotating || (share ?? 0) >= CLOSE || (stale ?? []).length > 0;
}

/** A key that may spend nothing has spent all. */
function shareOf(spend: number, max_budget: number | null): number | null {
  if (max_budget === null) return null;
  return max_budget === 0 ? 1 : spend / max_budget;
}

function nextOf(
  { mark, expires, budget_reset_at, created_at }: Live,
  rule: RotationRule | undefined,
  now: Date,
): Next | null {
  const due = rule === undefined || created_at === null ? null : endOf(rule.every, new Date(created_at)).toISOString();
  const moments: readonly (readonly [Next['is'], string | null | undefined])[] = [
    ['opens', mark?.opens],
    /* An old key that waits for the first use of the newer one has no end yet, but what it had before. */
    mark?.retiring === undefined ? ['ends', expires] : ['retires', mark.grace === undefined ? mark.retiring : expires],
    ['budget', budget_reset_at],
  ];
  const coming = moments.flatMap(([is, at]): readonly Next[] => (at != null && new Date(at) > now ? [{ is, at }] : []));
  /* What is due stays so until it is done. */
  const all = due === null ? coming : [...coming, { is: 'rotation' as const, at: due }];
  return all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0] ?? null;
}
