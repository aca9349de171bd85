import { isObject, parseJson } from '../base/json.ts';
import { budgetOf, hashOf, type StoredKey, type Row, type Server } from './state.ts';
import { has, SANDBOX_VERSIONS, type SandboxVersion } from './versions.ts';

/** Columns by the version that brought them: names, each with its value in a new row where that is not null. */
export type Columns = { readonly [since in SandboxVersion]?: string };

/** The columns of a key's row. */
const ROW: Columns = {
  '1.65.8': `
    token key_name key_alias soft_budget_cooldown=false spend=0 expires models=[] aliases={} config={} user_id team_id
    permissions={} max_parallel_requests metadata={} blocked tpm_limit rpm_limit max_budget budget_duration
    budget_reset_at allowed_cache_controls=[] model_spend={} model_max_budget={} budget_id organization_id created_at
    created_by updated_at updated_by litellm_budget_table litellm_organization_table`,
  '1.77.7': `
    allowed_routes=[] object_permission_id rotation_count=0 auto_rotate=false rotation_interval last_rotation_at
    key_rotation_at object_permission`,
  '1.83.14': `
    router_settings={} agent_id project_id policies=[] access_group_ids=[] last_active budget_limits
    litellm_project_table jwt_key_mappings`,
  '1.108.7': 'total_spend=0 tpd_limit key_type="default" budget_fallbacks={} settings_updated_at',
};

/** What `/key/list` adds to each row, always the same. */
const VIEW: Columns = {
  '1.65.8': `
    team_spend team_alias team_tpm_limit team_rpm_limit team_max_budget team_models=[] team_blocked=false
    soft_budget team_model_aliases team_member_spend team_member team_metadata end_user_id end_user_tpm_limit
    end_user_rpm_limit end_user_max_budget last_refreshed_at api_key user_role allowed_model_region parent_otel_span
    rpm_limit_per_model tpm_limit_per_model user_tpm_limit user_rpm_limit user_email`,
  '1.77.7': 'team_member_tpm_limit team_member_rpm_limit request_route',
  '1.83.14': `
    team_soft_budget team_object_permission_id end_user_model_max_budget organization_alias organization_max_budget
    organization_tpm_limit organization_rpm_limit organization_metadata project_alias project_metadata user_spend
    user_max_budget user created_by_user end_user_object_permission team_object_permission jwt_claims`,
  '1.108.7': 'team_tpd_limit team_model_max_budget end_user_tpd_limit user_model_max_budget is_session_token=false',
};

/** The members of the answer to `/key/generate`; null stands for the row's value, or for null where the row has none. */
const CREATED: Columns = {
  '1.65.8': `
    key_alias duration models spend max_budget user_id team_id max_parallel_requests metadata tpm_limit rpm_limit
    budget_duration allowed_cache_controls config permissions model_max_budget model_rpm_limit model_tpm_limit
    guardrails blocked aliases key budget_id tags enforced_params key_name expires token_id litellm_budget_table
    token created_by updated_by`,
  '1.77.7': 'prompts object_permission allowed_routes rpm_limit_type tpm_limit_type created_at updated_at',
  '1.83.14': `
    agent_id budget_limits policies allowed_passthrough_routes allowed_vector_store_indexes router_settings
    access_group_ids organization_id project_id`,
  '1.108.7': `
    budget_fallbacks mcp_rpm_limit tag_rpm_limit tpd_limit default_estimated_output_tokens
    default_estimated_output_tokens_per_model end_user_budget_id disable_global_guardrails enable_prompt_caching
    throttle_on_budget_exceeded denied_passthrough_routes key_type`,
};

/** `router_settings` comes back from a create as an object of nulls. */
const ROUTER_SETTINGS: Columns = {
  '1.83.14': `
    routing_strategy_args routing_strategy model_group_retry_policy model_group_affinity_config allowed_fails
    cooldown_time num_retries timeout max_retries retry_after fallbacks context_window_fallbacks model_group_alias={}`,
  '1.108.7': `
    routing_groups retry_policy enable_tag_filtering weights tag_routing_prefix optional_pre_call_checks
    fallback_on_unsupported_params`,
  '1.110.2': 'content_policy_fallbacks',
};

/** Row columns that `/key/list` leaves out; `organization_id` is called `org_id` there. */
const NOT_LISTED = [
  'organization_id',
  'litellm_organization_table',
  'litellm_project_table',
  'jwt_key_mappings',
  'policies',
];

