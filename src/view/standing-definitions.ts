/** How keys stand, in the schema of what `-o json` prints. */
import { NEXT } from '../model/key-standing.ts';
import { STATUSES } from '../model/status.ts';
import { exactly, flag, hash, numberOrNull, text, textOrNull, texts } from './schema-terms.ts';

export const STANDING_DEFINITIONS = {
  standing: {
    description:
      'How a key stands. share: of its budget, 1 is all. stale: places that do not hold it; null without -f.',
    ...exactly({
      set: textOrNull,
      key_alias: textOrNull,
      key_id: hash,
      status: { enum: STATUSES },
      rotating: flag,
      spend: { type: 'number' },
      max_budget: numberOrNull,
      share: numberOrNull,
      unused: flag,
      last_active: textOrNull,
      next: { anyOf: [exactly({ is: { enum: NEXT }, at: text }), { type: 'null' }] },
      stale: { anyOf: [texts, { type: 'null' }] },
    }),
  },
} as const;
