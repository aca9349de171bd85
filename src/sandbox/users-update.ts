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

/** POST /user/update: an unknown id or e-mail becomes a new user, the e-mail with an error, and little can be cleared. */
export function updateUser({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const fields = convertFields(server, USER_FIELDS, body);
  checkPeriod(server, fields);
  checkModelBudget(server, fields);
  if (fields.user_id == null && server.facts.updateByEmail === 'renames') return rename(server, fields, body);
  const row = change(server, findUser(server, fields, body), fields);
  return ok({ user_id: row.user_id, data: printTimes(row, 'Z') });
}

function change(server: Server, row: StoredUser, fields: JsonObject): StoredUser {
  return Object.assign(row, changesOf(server, row, fields), { updated_at: server.now().toISOString() });
}

/** The oldest version gives whom it finds by e-mail a new id, and makes who is not there. */
function rename(server: Server, fields: JsonObject, body: JsonObject): Reply {
  const email = requireEmail(server, fields, body);
  const known = userOfEmail(server, email);
  const id = randomUUID();
  const row = change(server, known ?? addUser(server, id, { user_email: email }), fields);
  if (known === undefined) return ok(printTimes(row, 'Z'));
  server.users.delete(known.user_id);
  server.users.set(id, { ...row, user_id: id });
  return ok({ user_id: known.user_id, data: printTimes({ ...row, user_id: id }, 'Z') });
}

function findUser(server: Server, fields: JsonObject, body: JsonObject): StoredUser {
  const { user_id: id } = fields;
  if (typeof id === 'string') return server.users.get(id) ?? addUser(server, id, {});
  const row = userOfEmail(server, requireEmail(server, fields, body));
  if (row !== undefined) return row;
  change(server, addUser(server, randomUUID(), {}), fields);
  throw new Raised(null, "'LiteLLM_UserTable' object has no attribute 'get'");
}

function requireEmail({ facts }: Server, { user_email: email }: JsonObject, body: JsonObject): string {
  if (typeof email === 'string') return email;
  const msg = 'Value error, Either user id or user email must be provided';
  throw refuseInvalid(facts, [{ type: 'value_error', loc: ['body'], msg, input: body, ctx: { error: {} } }]);
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
