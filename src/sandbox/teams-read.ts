import { type Reply, ok, pythonDict, refuse, refuseDetail } from './answers.ts';
import type { Call } from './call.ts';
import { type Columns, printTimes, viewOf } from './columns.ts';
import { membershipsOf, budgetView } from './memberships.ts';
import type { Row, Server, StoredTeam } from './state.ts';
import { memberBudget } from './team-budget.ts';
import { aliasesView, permissionView } from './team-extras.ts';
import { keysOfTeam, teamOf, teamsOfUser, teamView, teamWithMember } from './teams.ts';

/** What `/team/info` adds to the row. */
const INFO: Columns = {
  '1.77.7': 'team_member_budget_table object_permission',
  '1.83.14': 'access_group_models access_group_mcp_server_ids access_group_agent_ids',
  '1.108.7': `
    access_group_skill_names unresolved_access_group_ids access_group_details organization_models
    model_max_budget_usage={} caller_edit_access={"kind":"unrestricted"}`,
};

/** GET /team/info: the team with its keys in full. */
export function teamInfo({ server, query }: Call): Reply {
  const { facts } = server;
  const id = query.get('team_id') ?? '';
  const team = teamOf(server, id);
  if (team === undefined) {
    throw refuse(404, 'auth_error', pythonDict('message', `Team not found, passed team id: ${id}.`));
  }
  const keys = keysOfTeam(server, id).slice(0, facts.keyLimit ? Number(query.get('key_limit') ?? Infinity) : Infinity);
  const memberships = facts.infoShowsMemberships ? membershipsOf(server, id) : [];
  return ok({
    team_id: id,
    team_info: infoOf(server, team),
    keys: keys.map((key) => printTimes(key, 'Z')),
    team_memberships: memberships.map((membership) => sourced(server, team, membership)),
  });
}

function infoOf(server: Server, team: StoredTeam): Row {
  const added = viewOf(server.version, INFO, {
    team_member_budget_table: budgetView(server, memberBudget(server, team)),
    object_permission: permissionView(server, team),
  });
  return { ...teamView(server, team), ...added, members_with_roles: members(server, team) };
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
  if (id === null) return { ...membership, budget_source: 'none' };
  const isShared = id === memberBudget(server, team)?.budget_id;
  return { ...membership, budget_source: isShared ? 'team_default' : 'custom' };
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
