import { randomUUID } from 'node:crypto';
import { isList, type Json, type JsonObject } from '../base/json.ts';
import { type Reply, type Invalid, licenceText, ok, Raised, raiseWrapped, refuseInvalid } from './answers.ts';
import { type Caller, isAdmin, requireWriter } from './auth.ts';
import { listedColumns } from './columns.ts';
import { texts } from './fields.ts';
import type { Call } from './call.ts';
import { ADMIN_USER, hashOfEither, keysOfAlias, type StoredKey, type Server } from './state.ts';

/** POST /key/delete: the answer repeats what was sent, unknown keys included, unless none was found. */
export function deleteKeys(call: Call): Reply {
  const { server, body, caller } = call;
  requireWriter(server, caller, call.route);
  requireKeys(server, body);
  const hashes = texts(body.keys);
  const aliases = texts(body.key_aliases);
  const rows =
    hashes.length > 0
      ? [...new Set(hashes.map(hashOfEither))].map((hash) => server.keys.get(hash)).filter((row) => row !== undefined)
      : aliases.flatMap((alias) => keysOfAlias(server, alias));
  if (rows.length === 0 && server.facts.deleteNothingFound === 404) throw raiseWrapped(404, 'No keys found');
  if (!isAdmin(caller) && rows.some((row) => caller.userId === null || row.user_id !== caller.userId)) {
    throw raiseWrapped(403, 'You are not authorized to delete this key');
  }
  for (const row of rows) archive(server, row, caller);
  return ok({ deleted_keys: hashes.length > 0 ? hashes : aliases });
}

/** Removes a key without a trace. */
export function forget(server: Server, row: StoredKey): void {
  server.keys.delete(row.token);
  server.calls.delete(row.token);
}

/** Removes a key and keeps its row in the archive. */
export function archive(server: Server, row: StoredKey, by: Caller): void {
  forget(server, row);
  server.deleted.push({
    ...listedColumns(server, row),
    id: randomUUID(),
    ...(server.facts.deletedKeyInfo ? { organization_id: row.organization_id ?? null } : {}),
    deleted_at: server.now().toISOString(),
    deleted_by: by.userId ?? ADMIN_USER,
    deleted_by_api_key: by.row?.token ?? 'litellm_proxy_master_key',
    litellm_changed_by: null,
  });
}

/** POST /key/regenerate and /key/HASH/regenerate need a licence. */
export function regenerateKey({ server }: Call): Reply {
  throw new Raised(null, `Regenerating Virtual Keys is an Enterprise feature, ${licenceText(server.facts)}`);
}

/** 422 for a body that names no key; shared with `/v2/key/info`. */
export function requireKeys({ facts }: Server, body: JsonObject): void {
  const problems = ['keys', 'key_aliases'].filter((name) => body[name] != null && !Array.isArray(body[name]));
  if (problems.length > 0) {
    const listOf = (name: string): Invalid => {
      const msg = 'Input should be a valid list';
      return { type: 'list_type', loc: ['body', name], msg, input: body[name] ?? null };
    };
    throw refuseInvalid(facts, problems.map(listOf));
  }
  const others = ['keys', 'key_aliases'].flatMap((name) => notTexts(name, body[name]));
  if (others.length > 0) throw refuseInvalid(facts, others);
  if (texts(body.keys).length > 0 || texts(body.key_aliases).length > 0) return;
  const msg = "Value error, At least one of 'keys' or 'key_aliases' must be provided.";
  throw refuseInvalid(facts, [{ type: 'value_error', loc: ['body'], msg, input: body, ctx: { error: {} } }]);
}

function notTexts(name: string, list: Json | undefined): Invalid[] {
  const msg = 'Input should be a valid string';
  return (isList(list) ? list : []).flatMap((input, index): Invalid[] =>
    typeof input === 'string' ? [] : [{ type: 'string_type', loc: ['body', name, index], msg, input }],
  );
}
