import type { Json } from '../base/json.ts';
import { type Reply, ok, refuse } from './answers.ts';
import { isAdmin } from './auth.ts';
import type { Call } from './call.ts';
import { listItem, printTimes } from './columns.ts';
import { isExpired, rowStatus } from './keys-read.ts';
import { orderRows } from './order.ts';
import { isLike, readPage } from './query.ts';
import { type StoredKey, type Server, SESSION_TEAM } from './state.ts';

/** GET /key/list. Filters that the version does not know are ignored, so that they return every key. */
export function keyList(call: Call): Reply {
  const { server, query, caller } = call;
  const { page, size } = readPage(call, 'size', 10);
  const { facts } = server;
  const status = facts.statusFilter === 'ignored' ? null : readStatus(server, query.get('status'));
  const end = facts.searching ? readEnd(query.get('expires')) : null;
  const rows = status === 'deleted' ? server.deleted : [...server.keys.values()];
  if (caller.role === null) {
    const text = "You are not authorized to access this endpoint. No 'user_id' is associated with your API key.";
    throw refuse(403, 'bad_request_error', text, 'user_id');
  }
  const everyone = isAdmin(caller) || caller.role === 'proxy_admin_viewer';
  const matching = rows
    .filter((row) => row.team_id !== SESSION_TEAM && matches(server, row, query))
    .filter((row) => everyone || row.user_id === caller.userId)
    .filter((row) => status === null || status === 'deleted' || rowStatus(server, row) === status)
    .filter((row) => end === null || (end === 'expired') === isExpired(server, row));
  const found = orderRows(server, query, matching, page);
  const expand = facts.expandUser && query.getAll('expand').includes('user');
  const full = expand || isYes(query.get('return_full_object'));
  const print = (row: StoredKey): Json => {
    if (!full) return row.token;
    const item = status === 'deleted' ? printTimes(row, 'Z') : listItem(server, row);
    return expand ? { ...item, user: server.users.get(row.user_id ?? '') ?? null } : item;
  };
  return ok({
    keys: found.slice((page - 1) * size, page * size).map(print),
    total_count: found.length,
    current_page: page,
    total_pages: Math.ceil(found.length / size),
  });
}

function isYes(value: string | null): boolean {
  return /^(true|1|yes|on)$/i.test(value ?? '');
}

function readStatus({ facts }: Server, status: string | null): string | null {
  if (status === null) return null;
  const every = facts.statusFilter === 'every';
  const known = every ? ['active', 'expired', 'revoked', 'deleted'] : ['deleted'];
  if (known.includes(status)) return status;
  const text = every
    ? `Supported: ${known.map((name) => `'${name}'`).join(', ')}.`
    : "Currently only 'deleted' is supported.";
  throw refuse(400, 'internal_server_error', `{'error': "Invalid status value. ${text}"}`);
}

function readEnd(expires: string | null): 'active' | 'expired' | null {
  if (expires === null || expires === 'active' || expires === 'expired') return expires;
  const text = "Invalid expires value. Supported: 'active', 'expired'.";
  throw refuse(400, 'internal_server_error', `{'error': "${text}"}`);
}

/** An empty filter counts as absent. */
function matches({ facts }: Server, row: StoredKey, query: URLSearchParams): boolean {
  const asked = (name: string): string => query.get(name) ?? '';
  const equal = (name: string, column: string): boolean => asked(name) === '' || row[column] === asked(name);
  const substring =
    facts.aliasFilter === 'substring' || (facts.aliasFilter === 'asked' && isYes(query.get('substring_matching')));
  const like = (name: string): boolean => (substring ? isLike(row[name], asked(name)) : equal(name, name));
  return (
    like('key_alias') &&
    like('user_id') &&
    equal('team_id', 'team_id') &&
    equal('organization_id', 'organization_id') &&
    (!facts.hashFilter || equal('key_hash', 'token')) &&
    (!facts.searching || equal('search', 'token') || isLike(row.key_alias, asked('search')))
  );
}
