/**
 * The facts of a key, the one thing in LiteLLM that has a secret. Left out of its fields on purpose: `key_alias` (its name),
 * `duration` and `expires` (its lifetime), `metadata` (merged member by member), `key` (the secret) and `spend` (moves by itself).
 */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Field, FieldTable } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { createBody, updateBody } from './body.ts';
import { column, inMetadata, NO_PERMISSIONS } from './field.ts';

/**
 * A server that is named in `mcp_tool_permissions` may be used, also when it is no longer in `mcp_servers`. So one that is
 * revoked there goes here too, unless it may come from an access group, whose tools this would not grant but widen.
 */
function withoutRevoked(wanted: JsonObject, live: JsonObject): JsonObject {
  const [servers, tools] = [wanted['mcp_servers'], live['mcp_tool_permissions']];
  if (!isList(servers) || !isObject(tools) || wanted['mcp_tool_permissions'] !== undefined) return wanted;
  const isGrouped = ['mcp_access_groups', 'mcp_toolsets'].some((name) => !isNone(wanted[name] ?? live[name]));
  const before = isList(live['mcp_servers']) ? live['mcp_servers'] : [];
  const left = Object.entries(tools).filter(
    ([name]) => servers.includes(name) || (isGrouped && !before.includes(name)),
  );
  return left.length === Object.keys(tools).length
    ? wanted
    : { ...wanted, mcp_tool_permissions: Object.fromEntries(left) };
}

function isNone(value: Json | undefined): boolean {
  return value == null || (isList(value) && value.length === 0);
}

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
    open: true,
    along: withoutRevoked,
  }),
  auto_rotate: column('boolean', 'true lets the server rotate the key', { since: '1.77.0' }),
  rotation_interval: column('duration', 'how often the server rotates the key', { since: '1.77.0' }),
  router_settings: column('object', "the router's settings for this key", { since: '1.83.0', open: true }),
  access_group_ids: column('strings', 'access groups that the key is in', { since: '1.83.0', none: 'nothing' }),
  budget_limits: column('objects', 'several budgets at once, each with its own duration', { since: '1.83.0' }),
  budget_fallbacks: column('object', 'models to fall back to when a budget is spent', { since: '1.108.0' }),
  model_max_budget: column('object', 'a budget for each model', { licence: true }),
  model_rpm_limit: inMetadata('object', 'requests a minute for each model'),
  model_tpm_limit: inMetadata('object', 'tokens a minute for each model'),
  mcp_rpm_limit: inMetadata('object', 'requests a minute for each MCP server', { since: '1.108.0' }),
  tag_rpm_limit: inMetadata('object', 'requests a minute for each tag', { since: '1.108.0' }),
  rpm_limit_type: inMetadata('string', 'how rpm_limit is enforced', { since: '1.77.0' }),
  tpm_limit_type: inMetadata('string', 'how tpm_limit is enforced', { since: '1.77.0' }),
  enforced_params: inMetadata('strings', 'parameters that each call must have', {
    since: '1.77.0',
    licence: true,
    asks: true,
  }),
  temp_budget_increase: inMetadata('number', 'US dollars added to max_budget for a time', {
    togetherWith: 'temp_budget_expiry',
    none: 'nothing',
  }),
  temp_budget_expiry: inMetadata('string', 'when temp_budget_increase ends, UTC without a zone', {
    togetherWith: 'temp_budget_increase',
  }),
  allowed_vector_store_indexes: inMetadata('objects', 'vector store indexes that the key may use', { since: '1.83.0' }),
  throttle_on_budget_exceeded: inMetadata('boolean', 'slow down instead of refusing', { since: '1.108.0' }),
  enable_prompt_caching: inMetadata('boolean', 'cache prompts automatically', { since: '1.108.0' }),
  default_estimated_output_tokens: inMetadata('integer', 'output tokens assumed for limits', {
    since: '1.108.0',
    none: 'nothing',
  }),
  tags: inMetadata('strings', 'tags for spend and routing', { licence: true, asks: true }),
  guardrails: inMetadata('strings', 'guardrails of each call', { licence: true, asks: true }),
  policies: inMetadata('strings', 'policies of each call', { licence: true, asks: true }),
  prompts: inMetadata('strings', 'prompts that the key may use', { licence: true }),
} as const satisfies FieldTable;

export type FieldName = keyof typeof TABLE;

/** Each managed field's row, in the order in which a plan and `get` show them. */
export const FIELDS: Readonly<Record<FieldName, Field>> = TABLE;
export const FIELD_NAMES: readonly FieldName[] = Object.keys(TABLE).filter(isFieldName);

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(TABLE, name);
}

export const KEY: KindFacts = {
  kind: 'key',
  level: 3,
  naming: 'key_alias',
  identity: null,
  partOf: null,
  fields: FIELDS,
  hasSecret: true,
  marks: 'metadata',
  cascades: [],
  frees: [],
  make: (desired, mark, now) => createBody(KEY, desired, mark, now),
  patch: (changes, live, mark, now, secrets) => updateBody(KEY, changes, live, mark, now, secrets),
};
