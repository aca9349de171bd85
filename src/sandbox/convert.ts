import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { type Invalid, refuseInvalid } from './answers.ts';
import { type Facts, has, type SandboxVersion } from './versions.ts';

/** What pydantic makes of a value. `some` is a list that may not be null. */
export type Kind =
  | 'text'
  | 'number'
  | 'integer'
  | 'flag'
  | 'list'
  | 'some'
  | 'texts'
  | 'object'
  | 'keyType'
  | 'userRole';

/** The fields of a request's model, in its order: what they are and since when the version knows them. */
export type FieldTable = { readonly [name: string]: readonly [kind: Kind, since: SandboxVersion, ...unknown[]] };

export type Version = { readonly version: SandboxVersion; readonly facts: Facts };

/** The fields of a body that this version knows, converted as pydantic converts them; 422 for those it cannot. */
export function convertFields({ version, facts }: Version, table: FieldTable, body: JsonObject): JsonObject {
  const sent = fieldsIn(version, table).filter(([name]) => name in body);
  const read = sent.map(([name, kind]) => ({ name, ...bound(facts, name, convert(kind, body[name] ?? null)) }));
  const problems = read.flatMap(({ name, problem }): Invalid[] =>
    problem == null
      ? []
      : [
          {
            type: problem.type,
            loc: ['body', name],
            msg: problem.msg,
            input: body[name] ?? null,
            ...(problem.ctx === undefined ? {} : { ctx: problem.ctx }),
          },
        ],
  );
  if (problems.length > 0) throw refuseInvalid(facts, problems);
  return Object.fromEntries(read.map(({ name, value }) => [name, value]));
}

/** The fields that a version knows. */
export function fieldsIn(version: SandboxVersion, table: FieldTable): (readonly [name: string, kind: Kind])[] {
  return Object.entries(table).flatMap(([name, [kind, since]]) => (has(version, since) ? [[name, kind] as const] : []));
}

/** Limits per minute may not be negative on the newest version. */
function bound({ negativeRates }: Facts, name: string, converted: Conversion): Conversion {
  const isRate = name === 'tpm_limit' || name === 'rpm_limit';
  if (negativeRates === 'kept' || !isRate || typeof converted.value !== 'number' || converted.value >= 0) {
    return converted;
  }
  return wrong('greater_than_equal', 'Input should be greater than or equal to 0');
}

type Conversion = { readonly value: Json; readonly problem?: Problem };
type Problem = Pick<Invalid, 'type' | 'msg' | 'ctx'>;

const KEY_TYPES: ReadonlySet<Json> = new Set(['llm_api', 'management', 'read_only', 'default']);

const USER_ROLES: ReadonlySet<Json> = new Set([
  'proxy_admin',
  'proxy_admin_viewer',
  'internal_user',
  'internal_user_viewer',
]);

/** How Python prints the members of its enumeration. */
const ROLE_NAMES =
  "<LitellmUserRoles.PROXY_ADMIN: 'proxy_admin'>, <LitellmUserRoles.PROXY_ADMIN_VIEW_ONLY: 'proxy_admin_viewer'>, " +
  "<LitellmUserRoles.INTERNAL_USER: 'internal_user'> or <LitellmUserRoles.INTERNAL_USER_VIEW_ONLY: 'internal_user_viewer'>";

function convert(kind: Kind, value: Json): Conversion {
  if (value === null && kind !== 'some') return { value };
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
    case 'some':
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
    case 'userRole':
      return USER_ROLES.has(value) ? { value } : wrong('literal_error', `Input should be ${ROLE_NAMES}`, ROLE_NAMES);
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

function wrong(type: string, msg: string, expected?: string): Conversion {
  return { value: null, problem: { type, msg, ...(expected === undefined ? {} : { ctx: { expected } }) } };
}
