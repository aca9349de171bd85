import { randomUUID } from 'node:crypto';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { type Reply, ok, pythonDict, raiseWrapped, refuse, refuseDetail } from './answers.ts';
import { requireWriter } from './auth.ts';
import { budgetReset } from './checks.ts';
import { type Columns, columnsOf, printTimes } from './columns.ts';
import { archive } from './keys-delete.ts';
import { requireMember, texts } from './fields.ts';
import type { Call } from './call.ts';
import { ADMIN_USER, type StoredKey, type Row, type Server } from './state.ts';

const TEAM: Columns = {
  '1.65.8': `
    team_alias team_id organization_id admins=[] members=[] members_with_roles=[] metadata={} tpm_limit rpm_limit
    max_budget budget_duration models=[] blocked=false spend=0 max_parallel_requests budget_reset_at model_id
    litellm_model_table created_at team_member_permissions`,
  '1.77.7': 'object_permission updated_at object_permission_id team_member_permissions=[]',
  '1.83.14': 'soft_budget budget_limits router_settings={} access_group_ids=[] default_team_member_models=[]',
  '1.108.7': 'tpd_limit model_spend={} model_max_budget={} policies=[] allow_team_guardrail_config=false',
};

/** What `/team/info` adds to the row. */
const TEAM_INFO: Columns = {
  '1.77.7': 'team_member_budget_table',
  '1.83.14': 'access_group_models access_group_mcp_server_ids access_group_agent_ids',
  '1.108.7': `
    access_group_skill_names unresolved_access_group_ids access_group_details organization_models
    model_max_budget_usage={} caller_edit_access={"kind":"unrestricted"}`,
};

/** POST /team/new: the caller becomes its first member. Team aliases are not unique. */
export function createTeam({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const id = typeof body.team_id === 'string' ? body.team_id : randomUUID();
  if (server.teams.has(id)) {
    throw raiseWrapped(400, `Team id = ${id} already exists. Please use a different team id.`);
  }
  const now = server.now().toISOString();
  const row = columnsOf(server.version, TEAM);
  for (const name of Object.keys(row)) if (body[name] != null) row[name] = body[name];
  const { budget_duration: period } = body;
  if (typeof period === 'string') row.budget_reset_at = budgetReset(server, period);
  const owner = { user_id: caller.userId ?? ADMIN_USER, user_email: null, role: 'admin' };
  row.members_with_roles = [owner];
  Object.assign(row, { team_id: id, created_at: now, ...('updated_at' in row ? { updated_at: now } : {}) });
  server.teams.set(id, row);
  return ok(printTimes(row, 'Z'));
}

/** GET /team/info */
export function teamInfo({ server, query }: Call): Reply {
  const id = query.get('team_id') ?? '';
  const row = server.teams.get(id);
  if (row === undefined) {
    throw refuse(404, 'auth_error', pythonDict('message', `Team not found, passed team id: ${id}.`));
  }
  return ok({
    team_id: id,
    team_info: {
      ...printTimes(row, 'Z'),
      ...columnsOf(server.version, TEAM_INFO),
      members_with_roles: members(server, row),
    },
    keys: keysOfTeam(server, id).map((key) => printTimes(key, 'Z')),
    team_memberships: memberships(server, row).map((member) => ({ ...member, budget_source: 'none' })),
  });
}

/** GET /team/list, for administrators. */
export function listTeams({ server, caller }: Call): Reply {
  if (caller.role !== 'proxy_admin' && caller.role !== 'proxy_admin_viewer') {
    const error = `Only admin users can query all teams/other teams. Your user role=${caller.role ?? 'internal_user'}`;
    throw refuseDetail(401, { error });
  }
  return ok(
    [...server.teams].map(([id, row]) => ({
      ...printTimes(row, 'Z'),
      keys: keysOfTeam(server, id).map((key) => printTimes(key, 'Z')),
      team_memberships: memberships(server, row),
    })),
  );
}

/** POST /team/delete: the teams and all their keys. */
export function deleteTeams({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_ids');
  const ids = texts(body.team_ids);
  const unknown = ids.find((id) => !server.teams.has(id));
  if (unknown !== undefined) throw refuseDetail(404, { error: `Team not found, passed team_id=${unknown}` });
  for (const id of ids) {
    for (const key of keysOfTeam(server, id)) archive(server, key, caller);
    server.teams.delete(id);
  }
  return ok({ deleted_teams: ids });
}

function keysOfTeam(server: Server, id: string): StoredKey[] {
  return [...server.keys.values()].filter((row) => row.team_id === id);
}

function members({ facts }: Server, team: Row): Row[] {
  return membersOf(team).map((member) => (facts.teamMembershipRows ? { ...member, user_alias: null } : { ...member }));
}

function memberships(server: Server, team: Row): Row[] {
  if (!server.facts.teamMembershipRows) return [];
  return membersOf(team).map((member) => ({
    user_id: member.user_id ?? null,
    team_id: team.team_id ?? null,
    budget_id: null,
    spend: 0,
    total_spend: 0,
    litellm_budget_table: null,
  }));
}

function membersOf(team: Row): readonly JsonObject[] {
  return isList(team.members_with_roles) ? team.members_with_roles.filter(isObject) : [];
}
