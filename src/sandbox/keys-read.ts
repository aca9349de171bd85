import { type Reply, ok, refuse } from './answers.ts';
import { isList } from '../base/json.ts';
import { type Caller, isAdmin } from './auth.ts';
import { printTimes, withBudget } from './columns.ts';
import { texts } from './fields.ts';
import type { Call } from './call.ts';
import { requireKeys } from './keys-delete.ts';
import { hashOfEither, type StoredKey, type Row, type Server } from './state.ts';

/** GET /key/info: the row without `token`; without `key=` the caller's own. */
export function keyInfo({ server, query, caller }: Call): Reply {
  const asked = query.get('key');
  const hash = asked === null ? (caller.row?.token ?? '') : hashOfEither(asked);
  const row = server.keys.get(hash);
  if (row != null) {
    if (!mayRead(caller, row)) {
      const text = `You are not allowed to access this key's info. Your role=${caller.role ?? 'None'}`;
      throw refuse(403, 'internal_server_error', text, server.facts.absentParam);
    }
    return ok({ key: asked ?? hash, info: infoOf(server, row) });
  }
  const gone = server.facts.deletedKeyInfo ? server.deleted.findLast(({ token }) => token === hash) : undefined;
  if (gone === undefined) throw refuse(404, 'not_found_error', 'Key not found in database', 'key');
  return ok({ key: asked ?? hash, info: { ...withoutToken(printTimes(gone, '+00:00')), status: 'deleted' } });
}

function mayRead(caller: Caller, { token, user_id: user }: StoredKey): boolean {
  return isAdmin(caller) || caller.row?.token === token || (user !== null && user === caller.userId);
}

function infoOf(server: Server, row: StoredKey): Row {
  const { facts } = server;
  const untold = facts.permissionInInfo ? {} : untoldPermission(row);
  const info = { ...withoutToken(withBudget(server, printTimes(row, '+00:00'))), ...untold };
  return facts.deletedKeyInfo ? { ...info, status: rowStatus(server, row) } : info;
}

/** The column is there, and null whatever the key has. */
function untoldPermission(row: Row): Row {
  return 'object_permission' in row ? { object_permission: null } : {};
}

function withoutToken(row: Row): Row {
  const { token: _token, ...rest } = row;
  return rest;
}

/** A blocked key counts as `revoked`. */
export function rowStatus(server: Server, row: StoredKey): 'active' | 'expired' | 'revoked' {
  if (row.blocked === true) return 'revoked';
  return isExpired(server, row) ? 'expired' : 'active';
}

export function isExpired(server: Server, { expires }: StoredKey): boolean {
  return expires !== null && new Date(expires) < server.now();
}

/**
 * POST /v2/key/info: unknown and deleted keys are left out, doubles merged, permissions never told. Where a version
 * does not look at aliases, a body without `keys` gets every key. The dearest key comes first; what the database does
 * with the others is its own affair, here the order of the hashes.
 */
export function keyInfos({ server, body, caller }: Call): Reply {
  requireKeys(server, body);
  const { facts } = server;
  const hashes = new Set(texts(body.keys).map(hashOfEither));
  const aliases = new Set<string | null>(facts.namesAliases ? texts(body.key_aliases) : []);
  const every = !facts.namesAliases && !isList(body.keys);
  const rows = [...server.keys.values()]
    .filter((row) => every || hashes.has(row.token) || aliases.has(row.key_alias))
    .filter((row) => !facts.rowsFiltered || mayRead(caller, row))
    .toSorted((a, b) => b.spend - a.spend || (a.token < b.token ? -1 : 1));
  const print = (row: StoredKey): Row => {
    const whole = { ...withBudget(server, printTimes(row, '+00:00')), ...untoldPermission(row) };
    return facts.rowsKeepToken ? whole : withoutToken(whole);
  };
  return ok({ key: body.keys ?? null, info: rows.map(print) });
}

/** GET /key/aliases */
export function keyAliases({ server, query }: Call): Reply {
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
