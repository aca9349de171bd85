import * as z from 'zod/mini';
import { VkeysError } from '../base/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { FIELDS, FIELD_NAMES, isCleared, type FieldName, type Settings } from '../kinds/key.ts';
import type { Live, Mark } from '../model/model.ts';
import { SET_NAME } from '../model/model.ts';
import { redact } from '../base/secret.ts';

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
/** A secret goes into headers and files, so anything but plain characters is none. */
const Generated = z.looseObject({ key: z.string().check(z.regex(/^[!-~]+$/)) });
const Models = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
const Groups = z.looseObject({ access_groups: z.nullish(z.array(z.string())) });
const ModelInfo = z.looseObject({ data: z.array(z.looseObject({ model_info: z.nullish(Groups) })) });

/** The shapes of the answers that the client reads. */
export const ANSWERS = { Page, Info, Generated, Models, ModelInfo };

/** Throws `protocol` when an answer does not have the shape that LiteLLM's have. */
export function readAs<T>(schema: z.ZodMiniType<T>, body: unknown, path: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? '' : ` at ${issue.path.join('.') || 'its top'}: ${issue.message}`;
  throw new VkeysError(
    'protocol',
    `The answer to ${path} is not one of LiteLLM's${place}.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { details: { sent: true } },
  );
}

/**
 * A row as a `Live` key. `key_id` names the key where the row does not (`/key/info`).
 * Throws `protocol` when it is no row of LiteLLM's.
 */
export function toLive(row: unknown, path: string, key_id?: string): Live {
  const known = readAs(Row, row, path);
  const metadata = isObject(known.metadata) ? known.metadata : {};
  return {
    key_id: key_id ?? tokenOf(known.token, path),
    key_alias: known.key_alias ?? null,
    key_name: known.key_name == null ? null : redact(known.key_name),
    settings: settingsOf(isObject(row) ? row : {}, metadata),
    metadata,
    mark: markOf(metadata),
    created_at: moment(known.created_at),
    expires: moment(known.expires),
    budget_reset_at: moment(known.budget_reset_at),
    spend: known.spend ?? 0,
  };
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

/** A row must name its key by a hash: anything else could be a secret, or another kind of row. */
function tokenOf(token: string | null | undefined, path: string): string {
  if (token != null && /^[0-9a-f]{64}$/.test(token)) return token;
  throw new VkeysError(
    'protocol',
    `A row of ${path} has no hash as its token.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
  );
}

function settingsOf(row: JsonObject, metadata: JsonObject): Settings {
  const settings: { [F in FieldName]?: Json } = {};
  for (const name of FIELD_NAMES) {
    const value = valueOf(name, row, metadata);
    if (value !== undefined && !isCleared(name, value)) settings[name] = value;
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
    return only(value, (member, each) => member !== 'object_permission_id' && !isCleared(name, each));
  }
  return value;
}

function only(value: JsonObject, test: (member: string, value: Json) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([member, each]) => test(member, each)));
}

/** The fields that rows of this server have, whatever their value: an unknown field is not in its rows at all. */
export function listedFields(row: unknown): ReadonlySet<FieldName> {
  const names = isObject(row) ? row : {};
  return new Set(
    FIELD_NAMES.filter((name) => {
      const { home, column, listedSince } = FIELDS[name];
      return home === 'metadata' || (listedSince !== 'info' && Object.hasOwn(names, column ?? name));
    }),
  );
}

/** Anybody who may make a key may write any mark; one that no vkeys can have written makes the key a foreign one. */
function markOf({ vkeys: mark }: JsonObject): Mark | null {
  if (!isObject(mark) || typeof mark['set'] !== 'string' || !SET_NAME.test(mark['set'])) return null;
  return { set: mark['set'], ...(typeof mark['mint'] === 'string' ? { mint: mark['mint'] } : {}) };
}
