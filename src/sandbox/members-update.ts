import type { Json, JsonObject } from '../base/json.ts';
import { type Reply, licenceText, ok, Raised, raiseWrapped, refuseDetail } from './answers.ts';
import { requireWriter } from './auth.ts';
import { changeBudget } from './budgets.ts';
import type { Call } from './call.ts';
import { convertFields, fieldsIn, type FieldTable } from './convert.ts';
import { textOf } from './fields.ts';
import { currentMembers, isSame, namedBy, teamOfMember } from './members.ts';
import { findMembership, setMembership, setOwnBudget } from './memberships.ts';
import { budgetOf, type Row, type Server, type StoredTeam } from './state.ts';
import { memberBudget } from './team-budget.ts';

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
  const team = teamOfMember(server, body);
  const sent = convertFields(server, LIMITS, body);
  const member = currentMembers(server, team).find((one) => isSame(server, one, namedBy(body)));
  const user = member?.user_id ?? textOf(body.user_id);
  if (user === '') throw raiseWrapped(400, `User id doesn't exist in team table. Data=${textOf(body.user_email)}`);
  const role = textOf(body.role);
  if (role === 'admin' && facts.promotesMembers === 'refused') {
    const licence = licenceText({ ...facts, licenceTrial: 'https://www.litellm.ai/#trial' }).replace(' \n', ' ');
    throw refuseDetail(400, `Assigning team admins is a premium feature. ${licence}`);
  }
  changeLimits(server, team, user, sent);
  if (role !== '' && member !== undefined) {
    team.members_with_roles = currentMembers(server, team).map((one) => (one === member ? { ...one, role } : one));
  }
  const told = fieldsIn(server.version, LIMITS).map(([name]): [string, Json] => [name, sent[name] ?? null]);
  const { user_email: email = null } = body;
  return ok({ user_id: user, user_email: email, team_id: team.team_id, ...Object.fromEntries(told) });
}

/** What is not sent is kept on the newest versions; before, it is erased with the row, or when nothing is sent at all. */
function changeLimits(server: Server, team: StoredTeam, user: string, sent: JsonObject): void {
  const id = team.team_id;
  const { max_budget_in_team: most, ...others } = sent;
  const limits: JsonObject = { ...(most === undefined ? {} : { max_budget: most }), ...others };
  const set = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null));
  const membership = findMembership(server, id, user);
  const row = membership === undefined ? null : budgetOf(server, membership);
  const { memberLimits } = server.facts;
  if (memberLimits === 'once') {
    if (most == null) return;
    if (row !== null) throw new Raised(null, 'Unique constraint failed');
    setOwnBudget(server, id, user, set);
  } else if (memberLimits === 'kept') {
    if (Object.keys(limits).length > 0) changeOwn(server, team, user, limits);
  } else if (Object.keys(set).length === 0) {
    if (membership !== undefined) setMembership(server, id, user, null);
  } else if (memberLimits === 'anew') {
    setOwnBudget(server, id, user, set);
  } else {
    changeOwn(server, team, user, set);
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
