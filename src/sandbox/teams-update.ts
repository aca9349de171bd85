import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { type Reply, crash, ok, plainly, Raised, raiseWrapped, refuseDetail } from './answers.ts';
import { requireWriter } from './auth.ts';
import { believe, tell } from './beliefs.ts';
import type { Call } from './call.ts';
import { budgetReset, checkBudget, checkPeriod } from './checks.ts';
import { convertFields } from './convert.ts';
import { requireMember, textOf } from './fields.ts';
import { missingValue } from './keys-update.ts';
import type { Row, Server, StoredTeam } from './state.ts';
import { nextMetadata } from './team-budget.ts';
import { extrasOf } from './team-extras.ts';
import { checkTeamLicence, TEAM_FIELDS, teamColumns } from './team-fields.ts';
import { storedView, teamView } from './teams.ts';

/** POST /team/update: the row as it lies in the database. */
export function updateTeam(call: Call): Reply {
  const { server } = call;
  return server.facts.teamUpdateErrors === 'plain' ? plainly(answerUpdate)(call) : answerUpdate(call);
}

function answerUpdate({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_id');
  const fields = convertFields(server, TEAM_FIELDS, body);
  const team = changeTeam(server, textOf(fields.team_id), fields);
  return ok({ team_id: team.team_id, data: storedView(server, team) });
}

/** PATCH /team/ID: the same, but what is sent of the metadata is merged into it, where null takes a member away. */
export function patchTeam({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const id = decodeURIComponent(route.slice('/team/'.length));
  const fields = convertFields(server, TEAM_FIELDS, body);
  const { metadata } = fields;
  const before = server.teams.get(id)?.metadata;
  const merged = isObject(metadata) ? { metadata: merge(isObject(before) ? before : {}, metadata) } : {};
  return ok(teamView(server, changeTeam(server, id, { ...fields, ...merged })));
}

function merge(before: JsonObject, sent: JsonObject): JsonObject {
  const members = Object.entries(sent).map(([name, value]): [string, Json] => {
    const old = before[name];
    return [name, isObject(value) ? merge(isObject(old) ? old : {}, value) : value];
  });
  const merged = { ...before, ...Object.fromEntries(members) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** Columns that the database does not let become null: `[]` or `false` clears them. */
const REQUIRED = ['models', 'blocked', 'access_group_ids', 'default_team_member_models'];

function changeTeam(server: Server, id: string, fields: JsonObject): StoredTeam {
  const team = server.teams.get(id);
  if (team === undefined) throw raiseWrapped(404, `Team not found, passed team_id=${id}`);
  checkBudget(server, fields);
  checkPeriod(server, fields);
  checkTeamLicence(server, fields, 'update');
  if (fields.organization_id != null) throw unknownOrganization(server, fields);
  const columns = teamColumns(server, fields);
  const missing = REQUIRED.find((name) => columns[name] === null);
  if (missing !== undefined) throw missingValue(missing);
  const window = windowOf(server, fields);
  const metadata = nextMetadata(server, team, fields);
  const extras = extrasOf(server, team, fields);
  tell(server, 'team', id);
  return Object.assign(team, columns, window, extras, { metadata, updated_at: server.now().toISOString() });
}

function unknownOrganization({ facts }: Server, { organization_id: id }: JsonObject): Raised {
  const text = `Organization not found, passed organization_id=${textOf(id)}`;
  return facts.teamOrganizationUpdate === 'crash' ? new Raised(null, text) : raiseWrapped(404, text);
}

/** A duration that is sent again moves the moment at which the budget begins anew. */
function windowOf(server: Server, { budget_duration: period }: JsonObject): Row {
  if (period === undefined) return {};
  if (period === null) return { budget_duration: null, ...(server.facts.teamReset ? { budget_reset_at: null } : {}) };
  return { budget_duration: period, budget_reset_at: budgetReset(server, textOf(period)) };
}

/** POST /team/block and /team/unblock, which on most versions calls notice a minute later. */
export function blockTeam({ server, body, caller, route }: Call, blocked: boolean): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_id');
  const id = textOf(body.team_id);
  const team = server.teams.get(id);
  if (team === undefined) throw refuseDetail(404, { error: `Team not found, passed team_id=${id}` });
  if (server.facts.teamBlock === 'late') believe(server, 'team', id, team);
  Object.assign(team, { blocked, updated_at: server.now().toISOString() });
  return ok(storedView(server, team));
}

/** POST /team/permissions_update: which routes the members' own keys may call. */
export function permitMembers({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_id');
  const id = textOf(body.team_id);
  const team = server.teams.get(id);
  if (team === undefined) throw unknownTeam(server, id);
  if (server.facts.permissionsUpdate === 'crash') throw crash(server.facts);
  team.team_member_permissions = body.team_member_permissions ?? [];
  return ok(teamView(server, team));
}

function unknownTeam({ facts }: Server, id: string): Error {
  if (facts.permissionsUpdate === 'crash') return refuseDetail(404, { error: `Team not found, passed team_id=${id}` });
  if (facts.unknownTeamToMembers === 'crash') return crash(facts);
  return refuseDetail(404, { error: `Team doesn't exist in db. Team=${id}. Create team via \`/team/new\` call.` });
}
