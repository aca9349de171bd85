import { isObject, type JsonObject } from '../base/json.ts';
import { type Columns, columnsOf, viewOf } from './columns.ts';
import type { FieldTable } from './convert.ts';
import type { Row, Server, StoredKey, StoredUser } from './state.ts';
import { budgetReset } from './checks.ts';

/** The rows of users, as `/user/info` and `/user/update` show them. */
const USER: Columns = {
  '1.65.8': `
    user_id user_alias team_id sso_user_id organization_id teams=[] user_role max_budget spend=0 user_email models=[]
    metadata={} max_parallel_requests tpm_limit rpm_limit budget_duration budget_reset_at allowed_cache_controls=[]
    model_spend={} model_max_budget={} created_at updated_at litellm_organization_table organization_memberships
    invitations_created invitations_updated invitations_user`,
  '1.77.7': 'object_permission_id object_permission',
  '1.83.14': 'policies=[]',
  '1.108.7': 'verified_subjects password_reset_required last_breach_check_at',
};

/** What lists and the answers of a team's routes show of a user. */
const SHORT: Columns = {
  '1.65.8': `
    user_id max_budget spend model_max_budget model_spend user_email user_alias models tpm_limit rpm_limit user_role
    organization_memberships teams sso_user_id budget_duration budget_reset_at metadata`,
  '1.77.7': 'created_at updated_at object_permission',
  '1.108.7': `
    team_id organization_id object_permission_id password_reset_required last_breach_check_at max_parallel_requests
    allowed_cache_controls policies`,
};

/** The fields of a user's requests. Those in `metadata` need no licence here, unlike a key's. */
export const USER_FIELDS = {
  user_id: ['text', '1.65.8', 'column'],
  user_email: ['text', '1.65.8', 'column'],
  user_alias: ['text', '1.65.8', 'column'],
  user_role: ['userRole', '1.65.8', 'column'],
  max_budget: ['number', '1.65.8', 'column'],
  spend: ['number', '1.65.8', 'column'],
  budget_duration: ['text', '1.65.8', 'column'],
  models: ['list', '1.65.8', 'column'],
  tpm_limit: ['integer', '1.65.8', 'column'],
  rpm_limit: ['integer', '1.65.8', 'column'],
  max_parallel_requests: ['integer', '1.65.8', 'column'],
  metadata: ['object', '1.65.8', 'column'],
  team_id: ['text', '1.65.8', 'column'],
  allowed_cache_controls: ['list', '1.65.8', 'column'],
  sso_user_id: ['text', '1.77.7', 'column'],
  teams: ['list', '1.65.8', 'special'],
  model_max_budget: ['object', '1.65.8', 'special'],
  model_rpm_limit: ['object', '1.65.8', 'metadata'],
  model_tpm_limit: ['object', '1.65.8', 'metadata'],
  guardrails: ['texts', '1.65.8', 'metadata'],
  prompts: ['texts', '1.77.7', 'metadata'],
  policies: ['texts', '1.83.14', 'metadata'],
} as const satisfies FieldTable;

/** Those of the fields that go to `home`, where they are not null. */
export function userFields(fields: JsonObject, home: 'column' | 'metadata'): Row {
  const names = Object.entries(USER_FIELDS).flatMap(([name, [, , goes]]) => (goes === home ? [name] : []));
  return Object.fromEntries(names.flatMap((name) => (fields[name] == null ? [] : [[name, fields[name]]])));
}

function newUser({ version }: Server): StoredUser {
  // oxlint-disable-next-line no-unsafe-type-assertion -- these columns have values of these types
  return columnsOf(version, USER) as StoredUser;
}

/** Puts a new user into the table. */
export function addUser(server: Server, id: string, fields: JsonObject): StoredUser {
  const now = server.now().toISOString();
  const { metadata } = userFields(fields, 'column');
  const row = {
    ...newUser(server),
    ...userFields(fields, 'column'),
    ...userWindow(server, fields),
    metadata: { ...(isObject(metadata) ? metadata : {}), ...userFields(fields, 'metadata') },
    user_id: id,
    created_at: now,
    updated_at: now,
    ...(server.facts.showsPassword ? { password: null } : {}),
  };
  server.users.set(id, row);
  return row;
}

/** A budget's duration says when it begins anew. */
export function userWindow(server: Server, { budget_duration: period }: JsonObject): Row {
  return typeof period === 'string' ? { budget_duration: period, budget_reset_at: budgetReset(server, period) } : {};
}

export function shortUser({ version }: Server, user: Row): Row {
  return viewOf(version, SHORT, user);
}

export function userOfEmail({ facts, users }: Server, email: string): StoredUser | undefined {
  const fold = (text: string): string => (facts.emailCase === 'exact' ? text : text.toLowerCase());
  return [...users.values()].find((user) => user.user_email !== null && fold(user.user_email) === fold(email));
}

export function keysOfUser(server: Server, id: string): StoredKey[] {
  return [...server.keys.values()].filter((row) => row.user_id === id);
}
