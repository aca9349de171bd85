import { isList, isObject, sameJson, type Json, type JsonObject } from '../base/json.ts';

/**
 * The table of the fields that vkeys manages, one row for each, under LiteLLM's own names. The spec's schema, the
 * diff, the requests, the flags of `create` and `update` and the views all read this table, so a new field is one row.
 * Left out on purpose: `duration` and `expires` (a key's lifetime, see `lifetime.ts`), `metadata` (merged, see
 * `diff.ts`), `key` (a secret) and `spend` (moves by itself).
 */
export type Field = {
  readonly kind: 'number' | 'integer' | 'string' | 'duration' | 'boolean' | 'strings' | 'object' | 'objects';
  /** One line of help. */
  readonly about: string;
  /** What an update sends to clear the field. LiteLLM wants `null` for some, an empty value for others. */
  readonly cleared: null | readonly [] | JsonObject;
  /** Where a row of `/key/list` has it: at its top level, or inside `metadata` although it is sent at the top. */
  readonly home: 'column' | 'metadata';
  /** The column's name where it is not the field's. */
  readonly column?: string;
  /** First version that keeps the field; older ones drop it silently. */
  readonly since?: string;
  /** First version that can clear it; older ones ignore that silently. */
  readonly clearableSince?: string;
  /** First version whose `/key/list` has it; before, only `/key/info`. */
  readonly listedSince?: string;
  /** What the server has where nothing was set. */
  readonly unset?: string;
  /** Set at creation and never again. */
  readonly createOnly?: true;
  /** The server wants this field whenever it gets that one. */
  readonly togetherWith?: 'temp_budget_increase' | 'temp_budget_expiry';
  /** The open-source server refuses it (403 or 500) without a licence. */
  readonly licence?: true;
};

const column = (kind: Field['kind'], about: string, more: Partial<Field> = {}): Field => ({
  kind,
  about,
  cleared: kind === 'strings' || kind === 'objects' ? [] : kind === 'object' ? {} : null,
  home: 'column',
  ...more,
});
const inMetadata = (kind: Field['kind'], about: string, more: Partial<Field> = {}): Field => ({
  ...column(kind, about, more),
  home: 'metadata',
});

/** The server merges permissions member by member, so an empty object would change nothing. */
const NO_PERMISSIONS = {
  mcp_servers: [],
  mcp_access_groups: [],
  mcp_toolsets: [],
  vector_stores: [],
  agents: [],
  agent_access_groups: [],
  models: [],
  blocked_tools: [],
  search_tools: [],
  skills: [],
};

