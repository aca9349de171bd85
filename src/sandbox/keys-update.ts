import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import { type Reply, ok, Raised, raiseWrapped, refuse, refuseAuth, refuseInvalid } from './answers.ts';
import { isAdmin, requireWriter } from './auth.ts';
import { tell } from './beliefs.ts';
import { hideCallbacks } from './callbacks.ts';
import {
  budgetLimits,
  budgetReset,
  checkAlias,
  checkBudget,
  checkLicence,
  checkModelBudget,
  checkOrganization,
  checkPeriod,
  metadataFields,
  objectPermission,
  softBudget,
} from './checks.ts';
import { printTimes } from './columns.ts';
import { type Fields, fieldsOf, readFields, requireMember } from './fields.ts';
import { enforceBounds } from './limits.ts';
import type { Call } from './call.ts';
import { ADMIN_USER, hashOfEither, keysOfAlias, type StoredKey, type Row, type Server } from './state.ts';
import { addDuration } from './time.ts';

/** POST /key/update: the changed row, flat. */
export function updateKey(call: Call): Reply {
  requireWriter(call.server, call.caller, call.route);
  const sent = readUpdate(call);
  const row = findRow(call.server, sent);
  changeRow(call, row, sent);
  const untold = 'object_permission' in row && !call.server.facts.permissionInUpdate ? { object_permission: null } : {};
  return ok({ key: sent.key ?? row.token, ...printTimes(row, '+00:00'), ...untold });
}

function readUpdate({ server, body }: Call): Fields {
  const { facts } = server;
  if (facts.updateByAlias && body.key == null && body.key_alias == null) {
    const msg = 'Value error, either key or key_alias must be provided';
    throw refuseInvalid(facts, [{ type: 'value_error', loc: ['body'], msg, input: body }]);
  }
  if (!facts.updateByAlias) requireMember(facts, body, 'key');
  if (!facts.updateByAlias && body.key === null) {
    const msg = 'Input should be a valid string';
    throw refuseInvalid(facts, [{ type: 'string_type', loc: ['body', 'key'], msg, input: null }]);
  }
  if ((body.temp_budget_increase == null) !== (body.temp_budget_expiry == null)) {
    const msg = 'Value error, temp_budget_increase and temp_budget_expiry must be set together';
    throw refuseInvalid(facts, [{ type: 'value_error', loc: ['body'], msg, input: body, ctx: { error: {} } }]);
  }
  const emptied = body.max_budget === '' && facts.emptyBudgetIsNull;
  return readFields(server, emptied ? { ...body, max_budget: null } : body);
}

/** The row that an update names by its key, or by its alias alone where the version knows that. */
export function findRow(server: Server, { key, key_alias: alias }: Fields): StoredKey {
  const row = key == null ? keysOfAlias(server, alias ?? '')[0] : server.keys.get(hashOfEither(key));
  if (row !== undefined) return row;
  if (key == null) {
    throw refuse(404, 'not_found_error', `Key not found. No key with key_alias='${alias}'.`, 'key_alias');
  }
  if (server.facts.unknownKeyOnUpdate === 404) throw refuse(404, 'not_found_error', 'Key not found.', 'key');
  const reason = 'invalid user key - user key does not exist in db.';
  throw refuseAuth(`Authentication Error: ${reason} User Key=${key}`);
}

