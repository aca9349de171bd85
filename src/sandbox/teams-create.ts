import { randomUUID } from 'node:crypto';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { type Reply, ok, Raised, raiseWrapped } from './answers.ts';
import { requireWriter } from './auth.ts';
import type { Call } from './call.ts';
import { budgetReset, checkBudget, checkPeriod, organizationText } from './checks.ts';
import { convertFields } from './convert.ts';
import { textOf } from './fields.ts';
import { join, type Named, namedBy } from './members.ts';
import { ADMIN_USER, type Server, type StoredTeam } from './state.ts';
import { firstMetadata } from './team-budget.ts';
import { aliasesView, extrasOf } from './team-extras.ts';
import { checkTeamLicence, TEAM_FIELDS, teamColumns } from './team-fields.ts';
import { newTeam, teamView } from './teams.ts';

/** A create's model says that lists are no null; an update's leaves that to the database. */
const FIELDS = { ...TEAM_FIELDS, models: ['some', '1.65.8'] } as const;

/** POST /team/new: the caller becomes a member too. Team aliases are not unique. */
export function createTeam({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const fields = convertFields(server, FIELDS, body);
  const id = idOf(server, fields);
  if (server.teams.has(id)) {
    throw raiseWrapped(400, `Team id = ${id} already exists. Please use a different team id.`);
  }
  checkBudget(server, fields);
  checkPeriod(server, fields);
  checkTeamLicence(server, fields, 'create');
  checkOrganization(server, fields);
  const team = addTeam(server, id, fields);
  for (const member of [
    ...namedIn(fields),
    { user_id: caller.userId ?? ADMIN_USER, user_email: null, role: 'admin' },
  ]) {
    join(server, team, member, {}, server.facts.firstMembersHaveEmail);
  }
  return ok({ ...teamView(server, team), litellm_model_table: aliasesView(server, team) });
}

function idOf({ facts }: Server, { team_id: id }: JsonObject): string {
  return typeof id !== 'string' || (id === '' && facts.emptyTeamId === 'random') ? randomUUID() : id;
}

function checkOrganization({ facts }: Server, { organization_id: sent }: JsonObject): void {
  if (sent == null) return;
  const id = textOf(sent);
  if (facts.teamOrganization === 'checked') throw new Raised(400, `Organization not found for organization_id=${id}`);
  const constraint = 'LiteLLM_TeamTable_organization_id_fkey';
  throw new Raised(
    null,
    facts.teamOrganization === 'foreign key'
      ? `Foreign key constraint violated on the constraint: \`${constraint}\``
      : organizationText(id),
  );
}

function addTeam(server: Server, id: string, fields: JsonObject): StoredTeam {
  const now = server.now().toISOString();
  const sent = withoutNulls(fields);
  const { budget_duration: period, team_member_permissions: permissions } = fields;
  const team: StoredTeam = {
    ...newTeam(server),
    ...teamColumns(server, sent),
    ...(typeof period === 'string' ? { budget_duration: period, budget_reset_at: budgetReset(server, period) } : {}),
    ...(permissions == null ? {} : { team_member_permissions: permissions }),
    ...extrasOf(server, {}, sent),
    team_id: id,
    created_at: now,
    updated_at: now,
  };
  team.metadata = firstMetadata(server, team, fields);
  server.teams.set(id, team);
  return team;
}

/** A create takes an explicit null for a missing member. */
function withoutNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function namedIn({ members_with_roles: members }: JsonObject): Named[] {
  return (isList(members) ? members : []).filter(isObject).map(namedBy);
}
