import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { Raised } from './answers.ts';
import { type Columns, columnsOf, viewOf } from './columns.ts';
import { ADMIN_USER, type Row, type Server } from './state.ts';

/** A team's aliases of models and its permissions, which are rows of other tables and shown whole by few routes. */

/** `id` and `team` came with 1.77.7. */
const ALIASES: Columns = { '1.65.8': 'model_aliases created_by updated_by', '1.77.7': 'id team' };

const PERMISSION: Columns = {
  '1.77.7': 'object_permission_id mcp_servers=[] mcp_access_groups=[] vector_stores=[]',
  '1.83.14': 'mcp_tool_permissions agents=[] agent_access_groups=[] mcp_toolsets=[] blocked_tools=[]',
  '1.108.7': 'models=[] search_tools=[] mcp_tool_search_enabled skills=[]',
};

/** Who else may name a permission: the database's own view of it has them too. */
const OWNERS: Columns = {
  '1.108.7': 'teams projects verification_tokens organizations users end_users agents_table',
};

/** What a request makes of both. Permissions are merged into those that are there; null cannot clear them. */
export function extrasOf(server: Server, team: Row, { model_aliases, object_permission }: JsonObject): Row {
  if (object_permission === null && server.facts.nullPermission === 'refused') throw noPermission();
  return {
    ...(isObject(model_aliases) ? aliasesOf(server, team, model_aliases) : {}),
    ...(isObject(object_permission) ? permissionOf(server, team, object_permission) : {}),
  };
}

function aliasesOf({ teams, now }: Server, { litellm_model_table: before }: Row, models: JsonObject): Row {
  const time = now().toISOString().replace('Z', '000Z');
  const first = { id: teams.size + 1, created_at: time, created_by: ADMIN_USER, team: null };
  const old = isObject(before) ? before : first;
  const table = { ...old, model_aliases: models, updated_at: time, updated_by: ADMIN_USER };
  return { model_id: old.id ?? null, litellm_model_table: table };
}

function permissionOf({ version }: Server, { object_permission: before }: Row, sent: JsonObject): Row {
  const old = isObject(before) ? before : { ...columnsOf(version, PERMISSION), object_permission_id: randomUUID() };
  return { object_permission_id: old.object_permission_id ?? null, object_permission: { ...old, ...sent } };
}

function noPermission(): Raised {
  const name = 'object_permission';
  return new Raised(
    null,
    'Unable to match input value to any allowed input type for the field. ' +
      `Parse errors: [\`data.${name}\`: A value is required but not set, ` +
      `\`updateOneLiteLLM_TeamTable.data.${name}\`: Field does not exist in enclosing type.]`,
  );
}

/** The aliases as a create's answer shows them, and on the newest versions every route. */
export function aliasesView({ version }: Server, { litellm_model_table: table }: Row): Json {
  return isObject(table) ? viewOf(version, ALIASES, { ...table }) : null;
}

/** The permissions as `/team/info` shows them, whatever the other routes say. */
export function permissionView({ version }: Server, { object_permission: permission }: Row): Json {
  return isObject(permission) ? viewOf(version, PERMISSION, { ...permission }) : null;
}

/** The permissions as they lie in the database. */
export function storedPermission({ version, facts }: Server, { object_permission: permission }: Row): Json {
  if (!isObject(permission) || !facts.storedPermission) return null;
  return { ...columnsOf(version, OWNERS), ...permission };
}
