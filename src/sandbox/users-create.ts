import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '../base/json.ts';
import { type Reply, ok, raiseWrapped } from './answers.ts';
import { requireWriter } from './auth.ts';
import type { Call } from './call.ts';
import { checkModelBudget, checkPeriod } from './checks.ts';
import { createdAnswer, newRow } from './columns.ts';
import { convertFields } from './convert.ts';
import { texts } from './fields.ts';
import { joinTeams } from './members.ts';
import { mintSecret, type Row, type Server } from './state.ts';
import { addUser, USER_FIELDS, userFields, userOfEmail } from './users.ts';

/** POST /user/new: makes a key too, unless `auto_create_key` is false. */
export function createUser({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const fields = convertFields(server, USER_FIELDS, body);
  const id = typeof fields.user_id === 'string' ? fields.user_id : randomUUID();
  checkNew(server, id, fields);
  checkPeriod(server, fields);
  checkModelBudget(server, fields);
  if (fields.models === null) throw raiseWrapped(500, 'Internal Server Error.');
  const isNew = !server.users.has(id);
  if (isNew) addUser(server, id, fields);
  const key = body.auto_create_key === false ? withoutKey(server) : withKey(server, id, body);
  return ok({ ...key, ...echo(server, fields), user_id: id, teams: isNew ? join(server, id, fields) : null });
}

/** E-mails are looked at before ids on every version; where an id that exists is no error, nothing is changed. */
function checkNew(server: Server, id: string, { user_email: email }: JsonObject): void {
  const status = server.facts.existingUser === 409 ? 409 : 400;
  const known = typeof email === 'string' ? userOfEmail(server, email) : undefined;
  if (status === 409 && server.users.has(id)) throw raiseWrapped(409, `User with id ${id} already exists`);
  if (known !== undefined) throw raiseWrapped(status, `User with email ${known.user_email} already exists`);
}

/** The answer tells what was sent, not what is stored. */
function echo({ facts }: Server, fields: JsonObject): Row {
  const columns = userFields(fields, 'column');
  const metadata = { ...(isObject(fields.metadata) ? fields.metadata : {}), ...userFields(fields, 'metadata') };
  const told = facts.tellsEveryField ? columns : omit(columns, ['max_parallel_requests', 'allowed_cache_controls']);
  const { user_email = null, user_role = null, user_alias = null } = columns;
  return { ...omit(told, ['sso_user_id', 'team_id']), metadata, user_email, user_role, user_alias };
}

function omit(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

/** Unknown teams are dropped, except where the teams are only written into the user's row. */
function join(server: Server, id: string, { teams }: JsonObject): readonly string[] | null {
  const asked = texts(teams);
  if (asked.length === 0) return null;
  if (server.facts.userTeams === 'written') {
    Object.assign(server.users.get(id) ?? {}, { teams: asked });
    return asked;
  }
  const joined = asked.filter((team) => server.teams.has(team));
  joinTeams(server, id, joined);
  return server.facts.userTeams === 'told' ? joined : null;
}

function withKey(server: Server, userId: string, { key_alias: alias }: JsonObject): Row {
  const key_alias = typeof alias === 'string' ? alias : null;
  const secret = mintSecret();
  const row = { ...newRow(server.version, secret, server.now().toISOString()), user_id: userId, key_alias };
  server.keys.set(row.token, row);
  const named = server.facts.namesUserKeys ? [] : ['key_name'];
  return clear(createdAnswer(server, secret, row), ['token', 'token_id', 'key_type', ...named]);
}

/** The members of a created key that no key stands behind. */
function withoutKey(server: Server): Row {
  const names =
    'token token_id key_name key_type created_at updated_at model_max_budget router_settings access_group_ids';
  const answer = createdAnswer(server, '', newRow(server.version, '', ''));
  return clear(answer, [...names.split(' '), 'budget_fallbacks']);
}

function clear(answer: Row, names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, names.includes(name) ? null : value]));
}
