/**
 * `{api_endpoint, api_base_url, keys: […]}`. Members that are not ours stay, of the file and of each key. The addresses at
 * the top are for all keys without addresses of their own; keys of another server, or of this one under another
 * address, have them beside.
 */
import { isList, isObject, readJson, type Json, type JsonObject } from '../../base/json.ts';
import { jsonText } from '../../encode/json.ts';
import type { TextFormat } from '../format.ts';
import { variablesOf, type Delivery } from '../../model/delivery.ts';
import type { DeliverTo } from '../handout.ts';
import type { Part } from '../sink.ts';
import { flatJson } from './flat-json.ts';
import { notOurs, readJsonFile } from '../not-ours.ts';
import { holderOf, putIn, type RowIdentity } from './rows.ts';

const list: TextFormat = {
  detail: () => null,
  put: (text, parts) => Promise.resolve(withKeys(text, parts)),
  held: (text, key_ids) =>
    Promise.resolve(
      new Set(
        read(text)
          .keys.map((row) => holderOf(identityIn('')(row)) ?? '')
          .filter((id) => key_ids.has(id)),
      ),
    ),
  remove: (text, left) => Promise.resolve(withoutKeys(text, new Set(left.map(({ key_id }) => key_id)))),
};

/** One flat object where variables are asked for, and where there is one; a list of keys else. */
export const json: TextFormat = {
  detail: (part) => formatFor([part.delivery]).detail(part),
  put: (text, parts) => formatFor(parts.map(({ delivery }) => delivery)).put(text, parts),
  held: (text, key_ids) => formatOf(text).held(text, key_ids),
  remove: (text, left) => formatOf(text).remove(text, left),
};

function formatFor(deliveries: readonly Delivery[]): TextFormat {
  return deliveries.some((delivery) => variablesOf(delivery) !== null) ? flatJson : list;
}

function formatOf(text: string): TextFormat {
  const found = readJson(text.replace(/^\uFEFF/, ''));
  return 'value' in found && isObject(found.value) && !isList(found.value['keys']) ? flatJson : list;
}

type File = JsonObject & Partial<DeliverTo> & { readonly keys: readonly JsonObject[] };
type Row = RowIdentity & { readonly to: DeliverTo; readonly members: JsonObject };

function withKeys(text: string | null, parts: readonly Part[]): string {
  const file = read(text);
  const { keys: before, ...others } = file;
  const rows = parts.map(rowOf);
  const top = topOf(file, rows);
  const keys = putIn(before, rows, identityIn(file.api_base_url ?? ''), ({ members, to }, old): JsonObject => {
    const { api_endpoint: _, api_base_url: __, ...kept } = old ?? {};
    return { ...kept, ...members, ...(to.api_base_url === top.api_base_url ? {} : to) };
  });
  return jsonText({ ...top, ...others, ...top, keys });
}

function rowOf({ key: { key_alias, user, user_id, key_id, secret, expires }, to }: Part): Row {
  const key = secret.reveal();
  const members = { key_alias, user, user_id, key, key_id, expires: expires ?? null };
  return { key_alias, key, key_id, api_base_url: to.api_base_url, to, members };
}

/** The file keeps its addresses as long as a key of somebody else's relies on them. */
function topOf(file: File, rows: readonly Row[]): DeliverTo {
  const ids = new Set<string | null>(rows.map(({ key_id }) => key_id));
  const names = new Set(rows.map(({ key_alias, api_base_url }) => JSON.stringify([key_alias, api_base_url])));
  const identity = identityIn(file.api_base_url ?? '');
  const relies = file.keys.some((row) => {
    const { key_alias, key_id, api_base_url } = identity(row);
    if (ids.has(holderOf(identity(row))) || ids.has(key_id)) return false;
    return row['api_base_url'] === undefined && !names.has(JSON.stringify([key_alias, api_base_url]));
  });
  const { api_endpoint, api_base_url } = file;
  if (relies && api_endpoint !== undefined && api_base_url !== undefined) return { api_endpoint, api_base_url };
  return rows.at(0)?.to ?? { api_endpoint: '', api_base_url: '' };
}

function withoutKeys(text: string, key_ids: ReadonlySet<string>): string | null {
  const file = read(text);
  const keys = file.keys.filter((row) => {
    const identity = identityIn('')(row);
    return !key_ids.has(identity.key_id ?? '') && !key_ids.has(holderOf(identity) ?? '');
  });
  if (keys.length === file.keys.length) return text;
  const isBare = Object.keys(file).every((name) => OURS.has(name));
  return keys.length === 0 && isBare ? null : jsonText({ ...file, keys });
}

const OURS: ReadonlySet<string> = new Set(['api_endpoint', 'api_base_url', 'keys']);

function identityIn(top: string): (row: JsonObject) => RowIdentity {
  return ({ key_alias, key, key_id, api_base_url }) => ({
    key_alias: textOf(key_alias),
    key: textOf(key),
    key_id: textOf(key_id),
    api_base_url: textOf(api_base_url) ?? top,
  });
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function read(text: string | null): File {
  if (text === null || text.trim() === '') return { keys: [] };
  const value = readJsonFile(text);
  if (!isFile(value)) throw notOurs('does not have api_endpoint, api_base_url and keys');
  const odd = value.keys.findIndex((row) => !isRow(row));
  if (odd !== -1) throw notOurs(`does not have key_alias and key_id in item ${String(odd + 1)} of keys`);
  return value;
}

function isFile(value: Json): value is File {
  if (!isObject(value)) return false;
  const { api_endpoint, api_base_url, keys } = value;
  return typeof api_endpoint === 'string' && typeof api_base_url === 'string' && isList(keys);
}

function isRow(value: Json): boolean {
  return isObject(value) && typeof value['key_alias'] === 'string' && typeof value['key_id'] === 'string';
}
