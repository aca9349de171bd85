import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../base/json.ts';
import { believeBudget } from './beliefs.ts';
import { type Columns, columnsOf } from './columns.ts';
import { ADMIN_USER, type Server, type StoredBudget } from './state.ts';
import { addDuration, nextBoundary } from './time.ts';

/** The rows that say how much a key, a member or whoever else names one may spend. */

const BUDGET: Columns = {
  '1.65.8': `
    budget_id max_budget soft_budget max_parallel_requests tpm_limit rpm_limit model_max_budget budget_duration
    budget_reset_at created_at created_by updated_at updated_by organization keys end_users team_membership
    organization_membership`,
  '1.83.14': 'allowed_models=[] projects tags',
  '1.108.7': 'tpd_limit temp_budget_increase temp_budget_expiry model_access_groups',
};

/** A new row, under a random id where the fields name none. */
export function addBudget(server: Server, fields: JsonObject): StoredBudget {
  const { budget_id: named } = fields;
  const id = typeof named === 'string' ? named : randomUUID();
  const now = server.now().toISOString();
  const row: StoredBudget = {
    ...columnsOf(server.version, BUDGET),
    max_budget: null,
    ...withWindow(server, fields),
    budget_id: id,
    created_at: now,
    created_by: ADMIN_USER,
    updated_at: now,
    updated_by: ADMIN_USER,
  };
  server.budgets.set(id, row);
  return row;
}

/** Changes a row in place, which then comes last in the table; null where there is none. */
export function changeBudget(server: Server, id: string, fields: JsonObject): StoredBudget | null {
  const row = server.budgets.get(id);
  if (row === undefined) return null;
  believeBudget(server, id, row);
  const { facts } = server;
  Object.assign(row, facts.budgetRearms ? withWindow(server, fields) : fields, {
    updated_at: server.now().toISOString(),
  });
  server.budgets.delete(id);
  server.budgets.set(id, row);
  return row;
}

/** A row that goes leaves its keys and members without any limit. */
export function dropBudget(server: Server, id: string): StoredBudget | null {
  const row = server.budgets.get(id) ?? null;
  if (row === null) return null;
  believeBudget(server, id, row);
  server.budgets.delete(id);
  for (const owner of [...server.keys.values(), ...server.memberships.values()]) {
    if (owner.budget_id === id) owner.budget_id = null;
  }
  return row;
}

/** A duration says when the budget begins anew, unless the request does. */
function withWindow(server: Server, fields: JsonObject): JsonObject {
  const { budget_duration: period, budget_reset_at: reset } = fields;
  const { facts, now } = server;
  if (typeof reset === 'string') return { ...fields, budget_reset_at: new Date(reset).toISOString() };
  if (period === undefined || facts.budgetWindow === 'none') return fields;
  if (typeof period !== 'string') return { ...fields, budget_reset_at: null };
  const next = facts.budgetWindow === 'calendar' ? nextBoundary : addDuration;
  return { ...fields, budget_reset_at: next(facts, now(), period).toISOString() };
}
