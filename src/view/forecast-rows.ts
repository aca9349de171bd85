/** Rows of a forecast for programs, and what people call them. */
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import { LEFT_OUT, type Forecast, type ForecastLine, type LeftOut } from '../model/forecast.ts';

/** Members that each row has, in their order; moments are RFC 3339, amounts in US dollars. */
export const FORECAST_NAMES = [
  'kind',
  'key_id',
  'key_alias',
  'user_id',
  'team_id',
  'team_alias',
  'owned_by',
  'state',
  'close',
  'share',
  'spend',
  'max_budget',
  'pace',
  'reached_at',
  'budget_reset_at',
  'expires',
];

/** One row: `null` where it is about no such thing, and where there is no such moment. */
export function forecastRow({ set, ...line }: ForecastLine): JsonObject {
  const row: JsonObject = { ...line, owned_by: set };
  return Object.fromEntries(FORECAST_NAMES.map((name) => [name, row[name] ?? null]));
}

/** Of what the rows are, for programs. */
export function forecastAbout({ since, until, as_of, source, close, left_out }: Forecast): JsonObject {
  return { since, until, as_of, source, close, left_out };
}

/** What people call somebody. */
export function spenderLabel({ kind, key_id, key_alias, user_id, team_id, team_alias }: ForecastLine): string {
  const team = team_alias ?? team_id ?? '';
  const names = {
    key: key_alias ?? `${key_id?.slice(0, 12) ?? ''}…`,
    user: user_id ?? '',
    team,
    member: `${user_id ?? ''} in ${team}`,
  };
  return oneLine(names[kind]);
}

const WORDS: Readonly<Record<LeftOut, string>> = {
  no_budget: 'without a budget',
  stopped: 'blocked or ended',
  untold: 'whose spend the server does not tell',
  unused: 'never used',
};

/** `12 without a budget, 3 never used`; empty where nobody is left out. */
export function leftOutText({ left_out }: Forecast): string {
  return LEFT_OUT.flatMap((reason) =>
    left_out[reason] === 0 ? [] : [`${String(left_out[reason])} ${WORDS[reason]}`],
  ).join(', ');
}
