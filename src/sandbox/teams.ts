import { type Columns, columnsOf, printTimes, viewOf } from './columns.ts';
import { membershipOf } from './memberships.ts';
import { aliasesView, storedPermission } from './team-extras.ts';
import type { StoredKey, StoredTeam, Row, Server } from './state.ts';

/** The rows of teams, as most routes show them. */
const TEAM: Columns = {
  '1.65.8': `
    team_alias team_id organization_id admins=[] members=[] members_with_roles=[] metadata={} tpm_limit rpm_limit
    max_budget budget_duration models=[] blocked=false spend=0 max_parallel_requests budget_reset_at model_id
    litellm_model_table created_at team_member_permissions`,
  '1.77.7': 'object_permission updated_at object_permission_id team_member_permissions=[]',
  '1.83.14': 'soft_budget budget_limits router_settings={} access_group_ids=[] default_team_member_models=[]',
  '1.108.7': 'tpd_limit model_spend={} model_max_budget={} policies=[] allow_team_guardrail_config=false',
};

/** The same row as it lies in the database, which `/team/update` and `/team/block` show. */
const STORED: Columns = {
  '1.65.8': `
    team_alias team_id organization_id admins=[] members=[] members_with_roles=[] metadata={} tpm_limit rpm_limit
    max_budget budget_duration models=[] blocked=false spend=0 max_parallel_requests budget_reset_at model_id
    litellm_model_table created_at updated_at model_spend={} model_max_budget={} litellm_organization_table`,
  '1.77.7': 'object_permission_id team_member_permissions=[] object_permission',
  '1.83.14': `
    soft_budget router_settings={} access_group_ids=[] policies=[] default_team_member_models=[] budget_limits
    allow_team_guardrail_config=false projects`,
  '1.108.7': 'tpd_limit',
};

/** A new row, every column at its default. */
export function newTeam({ version }: Server): StoredTeam {
  // oxlint-disable-next-line no-unsafe-type-assertion -- these columns have values of these types
  return { ...columnsOf(version, STORED), ...columnsOf(version, TEAM) } as StoredTeam;
}

export function teamView(server: Server, team: StoredTeam): Row {
  const { version, facts } = server;
  return {
    ...printTimes(viewOf(version, TEAM, team), 'Z'),
    litellm_model_table: facts.showsAliases ? aliasesView(server, team) : null,
    ...('object_permission' in team ? { object_permission: null } : {}),
  };
}

export function storedView(server: Server, team: StoredTeam): Row {
  const { version, facts } = server;
  const row = printTimes(viewOf(version, STORED, team), 'Z');
  const view = 'object_permission' in row ? { ...row, object_permission: storedPermission(server, team) } : row;
  if (facts.storedMembers === 'all') return view;
  const bare = team.members_with_roles.map(({ user_email: email, ...member }) =>
    email == null ? member : { ...member, user_email: email },
  );
  return { ...view, members_with_roles: bare };
}

/** The team with what one of its members may spend. */
export function teamWithMember(server: Server, team: StoredTeam, user: string): Row {
  const membership = membershipOf(server, team.team_id, user);
  return { ...teamView(server, team), team_memberships: membership === null ? [] : [membership] };
}

export function teamsOfUser({ teams }: Server, user: string): StoredTeam[] {
  return [...teams.values()].filter((team) => team.members_with_roles.some(({ user_id }) => user_id === user));
}

export function keysOfTeam(server: Server, id: string): StoredKey[] {
  return [...server.keys.values()].filter((row) => row.team_id === id);
}

/** The team that a request means. While the database is away, no team is found, and some routes say just that. */
export function teamOf({ teams, database }: Server, id: string): StoredTeam | undefined {
  return database === 'down' ? undefined : teams.get(id);
}
