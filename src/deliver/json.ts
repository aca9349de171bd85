import { VkeysError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { jsonText } from '../view/json.ts';
import type { DeliverTo, Handout } from './handout.ts';
import { byAlias, notOurs } from './rows.ts';

/** The file with these keys: rows of other keys stay, since their secrets may be known nowhere else. `null` is no file yet. */
export function mergeJson(text: string | null, handouts: readonly Handout[], to: DeliverTo): string {
  const handed = new Set(handouts.map(({ key_alias }) => key_alias));
  const { api_endpoint, keys } = read(text);
  const others = keys.filter((row) => !handed.has(String(row['key_alias'])));
  if (others.length > 0 && api_endpoint !== to.api_endpoint) {
    throw new VkeysError(
      'delivery',
      `The file has keys of another server, ${String(api_endpoint)}.`,
      'Choose another path, or move the file away.',
    );
  }
  const rows = handouts.map(({ key_alias, user, user_id, secret, key_id, expires }): JsonObject => ({
    ...{ key_alias, user, user_id },
    key: secret.reveal(),
    ...{ key_id, expires },
  }));
  return write(to, [...others, ...rows]);
}

/** The file without these keys; `null` when nothing is left in it. */
export function withoutJson(text: string, key_ids: ReadonlySet<string>): string | null {
  const { api_endpoint, api_base_url, keys } = read(text);
  const left = keys.filter((row) => !key_ids.has(String(row['key_id'])));
  if (left.length === keys.length) return text;
  if (left.length === 0) return null;
  return write({ api_endpoint: String(api_endpoint), api_base_url: String(api_base_url) }, left);
}

function write({ api_endpoint, api_base_url }: DeliverTo, rows: readonly JsonObject[]): string {
  return jsonText({ api_endpoint, api_base_url, keys: rows.toSorted(byAlias((row) => String(row['key_alias']))) });
}

type File = { readonly api_endpoint: unknown; readonly api_base_url: unknown; readonly keys: readonly JsonObject[] };

function read(text: string | null): File {
  if (text === null || text.trim() === '') return { api_endpoint: null, api_base_url: null, keys: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notOurs('is not JSON');
  }
  const ours = isObject(value) && ['api_endpoint', 'api_base_url', 'keys'].every((name) => Object.hasOwn(value, name));
  const keys: unknown = isObject(value) ? value['keys'] : null;
  if (!isObject(value) || !ours || !Array.isArray(keys))
    throw notOurs('does not have api_endpoint, api_base_url and keys');
  const rows = keys.filter((row: unknown) => isObject(row) && typeof row['key_alias'] === 'string');
  if (rows.length < keys.length) throw notOurs('has keys without key_alias');
  return { api_endpoint: value['api_endpoint'], api_base_url: value['api_base_url'], keys: rows };
}
