import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../base/json.ts';
import { type Reply, ok, Raised, raiseWrapped, refuseDetail } from './answers.ts';
import { requireWriter } from './auth.ts';
import { type Columns, columnsOf, createdAnswer, newRow, printTimes } from './columns.ts';
import { archive } from './keys-delete.ts';
import { requireMember, texts } from './fields.ts';
import type { Call } from './call.ts';
import { mintSecret, type StoredKey, type Row, type Server } from './state.ts';

const USER: Columns = {
  '1.65.8': `
    user_id user_alias team_id sso_user_id organization_id teams=[] user_role max_budget spend=0 user_email models=[]
    metadata={} max_parallel_requests tpm_limit rpm_limit budget_duration budget_reset_at allowed_cache_controls=[]
    model_spend={} model_max_budget={} created_at updated_at litellm_organization_table organization_memberships=[]
    invitations_created invitations_updated invitations_user`,
  '1.77.7': 'object_permission_id object_permission',
  '1.83.14': 'policies=[]',
  '1.108.7': 'verified_subjects password_reset_required last_breach_check_at model_max_budget_usage={}',
};

/** POST /user/new: makes a key too, unless `auto_create_key` is false. */
export function createUser({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const id = typeof body.user_id === 'string' ? body.user_id : randomUUID();
  if (server.users.has(id) && server.facts.existingUser === 409) {
    throw raiseWrapped(409, `User with id ${id} already exists`);
  }
  if (!server.users.has(id)) server.users.set(id, newUser(server, id, body));
  const { user_email = null, user_role = null } = body;
  const user = { user_id: id, user_email, user_role, teams: null, user_alias: null };
  return ok({ ...(body.auto_create_key === false ? withoutKey(server) : withKey(server, id)), ...user });
}

function newUser(server: Server, id: string, body: JsonObject): Row {
  const now = server.now().toISOString();
  const row = columnsOf(server.version, USER);
  for (const name of Object.keys(row)) if (body[name] != null) row[name] = body[name];
  return Object.assign(row, {
    user_id: id,
    created_at: now,
    updated_at: now,
    ...(server.facts.showsPassword ? { password: null } : {}),
  });
}

function withKey(server: Server, userId: string): Row {
  const secret = mintSecret();
  const row = { ...newRow(server.version, secret, server.now().toISOString()), user_id: userId };
  server.keys.set(row.token, row);
  const named = server.facts.namesUserKeys ? [] : ['key_name'];
  return clear(createdAnswer(server, secret, row), ['token', 'token_id', 'key_type', ...named]);
}

/** The members of a created key that no key stands behind. */
function withoutKey(server: Server): Row {
  const names =
    'token token_id key_name key_type created_at updated_at model_max_budget router_settings access_group_ids';
  const answer = createdAnswer(server, '', newRow(server.version, '', ''));
  return clear(answer, [...names.split(' '), 'budget_fallbacks']);
}

function clear(answer: Row, names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, names.includes(name) ? null : value]));
}

/** GET /user/info */
export function userInfo({ server, query, caller }: Call): Reply {
  const id = query.get('user_id') ?? caller.userId ?? '';
  const row = server.users.get(id);
  if (row === undefined && server.facts.unknownUserInfo === 404) throw new Raised(404, `User ${id} not found`);
  return ok({
    user_id: id,
    user_info: row === undefined ? { spend: 0 } : printTimes(row, 'Z'),
    keys: keysOfUser(server, id).map((key) => printTimes(key, 'Z')),
    teams: [],
    ...(server.facts.userPermissions ? { admin_mcp_permissions: null } : {}),
  });
}

/** GET /user/list, filtered by role: newest first. */
export function listUsers({ server, query }: Call): Reply {
  const role = query.get('role') ?? '';
  const size = Number(query.get('page_size') ?? '25');
  const page = Number(query.get('page') ?? '1');
  const all = [...server.users.values()].toReversed().filter(({ user_role }) => role === '' || user_role === role);
  const users = all.slice((page - 1) * size, page * size).map((row) => printTimes(row, 'Z'));
  return ok({ users, total: all.length, page, page_size: size, total_pages: Math.ceil(all.length / size) });
}

/** POST /user/delete: the users and all their keys; answers how many. */
export function deleteUsers({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'user_ids');
  const ids = texts(body.user_ids);
  const unknown = ids.find((id) => !server.users.has(id));
  if (unknown !== undefined) throw refuseDetail(404, { error: `User not found, passed user_id=${unknown}` });
  for (const id of ids) {
    for (const key of keysOfUser(server, id)) archive(server, key, caller);
    server.users.delete(id);
  }
  return ok(ids.length);
}

function keysOfUser(server: Server, id: string): StoredKey[] {
  return [...server.keys.values()].filter((row) => row.user_id === id);
}
