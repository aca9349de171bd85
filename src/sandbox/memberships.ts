import type { JsonObject } from '../base/json.ts';
import { addBudget } from './budgets.ts';
import { type Columns, columnsOf, printTimes, viewOf } from './columns.ts';
import { budgetOf, type Membership, type Row, type Server } from './state.ts';

/** What the members of teams may spend: rows beside `members_with_roles`, which need not agree with it. */

const MEMBERSHIP: Columns = {
  '1.65.8': 'user_id team_id budget_id litellm_budget_table',
  '1.77.7': 'spend=0',
  '1.83.14': 'total_spend=0',
};

const BUDGET: Columns = {
  '1.65.8': 'soft_budget max_budget max_parallel_requests tpm_limit rpm_limit model_max_budget budget_duration',
  '1.77.7': 'budget_id',
  '1.83.14': 'allowed_models budget_reset_at created_at',
  '1.108.7': 'tpd_limit temp_budget_increase temp_budget_expiry',
};

function idOf(team: string, user: string): string {
  return JSON.stringify([team, user]);
}

/** A budget as memberships and teams show it. */
export function budgetView({ version }: Server, budget: Row | null): Row | null {
  return budget === null ? null : printTimes(viewOf(version, BUDGET, budget), 'Z');
}

export function findMembership({ memberships }: Server, team: string, user: string): Membership | undefined {
  return memberships.get(idOf(team, user));
}

function view(server: Server, row: Row): Row {
  const budget = budgetView(server, budgetOf(server, row));
  return { ...viewOf(server.version, MEMBERSHIP, row), litellm_budget_table: budget };
}

/** A member's row with its budget, or null. */
export function membershipOf(server: Server, team: string, user: string): Row | null {
  const row = findMembership(server, team, user);
  return row === undefined ? null : view(server, row);
}

/** All rows of a team, in the order of their last change. */
export function membershipsOf(server: Server, team: string): Row[] {
  return [...server.memberships.values()].filter((row) => row.team_id === team).map((row) => view(server, row));
}

/** Names a member's budget, in a new row where there is none; a row that changes comes last. */
export function setMembership(server: Server, team: string, user: string, budget: string | null): void {
  const id = idOf(team, user);
  const row = server.memberships.get(id) ?? columnsOf(server.version, MEMBERSHIP);
  server.memberships.delete(id);
  server.memberships.set(id, { ...row, team_id: team, user_id: user, budget_id: budget });
}

/** Gives a member limits of its own. */
export function setOwnBudget(server: Server, team: string, user: string, limits: JsonObject): void {
  setMembership(server, team, user, addBudget(server, limits).budget_id);
}

export function leave({ memberships }: Server, team: string, user: string): void {
  memberships.delete(idOf(team, user));
}

/** Takes the rows of a whole team away. */
export function leaveAll({ memberships }: Server, team: string): void {
  for (const [id, row] of memberships) if (row.team_id === team) memberships.delete(id);
}
