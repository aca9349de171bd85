import type { Live } from '../model/resource.ts';

/** What somebody may spend in US dollars, and when that starts anew. */
export type SpendLimit = { readonly max_budget: number | null; readonly budget_reset_at: string | null };

/** What has to be read of a key for its limit: the second tells the versions apart. */
export const LIMIT_FIELDS: ReadonlySet<string> = new Set(['budget_id']);
export const LIMIT_COLUMNS = ['last_active'];

/**
 * The limit of a key: its own, or that of the budget that it names. Of both, up to 1.77 the budget's counts, without its window;
 * from 1.83 on the key's own does, and the window of a budget is followed.
 */
export function limitOfKey(key: Live, budgets: ReadonlyMap<string, Live>): SpendLimit {
  const { budget_id } = key.settings;
  const budget = typeof budget_id === 'string' ? budgets.get(budget_id) : undefined;
  const own = { max_budget: limitOf(key), budget_reset_at: key.budget_reset_at };
  const shared = budget === undefined ? null : limitOf(budget);
  if (budget === undefined || shared === null) return own;
  if (!('last_active' in key.extra)) return { max_budget: shared, budget_reset_at: null };
  return own.max_budget === null ? { max_budget: shared, budget_reset_at: budget.budget_reset_at } : own;
}

/** What a key, a user, a team or a budget itself says that may be spent. */
export function limitOf({ settings: { max_budget } }: Live): number | null {
  return typeof max_budget === 'number' ? max_budget : null;
}
