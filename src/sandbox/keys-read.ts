import { type Answer, ok, refuse } from './answers.ts';
import { isAdmin } from './auth.ts';
import { printTimes } from './columns.ts';
import { texts } from './fields.ts';
import type { Call } from './call.ts';
import { requireKeys } from './keys-delete.ts';
import { hashOfEither, type KeyRow, type Row, type Server } from './state.ts';

/** GET /key/info: the row without `token`; without `key=` the caller's own. */
export function keyInfo({ server, query, caller }: Call): Answer {
  const asked = query.get('key');
  const hash = asked === null ? (caller.row?.token ?? '') : hashOfEither(asked);
  const row = server.keys.get(hash);
  if (row != null) {
    if (!isAdmin(caller) && caller.row?.token !== hash && (caller.userId === null || row.user_id !== caller.userId)) {
      const text = `You are not allowed to access this key's info. Your role=${caller.role ?? 'None'}`;
      throw refuse(403, 'internal_server_error', text, server.facts.absentParam);
    }
    return ok({ key: asked ?? hash, info: infoOf(server, row) });
  }
  const gone = server.facts.deletedKeyInfo ? server.deleted.findLast(({ token }) => token === hash) : undefined;
  if (gone === undefined) throw refuse(404, 'not_found_error', 'Key not found in database', 'key');
  return ok({ key: asked ?? hash, info: { ...withoutToken(printTimes(gone, '+00:00')), status: 'deleted' } });
}

function infoOf(server: Server, row: KeyRow): Row {
  const { facts, budgets } = server;
  const untold = 'object_permission' in row && !facts.permissionInInfo ? { object_permission: null } : {};
  const litellm_budget_table = (typeof row.budget_id === 'string' ? budgets.get(row.budget_id) : null) ?? null;
  const info = { ...withoutToken(printTimes(row, '+00:00')), litellm_budget_table, ...untold };
  return server.facts.deletedKeyInfo ? { ...info, status: statusOf(server, row) } : info;
}

function withoutToken(row: Row): Row {
  const { token: _token, ...rest } = row;
  return rest;
}

/** A blocked key counts as `revoked`. */
export function statusOf(server: Server, row: KeyRow): 'active' | 'expired' | 'revoked' {
  if (row.blocked === true) return 'revoked';
  const { expires } = row;
  return typeof expires === 'string' && new Date(expires) < server.now() ? 'expired' : 'active';
}

/** POST /v2/key/info; rows carry their `token` only on old versions, where aliases return every key. */
export function keyInfos({ server, body }: Call): Answer {
  requireKeys(server, body);
  const hashes = Array.isArray(body.keys) ? texts(body.keys).map(hashOfEither) : null;
  const aliases = Array.isArray(body.key_aliases) ? body.key_aliases : [];
  const rows = [...server.keys.values()].filter((row) =>
    hashes === null ? !server.facts.namesAliases || aliases.includes(row.key_alias) : hashes.includes(row.token),
  );
  const print = (row: KeyRow): Row =>
    server.facts.rowsKeepToken ? printTimes(row, '+00:00') : withoutToken(printTimes(row, '+00:00'));
  return ok({ key: body.keys ?? null, info: rows.map(print) });
}

/** GET /key/aliases */
export function keyAliases({ server, query }: Call): Answer {
  const size = Number(query.get('size') ?? 50);
  const page = Number(query.get('page') ?? 1);
  const part = query.get('search')?.toLowerCase() ?? '';
  const aliases = [...new Set([...server.keys.values()].map((row) => row.key_alias))]
    .filter((alias) => typeof alias === 'string')
    .filter((alias) => alias.toLowerCase().includes(part))
    .toSorted();
  return ok({
    aliases: aliases.slice((page - 1) * size, page * size),
    total_count: aliases.length,
    current_page: page,
    total_pages: Math.ceil(aliases.length / size),
    size,
  });
}
