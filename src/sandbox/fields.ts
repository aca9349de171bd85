import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { type Invalid, refuseInvalid } from './answers.ts';
import { type Facts, has, type SandboxVersion } from './versions.ts';

type Kind = 'text' | 'number' | 'integer' | 'flag' | 'list' | 'texts' | 'object' | 'keyType';

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

type Version = { readonly version: SandboxVersion; readonly facts: Facts };

/** The fields of a body that this version knows, converted as pydantic converts them; 422 for those it cannot. */
export function readFields({ version, facts }: Version, body: JsonObject): Fields {
  const known = NAMES.filter((name) => name in body && has(version, FIELDS[name][1]));
  const read = known.map((name) => ({ name, ...bound(facts, name, convert(FIELDS[name][0], body[name] ?? null)) }));
  const problems = read.flatMap(({ name, problem }): Invalid[] =>
    problem == null ? [] : [{ type: problem[0], loc: ['body', name], msg: problem[1], input: body[name] ?? null }],
  );
  if (problems.length > 0) throw refuseInvalid(facts, problems);
  return Object.fromEntries(read.map(({ name, value }) => [name, value]));
}

/** Limits per minute may not be negative on the newest version. */
function bound({ negativeRates }: Facts, name: FieldName, converted: Conversion): Conversion {
  const isRate = name === 'tpm_limit' || name === 'rpm_limit';
  if (negativeRates === 'kept' || !isRate || typeof converted.value !== 'number' || converted.value >= 0) {
    return converted;
  }
  return wrong('greater_than_equal', 'Input should be greater than or equal to 0');
}

type Conversion = { readonly value: Json; readonly problem?: readonly [type: string, message: string] };

const KEY_TYPES: ReadonlySet<Json> = new Set(['llm_api', 'management', 'read_only', 'default']);

function convert(kind: Kind, value: Json): Conversion {
  if (value === null) return { value };
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? { value } : wrong('string_type', 'Input should be a valid string');
    case 'number':
      return convertNumber(value, 'float', 'a valid number', 'number');
    case 'integer': {
      const number = convertNumber(value, 'int', 'a valid integer', 'integer');
      return typeof number.value === 'number' && !Number.isInteger(number.value)
        ? wrong('int_from_float', 'Input should be a valid integer, got a number with a fractional part')
        : number;
    }
    case 'flag':
      return convertFlag(value);
    case 'list':
      return Array.isArray(value) ? { value } : wrong('list_type', 'Input should be a valid list');
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
        ? { value }
        : wrong('list_type', 'Input should be a valid list');
    case 'object':
      return isObject(value) ? { value } : wrong('dict_type', 'Input should be a valid dictionary');
    case 'keyType':
      return KEY_TYPES.has(value)
        ? { value }
        : wrong('enum', "Input should be 'llm_api', 'management', 'read_only' or 'default'");
  }
}

function convertNumber(value: Json, type: string, article: string, noun: string): Conversion {
  if (typeof value === 'number') return { value };
  if (typeof value === 'boolean') return { value: Number(value) };
  if (typeof value !== 'string') return wrong(`${type}_type`, `Input should be ${article}`);
  return value.trim() !== '' && Number.isFinite(Number(value))
    ? { value: Number(value) }
    : wrong(
        `${type}_parsing`,
        `Input should be ${article}, unable to parse string as ${noun === 'integer' ? 'an' : 'a'} ${noun}`,
      );
}

/** Pydantic takes `"yes"`, `"on"`, 1 and their like too. */
function convertFlag(value: Json): Conversion {
  const text = typeof value === 'object' ? '' : String(value).toLowerCase();
  if (/^(true|t|yes|y|on|1)$/.test(text)) return { value: true };
  if (/^(false|f|no|n|off|0)$/.test(text)) return { value: false };
  return typeof value === 'string' || typeof value === 'number'
    ? wrong('bool_parsing', 'Input should be a valid boolean, unable to interpret input')
    : wrong('bool_type', 'Input should be a valid boolean');
}

function wrong(type: string, message: string): Conversion {
  return { value: null, problem: [type, message] };
}

/** 422 when a body lacks a member that its route needs. */
export function requireMember(facts: Facts, body: JsonObject, name: string): void {
  if (body[name] !== undefined) return;
  throw refuseInvalid(facts, [{ type: 'missing', loc: ['body', name], msg: 'Field required', input: body }]);
}

/** The texts of a list, of a body that no model describes. */
export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
