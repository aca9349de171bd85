import * as z from 'zod/mini';
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { FIELDS, FIELD_NAMES, type FieldName } from '../kinds/key.ts';
import { isCleared, type Settings } from '../model/fields.ts';
import { SET_NAME, type Live, type Mark } from '../model/resource.ts';
import { redact } from '../base/secret.ts';
import { RequestError } from './http/request-error.ts';

const maybeText = z.nullish(z.string());

/** A row as `/key/list`, `/key/info` and `/key/update` have it: what every version of LiteLLM agrees on. */
const Row = z.looseObject({
  token: maybeText,
  key_alias: maybeText,
  key_name: maybeText,
  team_id: maybeText,
  metadata: z.unknown(),
  created_at: maybeText,
  expires: maybeText,
  budget_reset_at: maybeText,
  spend: z.nullish(z.number()),
});
const Page = z.looseObject({ keys: z.array(z.unknown()), total_count: z.number(), total_pages: z.number() });
const Info = z.looseObject({ info: z.looseObject({ status: maybeText }) });
const Infos = z.looseObject({ info: z.array(z.unknown()) });
/** A secret goes into headers and files, so anything but plain characters is none. */
const Generated = z.looseObject({ key: z.string().check(z.regex(/^[!-~]+$/)) });
const Models = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
const Groups = z.looseObject({ access_groups: z.nullish(z.array(z.string())) });
const ModelInfo = z.looseObject({ data: z.array(z.looseObject({ model_info: z.nullish(Groups) })) });

/** The shapes of the answers that the client reads. */
export const ANSWERS = { Page, Info, Infos, Generated, Models, ModelInfo };

/** Throws `protocol` when an answer does not have the shape that LiteLLM's have. */
export function readAs<T>(schema: z.ZodMiniType<T>, body: unknown, path: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? '' : ` at ${issue.path.join('.') || 'its top'}: ${issue.message}`;
  throw new RequestError(
    'protocol',
    `The answer to ${path} is not one of LiteLLM's${place}.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { reach: 'unknown' },
  );
}

/** A row of a server's: a key, and what it is called there, which `/key/info` and newer `/v2/key/info` leave out. */
export type KeyRow = {
  readonly id: string | null;
  readonly key: Omit<Live, 'id'>;
  /** The fields that it has, whatever their value: one that the server does not know is not in its rows at all. */
  readonly listed: ReadonlySet<string>;
};

/**
 * Reads a row, and the columns of it that vkeys knows nothing of. Throws `protocol` when it is none of LiteLLM's, or names
 * its key by anything but a hash: that could be a secret, or another kind of row.
 */
export function readRow(row: unknown, path: string, columns: readonly string[] = []): KeyRow {
  const known = readAs(Row, row, path);
  const metadata = isObject(known.metadata) ? known.metadata : {};
  const whole = isObject(row) ? row : {};
  return {
    id: known.token == null ? null : hashIn(known.token, path),
    key: {
      kind: 'key',
      name: known.key_alias ?? null,
      key_name: known.key_name == null ? null : redact(known.key_name),
      settings: settingsOf(whole, metadata),
      metadata,
      mark: markOf(metadata),
      created_at: moment(known.created_at),
      expires: moment(known.expires),
      budget_reset_at: moment(known.budget_reset_at),
      spend: known.spend ?? 0,
      extra: extraOf(columns, whole, metadata),
    },
    listed: listedFields(whole),
  };
}

/**
 * A row as a `Live` key. `key_id` names the key where the row does not (`/key/info`).
 * Throws `protocol` when it is no row of LiteLLM's.
 */
export function toLive(row: unknown, path: string, columns: readonly string[] = [], key_id?: string): Live {
  const { id, key } = readRow(row, path, columns);
  return { ...key, id: key_id ?? hashIn(id, path) };
}

/** Fields that vkeys knows nothing of are columns, or live in the metadata, as with those that it knows. */
function extraOf(columns: readonly string[], row: JsonObject, metadata: JsonObject): JsonObject {
  const extra: Record<string, Json> = {};
  for (const name of columns) {
    const value = Object.hasOwn(row, name) ? row[name] : Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    if (value !== undefined) extra[name] = value;
  }
  return extra;
}

/**
 * Lists end their times in `Z`, `/key/info` in `+00:00`, and only some have microseconds: one form for all. Beyond the
 * year 9999 there is no room for what is counted from a moment.
 */
function moment(text: string | null | undefined): string | null {
  const date = new Date(text ?? '');
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : null;
}

/** Throws `protocol` for what is no hash. */
export function hashIn(token: string | null, path: string): string {
  if (token !== null && /^[0-9a-f]{64}$/.test(token)) return token;
  throw new RequestError(
    'protocol',
    `A row of ${path} has no hash as its token.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { reach: 'unknown' },
  );
}

function settingsOf(row: JsonObject, metadata: JsonObject): Settings {
  const settings: { [F in FieldName]?: Json } = {};
  for (const name of FIELD_NAMES) {
    const value = valueOf(name, row, metadata);
    if (value !== undefined && !isCleared(FIELDS[name], value)) settings[name] = value;
  }
  return settings;
}

function valueOf(name: FieldName, row: JsonObject, metadata: JsonObject): Json | undefined {
  const { home, column } = FIELDS[name];
  if (home === 'metadata') return metadata[name];
  const budget = row['litellm_budget_table'];
  if (name === 'soft_budget' && isObject(budget)) return budget['soft_budget'];
  /* Only lists have the other name. */
  return asAsked(name, column === undefined ? row[name] : (row[column] ?? row[name]));
}

/** The value without what the server adds to it: to each budget its next reset, to permissions an id and empty lists. */
function asAsked(name: FieldName, value: Json | undefined): Json | undefined {
  if (name === 'budget_limits' && isList(value)) {
    return value.map((limit) => (isObject(limit) ? only(limit, (member) => member !== 'reset_at') : limit));
  }
  if (name === 'object_permission' && isObject(value)) {
    return only(value, (member, each) => member !== 'object_permission_id' && !isCleared(FIELDS[name], each));
  }
  return value;
}

function only(value: JsonObject, test: (member: string, value: Json) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([member, each]) => test(member, each)));
}

function listedFields(row: JsonObject): ReadonlySet<string> {
  return new Set(
    FIELD_NAMES.filter((name) => {
      const { home, column, listedSince } = FIELDS[name];
      if (home === 'metadata') return true;
      if (name === 'object_permission' && isUntold(row)) return false;
      return listedSince !== 'info' && (Object.hasOwn(row, column ?? name) || Object.hasOwn(row, name));
    }),
  );
}

/** `/v2/key/info`, and `/key/info` before 1.83, have permissions as null although they are there. */
function isUntold({ object_permission, object_permission_id }: JsonObject): boolean {
  return object_permission == null && object_permission_id != null;
}

/** Anybody who may make a key may write any mark; one that no vkeys can have written makes the key a foreign one. */
function markOf({ vkeys: mark }: JsonObject): Mark | null {
  if (!isObject(mark) || typeof mark['set'] !== 'string' || !SET_NAME.test(mark['set'])) return null;
  const { set, name, mint } = mark;
  return { set, name: typeof name === 'string' ? name : null, ...(typeof mint === 'string' ? { mint } : {}) };
}
