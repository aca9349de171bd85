/** Live things as what they may spend. What is held of them is apart from the answer that it was cut from. */
import { copyOf } from '../base/copy.ts';
import { isObject } from '../base/json.ts';
import { limitOf, limitOfKey } from '../litellm/limits.ts';
import type { Spender } from '../model/forecast.ts';
import type { Live } from '../model/resource.ts';

/** `budgets`: those that keys can have their limit from, by their ids. */
export function keySpender(live: Live, budgets: ReadonlyMap<string, Live>): Spender {
  const { user_id, team_id } = live.settings;
  return {
    ...spender(live),
    ...limitOfKey(live, budgets),
    kind: 'key',
    key_id: copyOf(live.id),
    key_alias: textOf(live.name),
    user_id: textOf(user_id),
    team_id: textOf(team_id),
  };
}

/** A user's budget binds the user's own keys, and counts what is spent with a team's too. */
export function userSpender(live: Live): Spender {
  return { ...spender(live), kind: 'user', user_id: copyOf(live.id) };
}

export function teamSpender(live: Live): Spender {
  return { ...spender(live), kind: 'team', team_id: copyOf(live.id), team_alias: textOf(live.name) };
}

/** A member has a limit of its own, or the one that the team gives to those who have none; it is of the team's set, and no older. */
export function memberSpender(live: Live, team: Live): Spender {
  const { limits_of_team: shared = null, spend } = live.extra;
  const own = live.settings['max_budget_in_team'] ?? (isObject(shared) ? shared['max_budget_in_team'] : null);
  return {
    ...teamSpender(team),
    kind: 'member',
    user_id: textOf(live.settings['user_id']),
    spend: typeof spend === 'number' ? spend : null,
    max_budget: typeof own === 'number' ? own : null,
    budget_reset_at: live.budget_reset_at,
  };
}

function spender(live: Live): Omit<Spender, 'kind'> {
  const { mark, spend, budget_reset_at, expires, created_at, settings } = live;
  return {
    key_id: null,
    key_alias: null,
    user_id: null,
    team_id: null,
    team_alias: null,
    set: textOf(mark?.set),
    spend,
    max_budget: limitOf(live),
    budget_reset_at,
    expires,
    created_at,
    blocked: settings['blocked'] === true,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? copyOf(value) : null;
}
