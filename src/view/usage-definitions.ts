/** Usage and forecasts in the schema of what `-o json` prints. */
import { FORECAST_STATES, LEFT_OUT, SPENDER_KINDS } from '../model/forecast.ts';
import { DIMENSIONS, FIGURES } from '../model/usage.ts';
import { REFUSED } from './usage-rows.ts';
import { exactly, flag, hash, listOf, natural, numberOrNull, text, textOrNull } from './schema-terms.ts';

/** Figures by their names. */
export const FIGURE_SCHEMA = Object.fromEntries(
  FIGURES.map((name) => [name, name === 'spend' ? { type: 'number' } : natural]),
);

/** What the rows of both are made of. */
export const USAGE_DEFINITIONS = {
  usage: {
    description:
      'A row of use, in US dollars. failed: refused ones (over a limit, blocked) too. budget_spend is of max_budget.',
    ...exactly(
      { ...FIGURE_SCHEMA, max_budget: numberOrNull, budget_spend: numberOrNull, last_used: textOrNull },
      {
        key_id: textOrNull,
        key_alias: textOrNull,
        exists: { type: ['boolean', 'null'] },
        user_id: textOrNull,
        team_id: textOrNull,
        team_alias: textOrNull,
        model: textOrNull,
        day: textOrNull,
        tag: textOrNull,
        set: textOrNull,
      },
    ),
  },
  usageOf: {
    description: 'Days, time, route and sum. refused: where refused requests are counted.',
    ...exactly({
      by: listOf({ enum: DIMENSIONS }),
      since: text,
      until: text,
      as_of: text,
      source: text,
      refused: { const: REFUSED },
      total: { anyOf: [exactly(FIGURE_SCHEMA), { type: 'null' }] },
    }),
  },
  forecast: {
    description:
      'A budget, in US dollars. pace: a day. share: 1 is all. reached_at: unless it ends or starts again before. state: what comes first.',
    ...exactly({
      kind: { enum: SPENDER_KINDS },
      key_id: hash,
      key_alias: textOrNull,
      user_id: textOrNull,
      team_id: textOrNull,
      team_alias: textOrNull,
      owned_by: textOrNull,
      state: { enum: FORECAST_STATES },
      close: flag,
      share: { type: 'number' },
      spend: { type: 'number' },
      max_budget: { type: 'number' },
      pace: { type: 'number' },
      reached_at: textOrNull,
      budget_reset_at: textOrNull,
      expires: textOrNull,
    }),
  },
  forecastOf: {
    description: 'Days and route of the pace, time, what is close, and how many are not in it, by why.',
    ...exactly({
      since: text,
      until: text,
      as_of: text,
      source: text,
      close: { type: 'number' },
      left_out: exactly(Object.fromEntries(LEFT_OUT.map((reason) => [reason, natural]))),
    }),
  },
} as const;
