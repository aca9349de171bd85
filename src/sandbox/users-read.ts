import type { Json } from '../base/json.ts';
import { type Reply, ok, Raised, refuseDetail } from './answers.ts';
import { type Caller, isAdmin } from './auth.ts';
import type { Call } from './call.ts';
import { type Columns, printTimes, viewOf } from './columns.ts';
import { textOf } from './fields.ts';
import { cut, isLike, readPage } from './query.ts';
import { ADMIN_USER, type Row, type Server, type StoredKey, type StoredUser } from './state.ts';
import { keysOfTeam, teamsOfUser, teamView, teamWithMember } from './teams.ts';
import { keysOfUser, shortUser } from './users.ts';

/** GET /user/info: the user with its keys and teams in full. An administrator who names nobody gets all there are. */
export function userInfo({ server, query, caller }: Call): Reply {
  const { facts, users } = server;
  if (query.get('user_id') === null && isAdmin(caller)) return everything(server, caller);
  const id = query.get('user_id') ?? caller.userId ?? '';
  const row = users.get(id);
  if (row === undefined && facts.unknownUserInfo === 404) throw new Raised(404, `User ${id} not found`);
  return ok({
    user_id: id,
    user_info: row === undefined ? { spend: 0 } : whole(server, row),
    keys: keysOfUser(server, id).map((key) => keyItem(server, key)),
    teams: teamsOfUser(server, id).map((team) => ({
      ...teamWithMember(server, team, id),
      keys: keysOfTeam(server, team.team_id).map((key) => printTimes(key, 'Z')),
    })),
    ...(facts.userPermissions ? { admin_mcp_permissions: null } : {}),
  });
}

function everything(server: Server, { userId }: Caller): Reply {
  const { facts, keys, teams, users } = server;
  const user = facts.adminIsUser ? users.get(userId ?? ADMIN_USER) : undefined;
  return ok({
    user_id: facts.adminIsUser ? userId : null,
    user_info: user === undefined ? null : whole(server, user),
    keys: [...keys.values()].map((key) => keyItem(server, key)),
    teams: [...teams.values()].map((team) => teamView(server, team)),
    ...(facts.userPermissions ? { admin_mcp_permissions: null } : {}),
  });
}

function keyItem(server: Server, key: StoredKey): Row {
  return { ...printTimes(key, 'Z'), team_alias: aliasOf(server, key.team_id) };
}

/** Python's `None` in words for a key without a team. */
function aliasOf({ teams }: Server, id: string | null): Json {
  return id === null ? 'None' : (teams.get(id)?.team_alias ?? null);
}

function whole({ facts }: Server, row: Row): Row {
  return {
    ...printTimes(row, 'Z'),
    organization_memberships: [],
    ...(facts.modelBudgetUsage ? { model_max_budget_usage: {} } : {}),
  };
}

const ALONE: Columns = {
  '1.83.14': `
    user_id user_email user_alias user_role spend max_budget models budget_duration budget_reset_at metadata created_at
    updated_at sso_user_id teams`,
  '1.108.7': 'tpm_limit rpm_limit object_permission model_max_budget model_max_budget_usage={}',
};

/** GET /v2/user/info: the user alone. */
export function userAlone({ server, query }: Call): Reply {
  const id = query.get('user_id') ?? '';
  const row = server.users.get(id);
  if (row === undefined) throw new Raised(404, `User not found: ${id}`);
  return ok(printTimes(viewOf(server.version, ALONE, row), 'Z'));
}

/** GET /user/list: newest first, with the number of each user's keys. */
export function listUsers(call: Call): Reply {
  const { server, query } = call;
  const at = readPage(call, 'page_size', 25);
  const all = sorted(
    call,
    [...server.users.values()].toReversed().filter((user) => matches(server, query, user)),
  );
  const item = (user: StoredUser): Row => ({
    ...printTimes(shortUser(server, user), 'Z'),
    key_count: keysOfUser(server, user.user_id).length,
  });
  const total_pages = Math.ceil(all.length / at.size);
  return ok({ users: cut(all, at).map(item), total: all.length, page: at.page, page_size: at.size, total_pages });
}

/** A filter that the version does not know is ignored, so that it lets every user pass. */
function matches({ facts }: Server, query: URLSearchParams, user: StoredUser): boolean {
  const known = (name: string): string =>
    (facts.userFilters as readonly string[]).includes(name) ? (query.get(name) ?? '') : '';
  const listed = (name: string, value: Json | undefined): boolean =>
    known(name) === '' ||
    known(name)
      .split(',')
      .some((part) => part.trim() === value);
  const role = query.get('role') ?? '';
  return (
    (facts.roleFilter === 'substring' ? isLike(user.user_role, role) : role === '' || user.user_role === role) &&
    isAmong(facts.oneUserId, query.get('user_ids') ?? '', user.user_id) &&
    isLike(user.user_email, known('user_email')) &&
    (known('team') === '' || user.teams.includes(known('team'))) &&
    listed('sso_user_ids', user.sso_user_id) &&
    listed('organization_ids', user.organization_id) &&
    (isLike(user.user_email, known('search')) ||
      isLike(user.user_id, known('search')) ||
      isLike(user.user_alias, known('search')))
  );
}

/** One id may be a part of one; of several each is whole. */
function isAmong(one: 'exact' | 'substring', asked: string, id: Json | undefined): boolean {
  const ids = asked.split(',').map((part) => part.trim());
  if (asked === '') return true;
  return one === 'substring' && ids.length === 1 ? isLike(id, asked) : ids.some((part) => part === id);
}

const COLUMNS = 'user_id, user_email, created_at, spend, user_alias, user_role';
const LATER_COLUMNS = 'max_budget, updated_at, sso_user_id, status, key_count';

function sorted({ server, query }: Call, users: StoredUser[]): StoredUser[] {
  const column = query.get('sort_by');
  if (server.facts.sorting === 'never' || column === null) return users;
  const columns = server.facts.sorting === 'more columns' ? `${COLUMNS}, ${LATER_COLUMNS}` : COLUMNS;
  if (!columns.split(', ').includes(column)) {
    throw refuseDetail(400, { error: `Invalid sort column. Must be one of: ${columns}` });
  }
  const direction = query.get('sort_order') === 'desc' ? -1 : 1;
  return users.toSorted((a, b) => (textOf(a[column]) < textOf(b[column]) ? -direction : direction));
}
