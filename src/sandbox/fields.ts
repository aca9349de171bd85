import type { Json, JsonObject } from '../base/json.ts';
import { refuseInvalid } from './answers.ts';
import { convertFields, type Kind, type Version } from './convert.ts';
import { type Facts, has, type SandboxVersion } from './versions.ts';

/** Where a field of a request goes: a column, into `metadata`, into `metadata` with a licence, or its own handling. */
type Home = 'column' | 'metadata' | 'licence' | 'special';

type Field = readonly [kind: Kind, since: SandboxVersion, home: Home];

/** The fields of a key, in the order of LiteLLM's request model. What is not here is dropped without a word. */
const FIELDS = {
  key_alias: ['text', '1.65.8', 'column'],
  duration: ['text', '1.65.8', 'special'],
  models: ['list', '1.65.8', 'column'],
  spend: ['number', '1.65.8', 'column'],
  max_budget: ['number', '1.65.8', 'column'],
  user_id: ['text', '1.65.8', 'column'],
  team_id: ['text', '1.65.8', 'column'],
  agent_id: ['text', '1.83.14', 'column'],
  max_parallel_requests: ['integer', '1.65.8', 'column'],
  metadata: ['object', '1.65.8', 'column'],
  tpm_limit: ['integer', '1.65.8', 'column'],
  rpm_limit: ['integer', '1.65.8', 'column'],
  budget_duration: ['text', '1.65.8', 'special'],
  budget_limits: ['list', '1.83.14', 'column'],
  allowed_cache_controls: ['list', '1.65.8', 'column'],
  config: ['object', '1.65.8', 'column'],
  permissions: ['object', '1.65.8', 'column'],
  model_max_budget: ['object', '1.65.8', 'column'],
  budget_fallbacks: ['object', '1.108.7', 'column'],
  model_rpm_limit: ['object', '1.65.8', 'metadata'],
  model_tpm_limit: ['object', '1.65.8', 'metadata'],
  mcp_rpm_limit: ['object', '1.108.7', 'metadata'],
  tag_rpm_limit: ['object', '1.108.7', 'metadata'],
  guardrails: ['texts', '1.65.8', 'licence'],
  policies: ['texts', '1.83.14', 'licence'],
  prompts: ['texts', '1.77.7', 'licence'],
  blocked: ['flag', '1.65.8', 'column'],
  aliases: ['object', '1.65.8', 'column'],
  object_permission: ['object', '1.77.7', 'special'],
  key: ['text', '1.65.8', 'special'],
  tpd_limit: ['integer', '1.108.7', 'column'],
  default_estimated_output_tokens: ['integer', '1.108.7', 'metadata'],
  budget_id: ['text', '1.65.8', 'column'],
  tags: ['texts', '1.65.8', 'licence'],
  enable_prompt_caching: ['flag', '1.108.7', 'metadata'],
  throttle_on_budget_exceeded: ['flag', '1.108.7', 'metadata'],
  enforced_params: ['texts', '1.65.8', 'metadata'],
  allowed_routes: ['list', '1.77.7', 'column'],
  allowed_passthrough_routes: ['list', '1.83.14', 'licence'],
  allowed_vector_store_indexes: ['list', '1.83.14', 'metadata'],
  rpm_limit_type: ['text', '1.77.7', 'metadata'],
  tpm_limit_type: ['text', '1.77.7', 'metadata'],
  router_settings: ['object', '1.83.14', 'column'],
  access_group_ids: ['texts', '1.83.14', 'column'],
  soft_budget: ['number', '1.65.8', 'special'],
  key_type: ['keyType', '1.77.7', 'special'],
  auto_rotate: ['flag', '1.77.7', 'special'],
  rotation_interval: ['text', '1.77.7', 'special'],
  organization_id: ['text', '1.83.14', 'column'],
  project_id: ['text', '1.83.14', 'column'],
  temp_budget_increase: ['number', '1.65.8', 'special'],
  temp_budget_expiry: ['text', '1.65.8', 'special'],
} as const satisfies Record<string, Field>;

type FieldName = keyof typeof FIELDS;

// oxlint-disable-next-line no-unsafe-type-assertion -- keys() forgets the names
const NAMES = Object.keys(FIELDS) as readonly FieldName[];

type ValueOf = {
  text: string;
  keyType: string;
  number: number;
  integer: number;
  flag: boolean;
  list: readonly Json[];
  texts: readonly string[];
  object: JsonObject;
};

/** The fields of a request that were sent and that the version knows. */
export type Fields = { readonly [name in FieldName]?: ValueOf[(typeof FIELDS)[name][0]] | null };

/** The names of this version's fields that go to `home`. */
export function fieldsOf(version: SandboxVersion, home: Home): FieldName[] {
  return NAMES.filter((name) => {
    const [, since, goes] = FIELDS[name];
    return goes === home && has(version, since);
  });
}

/** The fields of a body that this version knows, converted as pydantic converts them; 422 for those it cannot. */
export function readFields(server: Version, body: JsonObject): Fields {
  return convertFields(server, FIELDS, body);
}

/** 422 when a body lacks a member that its route needs. */
export function requireMember(facts: Facts, body: JsonObject, name: string): void {
  if (body[name] !== undefined) return;
  throw refuseInvalid(facts, [{ type: 'missing', loc: ['body', name], msg: 'Field required', input: body }]);
}

/** The text of a body's member that no model describes. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The texts of a list, of a body that no model describes. */
export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
