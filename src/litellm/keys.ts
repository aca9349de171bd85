/** Single keys, and the deletion of many: the requests about keys that are not a list. */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Body } from '../apply/ports.ts';
import type { Landed } from '../model/landed.ts';
import { EXACT } from '../model/lifetime.ts';
import type { Live } from '../model/resource.ts';
import { Secret } from '../base/secret.ts';
import { send, sendOnce, type Connection } from './http/request.ts';
import { isRefusedFor, undone } from './http/request-error.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { readRow, toLive, type KeyRow } from './rows.ts';

/** Deletions at the same time: each keeps a server busy for long. */
const AT_ONCE = 4;
const DELETED_AT_ONCE = 200;

/**
 * One key by its hash with all that the server knows of it, or `null` (1.108.7 and later go on telling of deleted ones).
 * Before 1.83 it lacks permissions.
 */
export async function readKeyInfo(
  connection: Connection,
  key_id: string,
  columns: readonly string[] = [],
): Promise<(KeyRow & { readonly id: string }) | null> {
  const path = '/key/info';
  let body: Json;
  try {
    ({ body } = await send(connection, { method: 'GET', path, query: { key: key_id } }));
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  const { info } = readAs(ANSWERS.Info, body, path);
  return info.status === 'deleted' ? null : { ...readRow(info, path, columns), id: key_id };
}

export async function keyInfo(
  connection: Connection,
  key_id: string,
  columns: readonly string[] = [],
): Promise<Live | null> {
  const row = await readKeyInfo(connection, key_id, columns);
  return row === null ? null : { ...row.key, id: row.id };
}

/** Whether the credential may list keys: throws what `send` throws. */
export async function mayList(connection: Connection): Promise<void> {
  const path = '/key/list';
  const { body } = await send(connection, { method: 'GET', path, query: { page: '1', size: '1' } });
  readAs(ANSWERS.Page, body, path);
}

/** Whether the server said that it has no such key. */
function isGone(error: unknown): boolean {
  return isRefusedFor(error, 'key_not_found', 'no_keys_found');
}

/** Sends a creation once and answers with the secret. Nothing is repeated here: `createKey` knows when that is safe. */
export async function generateKey(connection: Connection, body: Body): Promise<Secret> {
  const path = '/key/generate';
  const answer = await sendOnce(connection, { method: 'POST', path, body });
  return new Secret(readAs(ANSWERS.Generated, answer.body, path).key);
}

/** So often an end is sent that the server did not store as it was meant. */
const AIMS = 3;

/**
 * Changes the fields of the patch and answers with the key as it is now. The server counts an end from its own clock at a
 * moment of its own, so one that it missed is sent again, by as much earlier. Throws `key_not_found` when the key is gone.
 */
export async function updateKey(
  connection: Connection,
  key_id: string,
  patch: Body,
  columns: readonly string[] = [],
): Promise<Live> {
  const path = '/key/update';
  let off = 0;
  for (let aim = 1; ; aim += 1) {
    let sent: Sent | null = null;
    const { body } = await send(connection, {
      method: 'POST',
      path,
      body: (thought) => {
        const [at, lag] = [connection.now().getTime(), connection.clock.lag(path)];
        const now = new Date(thought.getTime() + off);
        sent = { body: { ...patch(now), key: key_id }, now, at, lag };
        return sent.body;
      },
    });
    const live = toLive(toldBy(body, sent), path, columns, key_id);
    const missed = missedBy(live, sent);
    if (missed === null || sent === null) return live;
    if (aim === 1) learn(connection, path, sent, missed);
    off += missed;
    if (Math.abs(missed) <= EXACT || aim === AIMS) return live;
  }
}

/** `now` is when the server was thought to look at its clock, `lag` after `at` of ours (milliseconds). */
type Sent = { readonly body: JsonObject; readonly now: Date; readonly at: number; readonly lag: number };

/** A server looks at its clock before it answers: an end that it missed by more was ignored, and tells nothing of its way. */
function learn({ clock, now }: Connection, path: string, { at, lag }: Sent, missed: number): void {
  const late = lag + missed;
  if (late >= -EXACT && late <= now().getTime() - at + EXACT) clock.late(path, missed, lag);
}

/** Before 1.108.7 the answer has this one as null, although it was stored. */
function toldBy(answer: Json, sent: Sent | null): Json {
  const object_permission = sent?.body['object_permission'];
  const isUntold = object_permission !== undefined && isObject(answer) && answer['object_permission'] === null;
  return isUntold ? { ...answer, object_permission } : answer;
}

/** By how many milliseconds an end is later than it was meant; `null`: none was asked for, or none was stored. */
function missedBy({ expires }: Live, sent: Sent | null): number | null {
  const duration = sent?.body['duration'];
  const seconds = typeof duration === 'string' ? /^([0-9]+)s$/.exec(duration)?.[1] : undefined;
  if (sent === null || seconds === undefined || expires === null) return null;
  return Date.parse(expires) - (sent.now.getTime() + Number(seconds) * 1000);
}

/** Deletes keys by hash, many at a time, and says what became of each; a hash that the server does not have is no error. */
export async function deleteKeys(
  connection: Connection,
  key_ids: readonly string[],
): Promise<ReadonlyMap<string, Landed>> {
  const parts = Array.from({ length: Math.ceil(key_ids.length / DELETED_AT_ONCE) }, (_, index) =>
    key_ids.slice(index * DELETED_AT_ONCE, (index + 1) * DELETED_AT_ONCE),
  );
  const landed = await pMap(parts, (keys) => deletePart(connection, keys), { concurrency: AT_ONCE });
  return new Map(parts.flatMap((keys, index) => keys.map((key_id) => [key_id, landed[index] ?? DONE] as const)));
}

const DONE: Landed = { is: 'done', value: undefined };

async function deletePart(connection: Connection, keys: readonly string[]): Promise<Landed> {
  try {
    await send(connection, { method: 'POST', path: '/key/delete', body: () => ({ keys }) });
    return DONE;
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    if (isGone(error)) return DONE;
    return undone(error);
  }
}
