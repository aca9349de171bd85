import { type Json, type JsonObject } from '../base/json.ts';
import { type Reply, licenceText, ok, Raised, raiseWrapped, refuseDetail, refuseInvalid } from './answers.ts';
import { requireWriter } from './auth.ts';
import { linger } from './beliefs.ts';
import { changeBudget } from './budgets.ts';
import type { Call } from './call.ts';
import { convertFields, type FieldTable } from './convert.ts';
import { requireMember, textOf } from './fields.ts';
import { archive } from './keys-delete.ts';
import { currentMembers, isSame, namedBy, withoutMember } from './members.ts';
import { findMembership, leave, setMembership, setOwnBudget } from './memberships.ts';
import { budgetOf, type Row, type Server, type StoredTeam } from './state.ts';
import { memberBudget } from './team-budget.ts';
import { keysOfTeam, teamView } from './teams.ts';

const LIMITS = {
  max_budget_in_team: ['number', '1.65.8'],
  tpm_limit: ['integer', '1.77.7'],
  rpm_limit: ['integer', '1.77.7'],
  allowed_models: ['texts', '1.83.14'],
  budget_duration: ['text', '1.108.7'],
  temp_budget_increase: ['number', '1.108.7'],
  temp_budget_expiry: ['text', '1.108.7'],
  model_max_budget: ['object', '1.108.7'],
} as const satisfies FieldTable;

/** POST /team/member_update: a role, or limits, also for somebody who is no member. */
export function updateMember({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const { facts } = server;
  const team = findTeam(server, body);
  const sent = convertFields(server, LIMITS, body);
  const member = currentMembers(server, team).find((one) => isSame(server, one, namedBy(body)));
  if (member === undefined && body.user_id == null)
    throw raiseWrapped(400, `User id doesn't exist in team table. Data=${textOf(body.user_email)}`);
  const user = member?.user_id ?? textOf(body.user_id);
  const role = textOf(body.role);
  if (role === 'admin' && facts.promotesMembers === 'refused') {
    const licence = licenceText({ ...facts, licenceTrial: 'https://www.litellm.ai/#trial' }).replace(' \n', ' ');
    throw refuseDetail(400, `Assigning team admins is a premium feature. ${licence}`);
  }
  changeLimits(server, team, user, sent);
  if (role !== '' && member !== undefined) {
    team.members_with_roles = currentMembers(server, team).map((one) => (one === member ? { ...one, role } : one));
  }
  const told = Object.keys(convertFields(server, LIMITS, blank())).map((name): [string, Json] => [
    name,
    sent[name] ?? null,
  ]);
  const { user_email: email = null, team_id } = body;
  return ok({ user_id: user, user_email: email, team_id: team_id ?? null, ...Object.fromEntries(told) });
}

function blank(): JsonObject {
  return Object.fromEntries(Object.keys(LIMITS).map((name) => [name, null]));
}

/** What is not sent is kept on the newest versions; before, it is erased with the row, or when nothing is sent at all. */
function changeLimits(server: Server, team: StoredTeam, user: string, sent: JsonObject): void {
  const id = team.team_id;
  const { max_budget_in_team: most, ...others } = sent;
  const limits: JsonObject = { ...(most === undefined ? {} : { max_budget: most }), ...others };
  const set = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null));
  const membership = findMembership(server, id, user);
  const row = membership === undefined ? null : budgetOf(server, membership);
  switch (server.facts.memberLimits) {
    case 'once':
      if (most == null) return;
      if (row !== null) throw new Raised(null, 'the budget exists');
      setOwnBudget(server, id, user, set);
      return;
    case 'anew':
      if (Object.keys(set).length > 0) setOwnBudget(server, id, user, set);
      else if (membership !== undefined) setMembership(server, id, user, null);
      return;
    case 'erased':
      if (Object.keys(set).length > 0) changeOwn(server, team, user, set);
      else if (membership !== undefined) setMembership(server, id, user, null);
      return;
    case 'kept':
      if (Object.keys(limits).length > 0) changeOwn(server, team, user, limits);
  }
}

/** Changes the member's own row; who shares the team's gets one. */
function changeOwn(server: Server, team: StoredTeam, user: string, limits: JsonObject): void {
  const membership = findMembership(server, team.team_id, user);
  const row = membership === undefined ? null : budgetOf(server, membership);
  const shared = memberBudget(server, team);
  if (row === null || row === shared) {
    const { max_budget = null, tpm_limit = null, rpm_limit = null }: Row = row ?? {};
    const models = server.facts.memberLimits === 'kept' ? { model_max_budget: {} } : {};
    setOwnBudget(server, team.team_id, user, { max_budget, tpm_limit, rpm_limit, ...models, ...limits });
  } else {
    changeBudget(server, row.budget_id, limits);
  }
}

/** POST /team/member_delete: newer versions delete the member's keys of the team too. */
export function deleteMember({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const { facts, users } = server;
  const team = findTeam(server, body);
  const member = currentMembers(server, team).find((one) => isSame(server, one, namedBy(body)));
  if (member === undefined) throw raiseWrapped(400, 'User not found in team');
  const id = team.team_id;
  const user = member.user_id;
  team.members_with_roles = withoutMember(currentMembers(server, team), user);
  team.updated_at = server.now().toISOString();
  leave(server, id, user);
  const row = users.get(user);
  if (row !== undefined) row.teams = row.teams.filter((name) => name !== id);
  if (facts.memberKeys === 'deleted') {
    for (const key of keysOfTeam(server, id).filter(({ user_id }) => user_id === user)) {
      linger(server, key);
      archive(server, key, caller);
    }
  }
  return ok(teamView(server, team));
}

function findTeam(server: Server, body: JsonObject): StoredTeam {
  requireMember(server.facts, body, 'team_id');
  if (body.user_id == null && body.user_email == null) {
    const msg = 'Value error, Either user id or user email must be provided';
    throw refuseInvalid(server.facts, [{ type: 'value_error', loc: ['body'], msg, input: body, ctx: { error: {} } }]);
  }
  const id = textOf(body.team_id);
  const team = server.teams.get(id);
  if (team === undefined) throw raiseWrapped(400, `Team id=${id} does not exist in db`);
  return team;
}
