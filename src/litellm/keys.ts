/**
 * The client's one view of a LiteLLM server: its keys as `Live`, whatever the version. Filters are a speed-up and
 * never trusted (a version that does not know one returns every key), pages are put together by hash, and a scan
 * that a creation or deletion has shifted meanwhile is done again.
 */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import type { FieldName } from '../kinds/key.ts';
import type { Live, Snapshot } from '../model/model.ts';
import { Secret } from '../base/secret.ts';
import { send, sendOnce, type Connection } from './http/request.ts';
import { ANSWERS, listedFields, readAs, toLive } from './rows.ts';

const PAGE_SIZE = 100;
/** Lists and deletions at the same time: each keeps a server busy for long. */
const AT_ONCE = 4;
const SCANS = 3;
/** Fifty thousand keys, or 64 MB of rows: more is not held in memory. */
const MOST_PAGES = 500;
const LONGEST_LIST = 64_000_000;
const DELETED_AT_ONCE = 200;
/** The team of the user interface's session keys, which are nobody's to manage. */
const SESSION_TEAM = 'litellm-dashboard';

type Page = {
  readonly rows: readonly Live[];
  readonly listed: ReadonlySet<FieldName> | null;
  readonly total: number;
  readonly pages: number;
  readonly date: Date | null;
  readonly length: number;
};

/**
 * All live keys, oldest first where the server can sort, each once; with `alias`, only those of exactly that alias.
 * Throws what `send` throws.
 */
export async function listKeys(connection: Connection, alias?: string): Promise<Snapshot> {
  for (let scan = 1; ; scan += 1) {
    const first = await listPage(connection, 1, alias);
    const numbers = Array.from({ length: Math.max(0, first.pages - 1) }, (_, index) => index + 2);
    let length = first.length;
    const others = await pMap(
      numbers,
      async (number) => {
        const page = await listPage(connection, number, alias);
        length += page.length;
        if (length > LONGEST_LIST) throw tooMany(connection, 'more than 64 MB');
        return page;
      },
      { concurrency: AT_ONCE },
    );
    const pages = [first, ...others];
    const keys = new Map(pages.flatMap(({ rows }) => rows.map((row) => [row.key_id, row] as const)));
    const moved = others.some((page) => page.total !== first.total) || (others.length > 0 && keys.size < first.total);
    if (moved && scan < SCANS) continue;
    return {
      keys: [...keys.values()].filter(
        ({ key_alias, settings }) => settings.team_id !== SESSION_TEAM && (alias === undefined || key_alias === alias),
      ),
      now: first.date ?? connection.now(),
      complete: alias === undefined,
      listed: pages.find(({ listed }) => listed !== null)?.listed ?? null,
    };
  }
}

async function listPage(connection: Connection, page: number, alias: string | undefined): Promise<Page> {
  const path = '/key/list';
  /* A backslash finds nothing on 1.83.14, where the filter is an SQL pattern, and an empty filter counts as none. */
  const filter = alias === undefined || alias.includes('\\') ? {} : { key_alias: alias };
  const query = {
    return_full_object: 'true',
    page: String(page),
    size: String(PAGE_SIZE),
    sort_by: 'created_at',
    sort_order: 'asc',
    ...filter,
  };
  const { body, date, length } = await send(connection, { method: 'GET', path, query });
  const answer = readAs(ANSWERS.Page, body, path);
  if (answer.total_pages > MOST_PAGES) throw tooMany(connection, `${String(answer.total_pages)} pages`);
  const rows = answer.keys.map((row) => toLive(row, path));
  const listed = answer.keys.length === 0 ? null : listedFields(answer.keys[0]);
  return { rows, listed, total: answer.total_count, pages: answer.total_pages, date, length };
}

function tooMany({ url }: Connection, amount: string): VkeysError {
  return new VkeysError(
    'protocol',
    `${url} tells of ${amount} of keys; vkeys reads 64 MB and ${String(MOST_PAGES)} pages of 100 at most.`,
    'Is this the address of a LiteLLM proxy? `vkeys doctor` tells more.',
  );
}

/** One key by its hash with all that the server knows of it, or `null` (1.108.7 goes on telling of deleted ones). */
export async function keyInfo(connection: Connection, key_id: string): Promise<Live | null> {
  const path = '/key/info';
  let body: Json;
  try {
    ({ body } = await send(connection, { method: 'GET', path, query: { key: key_id } }));
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  const { info } = readAs(ANSWERS.Info, body, path);
  return info.status === 'deleted' ? null : toLive(info, path, key_id);
}

/** Whether the server said that it has no such key. */
function isGone(error: unknown): boolean {
  return (
    error instanceof VkeysError &&
    (error.details['code'] === 'key_not_found' || error.details['code'] === 'no_keys_found')
  );
}

/** Sends a creation once and answers with the secret. Nothing is repeated here: `createKey` knows when that is safe. */
export async function generateKey(connection: Connection, body: JsonObject): Promise<Secret> {
  const path = '/key/generate';
  const answer = await sendOnce(connection, { method: 'POST', path, body });
  return new Secret(readAs(ANSWERS.Generated, answer.body, path).key);
}

/** Changes the fields of `patch` and answers with the key as it is now. Throws `api` with code `key_not_found` when it is gone. */
export async function updateKey(connection: Connection, key_id: string, patch: JsonObject): Promise<Live> {
  const path = '/key/update';
  const { body } = await send(connection, { method: 'POST', path, body: { ...patch, key: key_id } });
  /* Before 1.108.7 the answer has this one as null, although it was stored. */
  const { object_permission } = patch;
  const isUntold = object_permission !== undefined && isObject(body) && body['object_permission'] === null;
  return toLive(isUntold ? { ...body, object_permission } : body, path, key_id);
}

/** Deletes keys by hash, many at a time; a hash that the server does not have is no error. */
export async function deleteKeys(connection: Connection, key_ids: readonly string[]): Promise<void> {
  const parts = Array.from({ length: Math.ceil(key_ids.length / DELETED_AT_ONCE) }, (_, index) =>
    key_ids.slice(index * DELETED_AT_ONCE, (index + 1) * DELETED_AT_ONCE),
  );
  await pMap(parts, (keys) => deletePart(connection, keys), { concurrency: AT_ONCE });
}

async function deletePart(connection: Connection, keys: readonly string[]): Promise<void> {
  try {
    await send(connection, { method: 'POST', path: '/key/delete', body: { keys } });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
