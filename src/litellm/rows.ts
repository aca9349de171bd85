import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { redact } from '../base/secret.ts';
import { FIELDS } from '../kinds/key.ts';
import { SET_NAME, type Live, type Mark } from '../model/resource.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { RequestError } from './http/request-error.ts';
import { listedFields, settingsOf } from './row-settings.ts';

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
  const known = readAs(ANSWERS.Row, row, path);
  const metadata = isObject(known.metadata) ? known.metadata : {};
  const whole = isObject(row) ? row : {};
  return {
    id: known.token == null ? null : hashIn(known.token, path),
    key: {
      kind: 'key',
      name: known.key_alias ?? null,
      key_name: known.key_name == null ? null : redact(known.key_name),
      settings: settingsOf(FIELDS, whole, metadata),
      metadata,
      mark: markOf(metadata),
      created_at: momentOf(known.created_at),
      expires: momentOf(known.expires),
      budget_reset_at: momentOf(known.budget_reset_at),
      spend: known.spend ?? 0,
      extra: extraOf(columns, whole, metadata),
    },
    listed: listedFields(FIELDS, whole),
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
export function extraOf(columns: readonly string[], row: JsonObject, metadata: JsonObject): JsonObject {
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
export function momentOf(text: string | null | undefined): string | null {
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

/** Anybody who may make a key may write any mark; one that no vkeys can have written makes the key a foreign one. */
export function markOf({ vkeys: mark }: JsonObject): Mark | null {
  if (!isObject(mark) || typeof mark['set'] !== 'string' || !SET_NAME.test(mark['set'])) return null;
  const { set, name, mint, grace } = mark;
  return {
    set,
    name: typeof name === 'string' ? name : null,
    ...(typeof mint === 'string' ? { mint } : {}),
    ...(typeof grace === 'number' && grace >= 0 ? { grace } : {}),
    ...momentMember(mark, 'since'),
    ...momentMember(mark, 'retiring'),
    ...momentMember(mark, 'opens'),
  };
}

function momentMember(
  mark: JsonObject,
  member: 'since' | 'retiring' | 'opens',
): Pick<Mark, 'since' | 'retiring' | 'opens'> {
  const value = mark[member];
  const moment = typeof value === 'string' ? momentOf(value) : null;
  return moment === null ? {} : { [member]: moment };
}
