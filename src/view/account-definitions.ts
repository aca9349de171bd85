/** The account of closed sets, in the schema of what `-o json` prints. */
import { PROOFS } from '../model/account.ts';
import { FIGURE_SCHEMA } from './usage-definitions.ts';
import { exactly, hash, listOf, numberOrNull, text, textOrNull, texts } from './schema-terms.ts';

export const ACCOUNT_DEFINITIONS = {
  account: {
    description:
      'state: open until all is deleted. used: what was counted of calls since that day. differences: keys whose own figure is another. left: what was to go and is there.',
    ...exactly({
      version: { const: 1 },
      state: { enum: ['open', 'closed'] },
      sets: texts,
      url: text,
      read_at: text,
      closed_at: textOrNull,
      since: text,
      source: text,
      keys: listOf(
        exactly({
          key_id: hash,
          key_alias: textOrNull,
          set: textOrNull,
          user: textOrNull,
          user_id: textOrNull,
          team_id: textOrNull,
          models: texts,
          created_at: textOrNull,
          expires: textOrNull,
          last_active: textOrNull,
          max_budget: numberOrNull,
          budget_reset_at: textOrNull,
          spend: { type: 'number' },
          total_spend: numberOrNull,
          used: exactly(FIGURE_SCHEMA),
          places: texts,
          proof: { enum: [...PROOFS, null] },
        }),
      ),
      total: exactly(FIGURE_SCHEMA),
      differences: texts,
      left: listOf(exactly({ what: { enum: ['key', 'place'] }, name: text })),
      gaps: texts,
    }),
  },
} as const;
