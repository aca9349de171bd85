import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { type Reply, ok, Raised, refuseInvalid } from './answers.ts';
import { requireWriter } from './auth.ts';
import type { Call } from './call.ts';
import { checkModelBudget, checkPeriod } from './checks.ts';
import { printTimes } from './columns.ts';
import { convertFields } from './convert.ts';
import type { Row, Server, StoredUser } from './state.ts';
import { addUser, USER_FIELDS, userFields, userOfEmail, userWindow } from './users.ts';

/** POST /user/update: an unknown id becomes a new user, and little can be cleared. */
export function updateUser({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const fields = convertFields(server, USER_FIELDS, body);
  checkPeriod(server, fields);
  checkModelBudget(server, fields);
  const row = findUser(server, fields, body);
  const changes = changesOf(server, row, fields);
  Object.assign(row, changes, { updated_at: server.now().toISOString() });
  return ok({ user_id: row.user_id, data: printTimes(row, 'Z') });
}

function findUser(server: Server, { user_id: id, user_email: email }: JsonObject, body: JsonObject): StoredUser {
  if (typeof id === 'string') return server.users.get(id) ?? addUser(server, id, {});
  if (typeof email !== 'string') {
    const msg = 'Value error, Either user id or user email must be provided';
    throw refuseInvalid(server.facts, [{ type: 'value_error', loc: ['body'], msg, input: body, ctx: { error: {} } }]);
  }
  const row = userOfEmail(server, email);
  if (server.facts.updateByEmail === 'renames') {
    const renamed = { ...(row ?? addUser(server, randomUUID(), { user_email: email })), user_id: randomUUID() };
    if (row !== undefined) server.users.delete(row.user_id);
    server.users.set(renamed.user_id, renamed);
    return renamed;
  }
  if (row === undefined) throw new Raised(null, "'LiteLLM_UserTable' object has no attribute 'get'");
  return row;
}

/** Empty lists and objects count as missing on every version, null and 0 on some, for some fields. */
function changesOf(server: Server, row: Row, fields: JsonObject): Row {
  const { facts } = server;
  const cleared = (facts.userClears as readonly string[]).filter((name) => fields[name] === null);
  const set = Object.entries({ ...userFields(fields, 'column'), ...userWindow(server, fields) }).filter(
    ([name, value]) => !isNothing(value) && (value !== 0 || facts.userZero === 'set') && isChangeable(server, name),
  );
  const changes: Row = Object.fromEntries([...cleared.map((name) => [name, null]), ...set]);
  if (cleared.includes('budget_duration')) changes.budget_reset_at = null;
  const own = userFields(fields, 'metadata');
  const base = changes.metadata ?? row.metadata;
  return { ...changes, metadata: { ...(isObject(base) ? base : {}), ...own } };
}

function isNothing(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isChangeable({ facts }: Server, name: string): boolean {
  return name !== 'user_alias' || facts.userAlias === 'changeable';
}
