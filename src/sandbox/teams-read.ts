import { type Reply, ok, pythonDict, raiseWrapped, refuse, refuseDetail } from './answers.ts';
import type { Call } from './call.ts';
import { type Columns, columnsOf, printTimes } from './columns.ts';
import { textOf } from './fields.ts';
import { membershipsOf, budgetView } from './memberships.ts';
import { cut, isLike, readPage } from './query.ts';
import type { Row, Server, StoredTeam } from './state.ts';
import { memberBudget } from './team-budget.ts';
import { aliasesView, permissionView } from './team-extras.ts';
import { keysOfTeam, teamOf, teamsOfUser, teamView, teamWithMember } from './teams.ts';

/** What `/team/info` adds to the row. */
const INFO: Columns = {
  '1.77.7': 'team_member_budget_table',
  '1.83.14': 'access_group_models access_group_mcp_server_ids access_group_agent_ids',
  '1.108.7': `
    access_group_skill_names unresolved_access_group_ids access_group_details organization_models
    model_max_budget_usage={} caller_edit_access={"kind":"unrestricted"}`,
};

/** GET /team/info: the team with its keys in full. */
export function teamInfo({ server, query }: Call): Reply {
  const { facts, version } = server;
  const id = query.get('team_id') ?? '';
  const row = teamOf(server, id);
  if (row === undefined) {
    throw refuse(404, 'auth_error', pythonDict('message', `Team not found, passed team id: ${id}.`));
  }
  const info = { ...teamView(server, row), ...columnsOf(version, INFO), members_with_roles: members(server, row) };
  const budget = 'team_member_budget_table' in info ? budgetView(server, memberBudget(server, row)) : undefined;
  const permissions = 'object_permission' in info ? { object_permission: permissionView(server, row) } : {};
  const most = facts.keyLimit ? Number(query.get('key_limit') ?? Infinity) : Infinity;
  return ok({
    team_id: id,
    team_info: { ...info, ...permissions, ...(budget === undefined ? {} : { team_member_budget_table: budget }) },
    keys: keysOfTeam(server, id)
      .slice(0, most)
      .map((key) => printTimes(key, 'Z')),
    team_memberships: facts.infoShowsMemberships
      ? membershipsOf(server, id).map((row_) => sourced(server, row, row_))
      : [],
  });
}

function members({ facts, users }: Server, team: StoredTeam): Row[] {
  return team.members_with_roles.map((member) => {
    if (!facts.membersHaveAlias) return { ...member };
    return { ...member, user_alias: users.get(member.user_id)?.user_alias ?? null };
  });
}

/** Whether a member's budget is its own or the team's. */
function sourced(server: Server, team: StoredTeam, membership: Row): Row {
  if (!server.facts.budgetSource) return membership;
  const { budget_id: id } = membership;
  const shared = memberBudget(server, team)?.budget_id;
  const source = id === null ? 'none' : id === shared ? 'team_default' : 'custom';
  return { ...membership, budget_source: source };
}

/** GET /team/list, for administrators: all teams with all keys, by alias, or those of one user. */
export function listTeams({ server, caller, query }: Call): Reply {
  if (caller.role !== 'proxy_admin' && caller.role !== 'proxy_admin_viewer') {
    const error = `Only admin users can query all teams/other teams. Your user role=${caller.role ?? 'internal_user'}`;
    throw refuseDetail(401, { error });
  }
  const user = query.get('user_id');
  const teams = user === null ? [...server.teams.values()] : teamsOfUser(server, user);
  return ok(
    teams
      .toSorted((a, b) => ((a.team_alias ?? '') < (b.team_alias ?? '') ? -1 : 1))
      .map((team) => ({
        ...(user === null ? withMembers(server, team) : teamWithMember(server, team, user)),
        litellm_model_table: aliasesView(server, team),
        keys: keysOfTeam(server, team.team_id).map((key) => printTimes(key, 'Z')),
      })),
  );
}

function withMembers(server: Server, team: StoredTeam): Row {
  return { ...teamView(server, team), team_memberships: membershipsOf(server, team.team_id) };
}

/** What a page adds to each team. */
const ITEM: Columns = {
  '1.83.14': 'access_group_models access_group_mcp_server_ids access_group_agent_ids',
  '1.108.7': 'access_group_skill_names',
  '1.110.2': 'caller_membership={"spend":0,"max_budget":null,"budget_reset_at":null}',
};

/** GET /v2/team/list: a page of teams without their keys, newest first, or of the archive. */
export function pageTeams(call: Call): Reply {
  const { server, query } = call;
  const at = readPage(call, 'page_size', 10);
  const archived = readsArchive(server, query.get('status'));
  const user = query.get('user_id');
  if (user !== null && !server.users.has(user))
    throw refuseDetail(404, { error: `User not found, passed user_id=${user}` });
  const rows = archived ? server.deletedTeams : [...server.teams.values()];
  const all = sorted(
    query,
    rows.toReversed().filter((team) => matches(server, query, team)),
  );
  const print = (team: StoredTeam): Row => (archived ? archivedItem(server, team) : item(server, team));
  const total_pages = Math.ceil(all.length / at.size);
  return ok({ teams: cut(all, at).map(print), total: all.length, page: at.page, page_size: at.size, total_pages });
}

function readsArchive({ facts }: Server, status: string | null): boolean {
  if (status === null || !facts.teamArchive) return false;
  if (status === 'deleted') return true;
  throw raiseWrapped(400, "Invalid status value. Currently only 'deleted' is supported.");
}

function matches(server: Server, query: URLSearchParams, team: StoredTeam): boolean {
  const asked = (name: string): string => query.get(name) ?? '';
  const equal = (name: string): boolean => asked(name) === '' || team[name] === asked(name);
  const user = asked('user_id');
  const searched = server.facts.searching ? asked('search') : '';
  return (
    isLike(team.team_alias, asked('team_alias')) &&
    equal('team_id') &&
    equal('organization_id') &&
    (user === '' || team.members_with_roles.some(({ user_id }) => user_id === user)) &&
    (isLike(team.team_alias, searched) || isLike(team.team_id, searched))
  );
}

function sorted(query: URLSearchParams, teams: StoredTeam[]): StoredTeam[] {
  const column = query.get('sort_by');
  if (column === null || !['team_id', 'team_alias', 'created_at'].includes(column)) return teams;
  const direction = query.get('sort_order') === 'desc' ? -1 : 1;
  return teams.toSorted((a, b) => (textOf(a[column]) < textOf(b[column]) ? -direction : direction));
}

function item(server: Server, team: StoredTeam): Row {
  const { facts, version } = server;
  return {
    ...teamView(server, team),
    ...columnsOf(version, ITEM),
    ...(facts.countsMembers ? { members_count: team.members_with_roles.length } : {}),
    ...(facts.countsTeamKeys ? { keys_count: keysOfTeam(server, team.team_id).length } : {}),
  };
}

function archivedItem(server: Server, team: StoredTeam): Row {
  const {
    id = null,
    deleted_at = null,
    deleted_by = null,
    deleted_by_api_key = null,
    litellm_changed_by = null,
  } = team;
  const gone = printTimes({ id, deleted_at, deleted_by, deleted_by_api_key, litellm_changed_by }, 'Z');
  return { ...teamView(server, team), default_team_member_models: null, ...gone };
}
