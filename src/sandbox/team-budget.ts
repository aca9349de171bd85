import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject } from '../base/json.ts';
import { addBudget, changeBudget } from './budgets.ts';
import { findMembership, setMembership } from './memberships.ts';
import { budgetOf, type Row, type Server, type StoredBudget, type StoredTeam } from './state.ts';
import { metadataOf } from './team-fields.ts';
import { texts } from './fields.ts';

/** The budget that a team gives its members: a row of its own, which the team's metadata names. */

const LINK = 'team_member_budget_id';

const LIMITS = [
  ['team_member_budget', 'max_budget'],
  ['team_member_rpm_limit', 'rpm_limit'],
  ['team_member_tpm_limit', 'tpm_limit'],
  ['team_member_budget_duration', 'budget_duration'],
] as const;

/** What a request says of that budget; some versions take null for a missing member. */
function limitsOf({ facts }: Server, fields: JsonObject): JsonObject {
  return Object.fromEntries(
    LIMITS.flatMap(([name, column]) => {
      const value = fields[name];
      return value === undefined || (value === null && !facts.clearsMemberBudget) ? [] : [[column, value]];
    }),
  );
}

export function memberBudget({ budgets }: Server, { metadata }: Row): StoredBudget | null {
  const id = isObject(metadata) ? metadata[LINK] : undefined;
  return (typeof id === 'string' ? budgets.get(id) : null) ?? null;
}

/** The id of the budget that a new member gets from the team: the team's row, or a copy of it. */
export function defaultBudget(server: Server, team: StoredTeam): string | null {
  const { facts } = server;
  const shared = memberBudget(server, team);
  const models = texts(team.default_team_member_models);
  if (shared === null && models.length === 0) return null;
  if (shared !== null && facts.memberBudget === 'shared' && models.length === 0) return shared.budget_id;
  const { max_budget = null, tpm_limit = null, rpm_limit = null, budget_duration = null }: Row = shared ?? {};
  const window = budget_duration === null ? {} : { budget_duration };
  const copy = addBudget(server, { max_budget, tpm_limit, rpm_limit, ...window, allowed_models: models });
  return copy.budget_id;
}

/** A new team's metadata, after its budget for members was made. */
export function firstMetadata(server: Server, team: StoredTeam, fields: JsonObject): Row {
  const metadata = { ...(isObject(fields.metadata) ? fields.metadata : {}), ...metadataOf(fields) };
  const limits = limitsOf(server, fields);
  return Object.keys(limits).length === 0 ? metadata : { ...metadata, [LINK]: makeBudget(server, team, limits) };
}

function makeBudget(server: Server, { team_alias: alias, team_id: id }: StoredTeam, limits: JsonObject): string {
  const budget_id = `team-${alias ?? id}-budget-${randomBytes(16).toString('hex')}`;
  addBudget(server, { ...limits, budget_id });
  return budget_id;
}

/**
 * A team's metadata after an update. Setting the members' budget, or what else lives in there, erases the rest on some
 * versions unless the request sends it too; and metadata without the link loses the budget on some.
 */
export function nextMetadata(server: Server, team: StoredTeam, fields: JsonObject): Row['metadata'] {
  const { facts } = server;
  const limits = limitsOf(server, fields);
  const own = metadataOf(fields);
  const setsBudget = Object.keys(limits).length > 0;
  const erases = (setsBudget && facts.memberBudgetErases) || (Object.keys(own).length > 0 && facts.teamRatesErase);
  const { metadata: sent = erases ? {} : team.metadata } = fields;
  if (setsBudget) return { ...(isObject(sent) ? sent : {}), ...own, [LINK]: setBudget(server, team, limits) };
  if (!isObject(sent)) return sent ?? null;
  return { ...linked(server, team, sent, fields.metadata !== undefined), ...own };
}

function linked({ facts }: Server, { metadata }: Row, sent: JsonObject, replaces: boolean): Row {
  if (!replaces || facts.memberLink === 'sent') return { ...sent };
  const { [LINK]: _sent, ...rest } = sent;
  const before = isObject(metadata) ? metadata[LINK] : undefined;
  return facts.memberLink === 'lost' || before === undefined ? rest : { ...rest, [LINK]: before };
}

function setBudget(server: Server, team: StoredTeam, limits: JsonObject): string {
  const before = memberBudget(server, team);
  const id = before?.budget_id ?? makeBudget(server, team, limits);
  if (before !== null) changeBudget(server, id, limits);
  if (!server.facts.memberBudgetReaches) return id;
  for (const { user_id: user } of team.members_with_roles) {
    const row = findMembership(server, team.team_id, user);
    if (row === undefined || budgetOf(server, row) === null) {
      setMembership(server, team.team_id, user, id);
    }
  }
  return id;
}
