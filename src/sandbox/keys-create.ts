import { randomUUID } from 'node:crypto';
import { isObject } from '../base/json.ts';
import { type Reply, ok, Raised, raiseWrapped, refuse, refuseDetail, type Refused } from './answers.ts';
import { isAdmin, requireWriter } from './auth.ts';
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
  checkSecret,
  checkServiceAccount,
  metadataFields,
  objectPermission,
  softBudget,
} from './checks.ts';
import { createdAnswer, newRow } from './columns.ts';
import { type Fields, fieldsOf, readFields } from './fields.ts';
import { applyDefaults, enforceBounds } from './limits.ts';
import type { Call } from './call.ts';
import { ADMIN_USER, hashOf, mintSecret, type StoredKey, type Row, type Server } from './state.ts';
import { addDuration, nextBoundary } from './time.ts';

/** POST /key/generate, with the checks in LiteLLM's order. A secret that exists changes nothing, and is 200 too. */
export function createKey(call: Call): Reply {
  const { server, caller, body } = call;
  requireWriter(server, caller, call.route);
  const sent = readFields(server, body);
  checkBudget(server, sent);
  checkPeriod(server, sent);
  checkServiceAccount(server, sent);
  const fields = applyDefaults(server, ownedBy(call, sent));
  enforceBounds(server, fields);
  checkLicence(server, fields, server.facts.emptyLicenceCreate);
  checkAlias(server, fields.key_alias ?? null, null);
  const secret = typeof fields.key === 'string' ? checkSecret(server, fields.key) : mintSecret();
  const row = buildRow(call, fields, secret);
  const existing = server.keys.get(hashOf(secret));
  if (existing === undefined) server.keys.set(hashOf(secret), row);
  return ok(createdAnswer(server, secret, { ...row, created_at: (existing ?? row).created_at }));
}

/** POST /key/service-account/generate: a key of a team, without a user. */
export function createServiceAccount(call: Call): Reply {
  const { server, body } = call;
  const { team_id: team, key_alias: alias, metadata } = body;
  if (team == null) throw refuseTeam('is required for service account keys. Please specify `team_id`');
  if (typeof team !== 'string' || !server.teams.has(team)) {
    throw refuseTeam('does not exist in the database. Please specify a valid `team_id`');
  }
  const marked = { ...(isObject(metadata) ? metadata : {}), service_account_id: alias ?? randomUUID() };
  const kept = server.facts.marksServiceAccounts ? { metadata: marked } : {};
  return createKey({ ...call, body: { ...body, ...kept, user_id: null } });
}

function refuseTeam(text: string): Refused {
  return refuseDetail(400, `team_id ${text} in the request body.`);
}

/** A key of an internal user belongs to that user, who can name neither another nor, without permission, a team. */
function ownedBy({ server, caller }: Call, fields: Fields): Fields {
  if (isAdmin(caller)) return fields;
  const { facts } = server;
  const { user_id: user, team_id: team } = fields;
  if (user != null && user !== caller.userId) {
    throw new Raised(403, `User can only create keys for themselves. Got user_id=${user}, Your ID=${caller.userId}`);
  }
  if (team == null) return facts.memberOwnsKeys ? { ...fields, user_id: caller.userId } : fields;
  if (facts.teamKeys === 'own') {
    throw new Raised(403, `User can only create keys for their own team. Got=${team}, Your Team ID=None`);
  }
  throw refuse(
    401,
    'team_member_permission_error',
    'Team member does not have permissions for endpoint: KeyManagementRoutes.KEY_GENERATE. You only have access to the ' +
      `following endpoints: [${facts.teamKeys}] for team ${team}. To create keys for this team, please ask your proxy ` +
      'admin to check the team member permission settings and update the settings to allow team member users to create keys.',
    '/key/generate',
  );
}

const KEY_TYPE_ROUTES: Readonly<Record<string, readonly string[]>> = {
  llm_api: ['llm_api_routes'],
  management: ['management_routes'],
  read_only: ['info_routes'],
};

function buildRow({ server, caller }: Call, fields: Fields, secret: string): StoredKey {
  checkUnbuildable(server, fields);
  const now = server.now().toISOString();
  const row = { ...newRow(server.version, secret, now), ...sentColumns(server, fields) };
  const author = caller.userId ?? ADMIN_USER;
  return Object.assign(row, rights(server, fields), createTimes(server, fields), budgetOf(server, fields), {
    metadata: hideCallbacks(server.facts, { ...row.metadata, ...metadataFields(server, fields) }),
    created_by: author,
    updated_by: author,
    ...('total_spend' in row ? { total_spend: row.spend } : {}),
  });
}

function sentColumns(server: Server, fields: Fields): Row {
  const columns: Row = {};
  for (const name of fieldsOf(server.version, 'column')) {
    const value = fields[name];
    if (value != null) columns[name] = name === 'budget_limits' ? budgetLimits(server, value) : value;
  }
  return columns;
}

function checkUnbuildable(server: Server, fields: Fields): void {
  if (fields.enforced_params != null && server.facts.enforcedParams === 'broken') {
    throw new Raised(null, "generate_key_helper_fn() got an unexpected keyword argument 'enforced_params'");
  }
  checkOrganization(fields);
  if (fields.project_id != null) throw raiseWrapped(404, `Project not found, project_id=${fields.project_id}`);
  checkModelBudget(server, fields);
}

function rights({ facts, now }: Server, fields: Fields): Row {
  const { key_type: type, auto_rotate: rotates, rotation_interval: interval } = fields;
  const routes = KEY_TYPE_ROUTES[type ?? 'default'];
  return {
    ...(routes === undefined ? {} : { allowed_routes: routes }),
    ...(type != null && facts.keepsKeyType ? { key_type: type } : {}),
    ...objectPermission(fields),
    ...(rotates === true && interval != null
      ? {
          auto_rotate: true,
          rotation_interval: interval,
          key_rotation_at: addDuration(facts, now(), interval).toISOString(),
        }
      : {}),
  };
}

/** An unknown `budget_id` breaks a foreign key. */
function budgetOf(server: Server, fields: Fields): Row {
  const { soft_budget: soft, budget_id: id } = fields;
  if (soft == null && id != null && !server.budgets.has(id)) throw raiseWrapped(500, 'Internal Server Error.');
  return softBudget(server, fields);
}

function createTimes(server: Server, { duration, budget_duration: period }: Fields): Row {
  const { facts } = server;
  const expiry = facts.createDuration === 'calendar' ? nextBoundary : addDuration;
  return {
    ...(typeof duration === 'string' ? { expires: expiry(facts, server.now(), duration).toISOString() } : {}),
    ...(typeof period === 'string' ? { budget_duration: period, budget_reset_at: budgetReset(server, period) } : {}),
  };
}
