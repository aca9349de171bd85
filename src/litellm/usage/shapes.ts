import * as z from 'zod/mini';

/** What a server counted. Newer ones count more. */
const Metrics = z.looseObject({
  spend: z.number(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  api_requests: z.number(),
  failed_requests: z.number(),
});
const maybeText = z.nullish(z.string());
const Key = z.looseObject({
  metrics: Metrics,
  metadata: z.looseObject({ key_alias: maybeText, team_id: maybeText }),
});
const Keys = z.record(z.string(), Key);
/** Before 1.77 a model has no keys, and there are no entities. */
const Part = z.looseObject({
  metrics: Metrics,
  metadata: z.looseObject({ team_alias: maybeText }),
  api_key_breakdown: z._default(Keys, {}),
});
const Parts = z.record(z.string(), Part);
const Day = z.looseObject({
  date: z.string(),
  breakdown: z.looseObject({ api_keys: Keys, models: Parts, entities: z.optional(Parts) }),
});

/** A page of `/user/daily/activity`, and of the routes like it. */
export const ACTIVITY = z.looseObject({
  results: z.array(Day),
  metadata: z.looseObject({ total_pages: z.number(), has_more: z.boolean() }),
});

export type ActivityDay = z.infer<typeof Day>;
export type Metrics = z.infer<typeof Metrics>;
export type Parts = z.infer<typeof Parts>;

/** `/spend/logs` between two days: what each key, user and model spent on each. */
export const SPEND_LOGS = z.array(z.looseObject({ startTime: z.string(), models: z.record(z.string(), z.number()) }));

/** `/global/spend/tags`. */
export const TAGS = z.looseObject({
  spend_per_tag: z.array(z.looseObject({ name: z.string(), spend: z.number(), log_count: z.number() })),
});
