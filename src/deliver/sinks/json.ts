import { VkeysError } from '../../base/errors.ts';
import { isObject, parseJson, type JsonObject } from '../../base/json.ts';
import { jsonText } from '../../encode/json.ts';
import type { DeliverTo, Handout } from '../handout.ts';
import { byAlias, notOurs } from './rows.ts';

/** The file with these keys: rows of other keys stay, since their secrets may be known nowhere else. `null` is no file yet. */
export function mergeJson(text: string | null, handouts: readonly Handout[], to: DeliverTo): string {
  const handed = new Set(handouts.map(({ key_alias }) => key_alias));
  const { api_endpoint, keys } = read(text);
  const others = keys.filter((row) => !handed.has(row.key_alias));
  if (keys.length > 0 && api_endpoint !== to.api_endpoint) {
    throw new VkeysError(
      'delivery',
      `The file has keys of another server, ${api_endpoint}.`,
      'Choose another path, or move the file away.',
    );
  }
  const rows = handouts.map(({ key_alias, user, user_id, secret, key_id, expires }): Row => {
    const key = secret.reveal();
    return { key_alias, user, user_id, key, key_id, expires };
  });
  return write(to, [...others, ...rows]);
}

/** The file without these keys; `null` when nothing is left in it. */
export function withoutJson(text: string, key_ids: ReadonlySet<string>): string | null {
  const { api_endpoint, api_base_url, keys } = read(text);
  const left = keys.filter((row) => !key_ids.has(row.key_id));
  if (left.length === keys.length) return text;
  if (left.length === 0) return null;
  return write({ api_endpoint, api_base_url }, left);
}

function write({ api_endpoint, api_base_url }: DeliverTo, rows: readonly Row[]): string {
  return jsonText({ api_endpoint, api_base_url, keys: rows.toSorted(byAlias((row) => row.key_alias)) });
}

type Row = JsonObject & { readonly key_alias: string; readonly key_id: string };
type File = DeliverTo & { readonly keys: readonly Row[] };

function read(text: string | null): File {
  if (text === null || text.trim() === '') return { api_endpoint: '', api_base_url: '', keys: [] };
  const file = parseJson(text);
  if (file === undefined) throw notOurs('is not JSON');
  if (!isFile(file)) throw notOurs('does not have api_endpoint, api_base_url and keys');
  return file;
}

function isFile(value: unknown): value is File {
  if (!isObject(value)) return false;
  const { api_endpoint, api_base_url, keys } = value;
  return (
    typeof api_endpoint === 'string' && typeof api_base_url === 'string' && Array.isArray(keys) && keys.every(isRow)
  );
}

function isRow(value: unknown): value is Row {
  return isObject(value) && typeof value['key_alias'] === 'string' && typeof value['key_id'] === 'string';
}