const TIMES = [
  'expires',
  'budget_reset_at',
  'created_at',
  'updated_at',
  'settings_updated_at',
  'last_active',
  'key_rotation_at',
  'deleted_at',
];

const blanks = new Map<Columns, Map<SandboxVersion, Row>>();

/** A row of these columns in this version. Read once: a list of many keys needs many. */
export function columnsOf(version: SandboxVersion, columns: Columns): Row {
  const known = blanks.get(columns) ?? new Map<SandboxVersion, Row>();
  const blank = known.get(version) ?? readColumns(version, columns);
  blanks.set(columns, known.set(version, blank));
  return { ...blank };
}

/** These columns of a row, each at its default where the row has none. */
export function viewOf(version: SandboxVersion, columns: Columns, row: Row): Row {
  const view = columnsOf(version, columns);
  for (const name of Object.keys(view)) if (row[name] !== undefined) view[name] = row[name];
  return view;
}

function readColumns(version: SandboxVersion, columns: Columns): Row {
  const words = SANDBOX_VERSIONS.filter((since) => has(version, since)).flatMap(
    (since) => columns[since]?.match(/\S+/g) ?? [],
  );
  return Object.fromEntries(
    words.map((word) => {
      const [name = '', value = 'null'] = word.split('=');
      return [name, parseJson(value) ?? null];
    }),
  );
}

/** The row of a new key: every column of this version at its default. */
export function newRow(version: SandboxVersion, secret: string, now: string): StoredKey {
  const names = { token: hashOf(secret), key_name: `sk-...${secret.slice(-4)}` };
  // oxlint-disable-next-line no-unsafe-type-assertion -- ROW has these columns with values of these types
  return { ...(columnsOf(version, ROW) as StoredKey), ...names, created_at: now, updated_at: now };
}

/** Prints the times as `2026-11-21T10:24:02.401000Z` (lists) or with `+00:00` (`/key/info`, `/key/update`), as Python does. */
export function printTimes(row: Row, zone: 'Z' | '+00:00'): Row {
  const printed = { ...row };
  for (const name of TIMES) {
    const time = printed[name];
    if (typeof time === 'string') printed[name] = printTime(time, zone);
  }
  return printed;
}

function printTime(iso: string, zone: string): string {
  return iso.replace('.000Z', zone).replace(/(\.\d{3})Z$/, `$1000${zone}`);
}

/** The row as a list's item without the joined columns: what `/key/block` answers. */
export function plainItem(server: Server, row: StoredKey): Row {
  return printTimes(listedColumns(server, row), 'Z');
}

/** The columns that a list's item and the archive of deleted keys have in common, times still as stored. */
export function listedColumns(server: Server, row: StoredKey): StoredKey {
  const item: StoredKey = { ...row, org_id: row.organization_id ?? null };
  const hidden = server.facts.budgetInList ? NOT_LISTED : [...NOT_LISTED, 'budget_id'];
  for (const name of hidden) delete item[name];
  return item;
}

export function listItem(server: Server, row: StoredKey): Row {
  const item = plainItem(server, row);
  return Object.assign(server.facts.budgetInList ? withBudget(server, item) : item, columnsOf(server.version, VIEW));
}

/** The row with the budget that it names. */
export function withBudget(server: Server, row: Row): Row {
  const budget = budgetOf(server, row);
  return { ...row, litellm_budget_table: budget === null ? null : printTimes(budget, 'Z') };
}

/** The answer to a create. `created` is the row that was asked for, which an existing key does not become. */
export function createdAnswer(server: Server, secret: string, created: StoredKey): Row {
  const answer = columnsOf(server.version, CREATED);
  const row = withBudget(server, printTimes(created, 'Z'));
  for (const name of Object.keys(answer)) answer[name] = row[name] ?? null;
  if ('router_settings' in answer) {
    answer.router_settings = {
      ...columnsOf(server.version, ROUTER_SETTINGS),
      ...(isObject(created.router_settings) ? created.router_settings : {}),
    };
  }
  const hash = created.token;
  const token = server.facts.tokenInAnswer === 'secret' ? secret : hash;
  if ('policies' in answer) answer.policies = null;
  return { ...answer, key: secret, token, token_id: hash };
}
