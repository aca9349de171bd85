/** JSON Schemas of what `-o json` prints: what a script may rely on, and what the tests hold the output to. */

const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const numberOrNull = { type: ['number', 'null'] } as const;
const natural = { type: 'integer', minimum: 0 } as const;
const flag = { type: 'boolean' } as const;
const hash = { type: ['string', 'null'], pattern: '^[0-9a-f]{64}$' } as const;
const state = { enum: ['present', 'absent'] } as const;
const words = { type: 'array', items: text } as const;

const ACTIONS = ['create', 'update', 'adopt', 'rotate', 'delete', 'noop'] as const;
const actionCounts = Object.fromEntries(ACTIONS.map((action) => [action, natural]));

type Properties = Readonly<Record<string, unknown>>;

/** An object with these members and no others; those named `optional` may be missing. */
function exactly(properties: Properties, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

const fieldChange = exactly({ field: text, from: {}, to: {} });
const notice = exactly({ code: text, key_alias: textOrNull, message: text, hint: textOrNull });
const list = (items: unknown) => ({ type: 'array', items }) as const;

/** `plan -o json`: one set's plan. */
export const PLAN_SCHEMA = exactly({
  version: { const: 1 },
  set: text,
  state,
  changed: flag,
  summary: exactly(actionCounts),
  changes: list(
    exactly({
      action: { enum: ACTIONS },
      key_alias: text,
      user: textOrNull,
      key_id: hash,
      reason: textOrNull,
      changes: list(fieldChange),
    }),
  ),
  notices: list(notice),
  refusals: list(notice),
});

/** One key of a report, and what `create -o json` prints. */
export const OUTCOME_SCHEMA = exactly(
  {
    key_alias: text,
    user: textOrNull,
    user_id: textOrNull,
    action: { enum: ACTIONS },
    status: { enum: ['applied', 'failed', 'skipped'] },
    changed: flag,
    key: text,
    key_id: hash,
    models: words,
    expires: textOrNull,
    max_budget: numberOrNull,
    changes: list(fieldChange),
    error: exactly({ kind: text, message: text, hint: text }),
  },
  ['key', 'error'],
);

/** `apply -o json` and `delete -o json`: one set's report. */
export const REPORT_SCHEMA = exactly(
  {
    version: { const: 1 },
    set: text,
    state,
    changed: flag,
    api_endpoint: text,
    api_base_url: text,
    summary: exactly({ ...actionCounts, failed: natural, skipped: natural }),
    deleted_count: natural,
    missing_count: natural,
    keys: list(OUTCOME_SCHEMA),
    notices: list(notice),
  },
  ['deleted_count', 'missing_count'],
);

const LIVE_MEMBERS = {
  key_alias: textOrNull,
  key_id: hash,
  key_name: textOrNull,
  owned_by: textOrNull,
  status: { enum: ['active', 'blocked', 'expired', 'over_budget'] },
  user_id: textOrNull,
  team_id: textOrNull,
  models: words,
  spend: { type: 'number' },
  max_budget: numberOrNull,
  budget_duration: textOrNull,
  budget_reset_at: textOrNull,
  tpm_limit: numberOrNull,
  rpm_limit: numberOrNull,
  max_parallel_requests: numberOrNull,
  blocked: flag,
  created_at: textOrNull,
  expires: textOrNull,
  metadata: { type: 'object' },
} as const;

/** One key of `list -o json`. A key has further members for the other fields that it has set, under LiteLLM's names. */
export const LIVE_SCHEMA = {
  type: 'object',
  properties: LIVE_MEMBERS,
  required: Object.keys(LIVE_MEMBERS),
  additionalProperties: true,
} as const;