const TABLE = {
  models: column('strings', 'models that the key may use; [] is all of them'),
  max_budget: column('number', 'US dollars that the key may spend (in each budget_duration, if there is one)'),
  budget_duration: column('duration', 'how often the spend starts again at 0, e.g. 30d', { clearableSince: '1.108.0' }),
  soft_budget: column('number', 'US dollars of spend at which the server alerts', {
    createOnly: true,
    listedSince: 'info',
  }),
  user_id: column('string', "who the key's use is counted for"),
  team_id: column('string', 'the team that the key belongs to'),
  organization_id: column('string', 'the organisation that the key belongs to', { column: 'org_id', since: '1.83.0' }),
  project_id: column('string', 'the project that the key belongs to', { since: '1.83.0' }),
  agent_id: column('string', 'the agent that the key belongs to', { since: '1.83.0' }),
  budget_id: column('string', 'a budget that exists on the server', { listedSince: '1.108.0' }),
  tpm_limit: column('integer', 'tokens a minute'),
  rpm_limit: column('integer', 'requests a minute'),
  tpd_limit: column('integer', 'tokens a day', { since: '1.108.0' }),
  max_parallel_requests: column('integer', 'requests at the same time'),
  blocked: column('boolean', 'true refuses every call with the key'),
  aliases: column('object', 'model names that mean another model for this key'),
  config: column('object', "settings of the key's calls"),
  permissions: column('object', 'switches of the server for this key'),
  allowed_cache_controls: column('strings', 'cache controls that the key may send'),
  allowed_routes: column('strings', 'routes that the key may call; [] is all of them', { since: '1.77.0' }),
  key_type: column('string', 'default, llm_api, management or read_only', {
    since: '1.77.0',
    listedSince: '1.108.0',
    createOnly: true,
    unset: 'default',
  }),
  object_permission: column('object', 'MCP servers, vector stores and agents that the key may use', {
    since: '1.77.0',
    cleared: NO_PERMISSIONS,
  }),
  auto_rotate: column('boolean', 'true lets the server rotate the key', { since: '1.77.0' }),
  rotation_interval: column('duration', 'how often the server rotates the key', { since: '1.77.0' }),
  router_settings: column('object', "the router's settings for this key", { since: '1.83.0' }),
  access_group_ids: column('strings', 'access groups that the key is in', { since: '1.83.0' }),
  budget_limits: column('objects', 'several budgets at once, each with its own duration', { since: '1.83.0' }),
  budget_fallbacks: column('object', 'models to fall back to when a budget is spent', { since: '1.108.0' }),
  model_max_budget: column('object', 'a budget for each model', { licence: true }),
  model_rpm_limit: inMetadata('object', 'requests a minute for each model'),
  model_tpm_limit: inMetadata('object', 'tokens a minute for each model'),
  mcp_rpm_limit: inMetadata('object', 'requests a minute for each MCP server', { since: '1.108.0' }),
  tag_rpm_limit: inMetadata('object', 'requests a minute for each tag', { since: '1.108.0' }),
  rpm_limit_type: inMetadata('string', 'how rpm_limit is enforced', { since: '1.77.0' }),
  tpm_limit_type: inMetadata('string', 'how tpm_limit is enforced', { since: '1.77.0' }),
  enforced_params: inMetadata('strings', 'parameters that each call must have', { since: '1.77.0', licence: true }),
  temp_budget_increase: inMetadata('number', 'US dollars added to max_budget for a time', {
    togetherWith: 'temp_budget_expiry',
  }),
  temp_budget_expiry: inMetadata('string', 'when temp_budget_increase ends, UTC without a zone', {
    togetherWith: 'temp_budget_increase',
  }),
  allowed_vector_store_indexes: inMetadata('objects', 'vector store indexes that the key may use', { since: '1.83.0' }),
  throttle_on_budget_exceeded: inMetadata('boolean', 'slow down instead of refusing', { since: '1.108.0' }),
  enable_prompt_caching: inMetadata('boolean', 'cache prompts automatically', { since: '1.108.0' }),
  default_estimated_output_tokens: inMetadata('integer', 'output tokens assumed for limits', { since: '1.108.0' }),
  tags: inMetadata('strings', 'tags for spend and routing', { licence: true }),
  guardrails: inMetadata('strings', 'guardrails of each call', { licence: true }),
  policies: inMetadata('strings', 'policies of each call', { licence: true }),
  prompts: inMetadata('strings', 'prompts that the key may use', { licence: true }),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof TABLE;

/** Each managed field's row, in the order in which a plan and `get` show them. */
export const FIELDS: Readonly<Record<FieldName, Field>> = TABLE;
export const FIELD_NAMES: readonly FieldName[] = Object.keys(TABLE).filter(isFieldName);

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(TABLE, name);
}

/** A key's managed fields: absent is not managed (Desired) or unknown (Live), `null` is cleared, anything else is set. */
export type Settings = { readonly [F in FieldName]?: Json };

/** The fields that are there, with their values, in the table's order. */
export function settingsEntries(settings: Settings): readonly (readonly [FieldName, Json])[] {
  return FIELD_NAMES.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}

function isEmpty(value: Json): boolean {
  return value === null || (isList(value) && value.length === 0);
}

/** Whether a value is the same as none: LiteLLM has `null`, `[]` and `{}` for a cleared field, and `false` for a flag. */
export function isCleared(name: FieldName, value: Json | undefined): boolean {
  if (value == null || value === FIELDS[name].unset) return true;
  if (FIELDS[name].kind === 'boolean') return value === false;
  return isEmpty(value) || (isObject(value) && Object.values(value).every(isEmpty));
}

/**
 * Whether the server has what is wanted. Lists of names are sets; of an object only the wanted members count, because
 * servers add members of their own to `router_settings` and `object_permission`.
 */
export function sameField(name: FieldName, wanted: Json, live: Json | undefined): boolean {
  if (isCleared(name, wanted)) return isCleared(name, live);
  if (FIELDS[name].kind === 'strings' && isList(wanted) && isList(live)) {
    return wanted.every((item) => live.includes(item)) && live.every((item) => wanted.includes(item));
  }
  if (FIELDS[name].kind === 'object' && isObject(wanted) && isObject(live)) {
    const extras = Object.keys(live).filter((member) => !Object.hasOwn(wanted, member) && live[member] !== null);
    const ours = Object.keys(wanted).every((member) => sameJson(wanted[member], live[member] ?? null));
    return ours && (extras.length === 0 || name === 'router_settings' || name === 'object_permission');
  }
  return sameJson(wanted, live);
}