/** Changes the row, or raises and leaves it as it is. */
export function changeRow({ server, caller }: Call, row: StoredKey, sent: Fields): void {
  const { facts } = server;
  if (facts.foreignUpdates === 'refused' && !isAdmin(caller) && row.user_id !== caller.userId) {
    throw raiseWrapped(403, 'You are not authorized to update this key');
  }
  checkBudget(server, sent);
  checkPeriod(server, sent);
  checkTeam(server, sent);
  checkOrganization(sent);
  if (sent.project_id != null && facts.projectUpdate === 'refused') {
    throw new Raised(400, 'Project reassignment is not supported. Use null to detach the key.');
  }
  enforceBounds(server, sent);
  if (sent.key != null) checkAlias(server, sent.key_alias ?? null, row.token);
  if (facts.licenceUpdate !== 'kept') checkLicence(server, sent, facts.licenceUpdate === 'empty' ? 'kept' : 'refused');
  checkModelBudget(server, sent);
  const changes = {
    ...columnChanges(server, sent),
    ...timeChanges(server, sent),
    ...objectPermission(sent, row.object_permission),
    ...(facts.softBudgetUpdate ? softBudget(server, sent, row.budget_id) : {}),
    ...sentAsIs(sent, ['auto_rotate', 'rotation_interval']),
    metadata: newMetadata(server, row, sent),
  };
  const now = server.now().toISOString();
  tell(server, 'budget', row.token);
  Object.assign(row, changes, { updated_at: now, updated_by: caller.userId ?? ADMIN_USER });
  if ('settings_updated_at' in row) row.settings_updated_at = now;
}

function checkTeam({ facts, teams }: Server, { team_id: team }: Fields): void {
  if (team == null || facts.unknownTeamOnUpdate === null || teams.has(team)) return;
  const text = `Team doesn't exist in db. Team=${team}. Create team via \`/team/new\` call.`;
  throw facts.unknownTeamOnUpdate === 404 ? raiseWrapped(404, text) : new Raised(null, text);
}

/** Columns that the database does not let become null: `[]` or `0` clears them. */
const REQUIRED = new Set(['models', 'spend', 'allowed_routes', 'allowed_cache_controls', 'access_group_ids']);

function columnChanges(server: Server, sent: Fields): Row {
  const changes: Row = {};
  for (const name of fieldsOf(server.version, 'column')) {
    const value = sent[name];
    if (value === undefined || name === 'metadata' || name === 'project_id') continue;
    if (value === null && REQUIRED.has(name)) throw missingValue(name);
    changes[name] = name === 'budget_limits' ? budgetLimits(server, value) : value;
  }
  const { budget_id: budget } = sent;
  if (budget != null && !server.budgets.has(budget)) {
    const constraint = 'LiteLLM_VerificationToken_budget_id_fkey';
    throw new Raised(null, `Foreign key constraint violated on the constraint: \`${constraint}\``);
  }
  return changes;
}

/** What Prisma says, at its usual length. */
export function missingValue(name: string): Raised {
  const unmatched = 'Unable to match input value to any allowed input type for the field.';
  const missing = `\`data.${name}\`: A value is required but not set`;
  const once = `${unmatched} Parse errors: [${missing}, ${missing}]`;
  return new Raised(null, `${unmatched} Parse errors: [${once}, ${once}]`);
}

/** What `duration` and `budget_duration` mean for an update: exact on every version; only newer ones can clear. */
function timeChanges(server: Server, { duration, budget_duration: period }: Fields): Row {
  const { facts } = server;
  const changes: Row = {};
  if (facts.clearExpiry && (duration === null || duration === '-1')) changes.expires = null;
  else if (typeof duration === 'string' && duration !== '') {
    changes.expires = addDuration(facts, server.now(), duration).toISOString();
  }
  if (facts.clearBudgetDuration && period === null)
    Object.assign(changes, { budget_duration: null, budget_reset_at: null });
  else if (typeof period === 'string' && period !== '') {
    Object.assign(changes, { budget_duration: period, budget_reset_at: budgetReset(server, period) });
  }
  return changes;
}

/** `metadata` is replaced as a whole when it is sent, else kept; fields that live in it are added to either. */
function newMetadata(server: Server, row: StoredKey, sent: Fields): Json {
  const base = sent.metadata === undefined ? row.metadata : sent.metadata;
  const temporary = sentAsIs(sent, ['temp_budget_increase', 'temp_budget_expiry']);
  if (!isObject(base)) return null;
  return hideCallbacks(server.facts, { ...base, ...metadataFields(server, sent), ...temporary });
}

function sentAsIs(sent: Fields, names: readonly (keyof Fields)[]): Row {
  return Object.fromEntries(names.flatMap((name) => (sent[name] === undefined ? [] : [[name, sent[name]]])));
}
