import type { Json } from '../base/json.ts';
import { type Answer, type Invalid, ok, refuse, refuseInvalid } from './answers.ts';
import { isAdmin } from './auth.ts';
import type { Call } from './call.ts';
import { listItem, printTimes } from './columns.ts';
import { statusOf } from './keys-read.ts';
import { type KeyRow, type Server, SESSION_TEAM } from './state.ts';

const SORT_COLUMNS = ['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias'];

/** GET /key/list. Filters that the version does not know are ignored, so that they return every key. */
export function keyList(call: Call): Answer {
  const { server, query, caller } = call;
  const { page, size } = readPaging(call);
  const status = server.facts.statusFilter === 'ignored' ? null : readStatus(server, query.get('status'));
  const sorted = sortRows(server, query, status === 'deleted' ? server.deleted.toReversed() : newestFirst(server));
  if (caller.role === null) {
    const text = "You are not authorized to access this endpoint. No 'user_id' is associated with your API key.";
    throw refuse(403, 'bad_request_error', text, 'user_id');
  }
  const everyone = isAdmin(caller) || caller.role === 'proxy_admin_viewer';
  const found = sorted
    .filter((row) => row.team_id !== SESSION_TEAM && matches(server, row, query))
    .filter((row) => everyone || row.user_id === caller.userId)
    .filter((row) => status === null || status === 'deleted' || statusOf(server, row) === status);
  const expand = server.facts.expandUser && query.getAll('expand').includes('user');
  const full = expand || /^(true|1|yes|on)$/i.test(query.get('return_full_object') ?? '');
  const print = (row: KeyRow): Json => {
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

function newestFirst(server: Server): KeyRow[] {
  return [...server.keys.values()].toReversed();
}

function readPaging({ server, query }: Call): { readonly page: number; readonly size: number } {
  const problems = [checkCount(query, 'page', Infinity), checkCount(query, 'size', 100)].filter(
    (found) => found !== null,
  );
  if (problems.length > 0) throw refuseInvalid(server.facts, problems);
  return { page: Number(query.get('page') ?? 1), size: Number(query.get('size') ?? 10) };
}

function checkCount(query: URLSearchParams, name: string, most: number): Invalid | null {
  const input = query.get(name);
  if (input === null) return null;
  const where = { loc: ['query', name], input };
  if (!/^[-+]?\d+$/.test(input)) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    return { ...where, type: 'int_parsing', msg };
  }
  if (Number(input) < 1) {
    return { ...where, type: 'greater_than_equal', msg: 'Input should be greater than or equal to 1', ctx: { ge: 1 } };
  }
  if (Number(input) <= most) return null;
  return { ...where, type: 'less_than_equal', msg: `Input should be less than or equal to ${most}`, ctx: { le: most } };
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

function sortRows({ facts }: Server, query: URLSearchParams, rows: KeyRow[]): KeyRow[] {
  const column = query.get('sort_by');
  if (!facts.sorting || column === null) return rows;
  if (!SORT_COLUMNS.includes(column)) {
    const text = `Invalid sort column. Must be one of: ${SORT_COLUMNS.join(', ')}`;
    throw refuse(400, 'internal_server_error', `{'error': '${text}'}`);
  }
  const order = query.get('sort_order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw refuse(400, 'internal_server_error', `{'error': "Invalid sort order. Must be 'asc' or 'desc'"}`);
  }
  const ascending = rows.toReversed().toSorted((a, b) => compare(a[column] ?? null, b[column] ?? null));
  return order === 'asc' ? ascending : ascending.toReversed();
}

/** PostgreSQL sorts null after everything else. */
function compare(a: Json, b: Json): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

/** An empty filter counts as absent. */
function matches({ facts }: Server, row: KeyRow, query: URLSearchParams): boolean {
  const asked = (name: string): string => query.get(name) ?? '';
  const equal = (name: string, column: string): boolean => asked(name) === '' || row[column] === asked(name);
  const substring =
    facts.aliasFilter === 'substring' || (facts.aliasFilter === 'asked' && query.get('substring_matching') === 'true');
  const like = (name: string): boolean => (substring ? isLike(row[name], asked(name)) : equal(name, name));
  return (
    like('key_alias') &&
    like('user_id') &&
    equal('team_id', 'team_id') &&
    equal('organization_id', 'organization_id') &&
    (!facts.hashFilter || equal('key_hash', 'token'))
  );
}

/** Prisma's `contains`, which leaves SQL's wildcards in force. */
function isLike(value: Json | undefined, part: string): boolean {
  if (part === '') return true;
  if (typeof value !== 'string' || part.includes('\\')) return false;
  const pattern = part
    .replaceAll(/[$()*+.?[\]^{|}]/g, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(pattern, 'is').test(value);
}
