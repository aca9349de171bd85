import type { Json } from '../base/json.ts';
import { isList, isObject } from '../base/json.ts';
import { type Reply, ok, Raised, refuse, Refused, refuseDetail } from './answers.ts';
import { requireWriter } from './auth.ts';
import { plainItem, printTimes } from './columns.ts';
import { readFields, requireMember } from './fields.ts';
import { changeRow, findRow } from './keys-update.ts';
import type { Call } from './call.ts';
import { hashOfEither } from './state.ts';

/** POST /key/block and /key/unblock: the row, in two different column sets. */
export function blockKey(call: Call, blocked: boolean): Reply {
  const { server, body, caller } = call;
  requireWriter(server, caller, call.route);
  requireMember(server.facts, body, 'key');
  const hash = hashOfEither(readFields(server, body).key ?? '');
  if (server.facts.blockChecksHash && !/^[0-9a-f]{64}$/.test(hash)) {
    throw refuse(400, 'bad_request_error', 'Invalid key format.', 'key');
  }
  const row = server.keys.get(hash);
  if (row !== undefined) {
    changeRow(call, row, { blocked });
    return ok(blocked ? plainItem(server, row) : printTimes(row, 'Z'));
  }
  if (server.facts.unknownKeyOnUpdate === 404) throw refuse(404, 'not_found_error', 'Key not found.', 'key');
  const reason = `Invalid proxy server token passed. key=${hash}, not found in db.`;
  const text = `Authentication Error, ${reason} Create key via \`/key/generate\` call.`;
  throw refuse(401, 'token_not_found_in_db', text, 'key');
}

/** POST /key/bulk_update: one outcome a key. Some versions erase a team, budget or budget id that is not sent. */
export function updateKeys(call: Call): Reply {
  const { server, body } = call;
  requireWriter(server, call.caller, call.route);
  requireMember(server.facts, body, 'keys');
  const keys = isList(body.keys) ? body.keys : [];
  const erased = server.facts.bulkErasesMissing ? { team_id: null, max_budget: null, budget_id: null } : {};
  const done: Json[] = [];
  const failed: Json[] = [];
  for (const item of keys.filter(isObject)) {
    const key = item.key ?? null;
    try {
      const sent = readFields(server, { ...erased, ...item });
      const row = findRow(server, sent);
      changeRow(call, row, sent);
      const { token: _token, ...info } = printTimes(row, '+00:00');
      done.push({ key, key_info: info });
    } catch (error) {
      failed.push({ key, key_info: null, failed_reason: reasonOf(error) });
    }
  }
  return ok({ total_requested: keys.length, successful_updates: done, failed_updates: failed });
}

function reasonOf(error: unknown): string {
  if (error instanceof Raised) return error.message;
  if (error instanceof Refused) return error.reason;
  throw error;
}

/** POST /key/HASH/reset_spend */
export function resetSpend({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const hash = hashOfEither(route.split('/')[2] ?? '');
  const row = server.keys.get(hash);
  if (row === undefined) throw refuseDetail(404, { error: `Key ${hash} not found.` });
  requireMember(server.facts, body, 'reset_to');
  const previous = row.spend;
  row.spend = Number(body.reset_to);
  const { max_budget = null, budget_reset_at = null } = printTimes(row, 'Z');
  return ok({ key_hash: hash, spend: row.spend, previous_spend: previous, max_budget, budget_reset_at });
}
