import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { type Invalid, type Reply, licenceText, ok, Raised, raiseWrapped, refuse, refuseInvalid } from './answers.ts';
import { requireWriter } from './auth.ts';
import type { Call } from './call.ts';
import { printTimes } from './columns.ts';
import { convertFields, type FieldTable } from './convert.ts';
import { requireMember, textOf } from './fields.ts';
import { currentMembers, isSame, join, type Named, namedBy } from './members.ts';
import { membershipOf } from './memberships.ts';
import type { Member, Row, Server, StoredTeam } from './state.ts';
import { teamOf, teamView } from './teams.ts';
import { shortUser } from './users.ts';

const LIMITS = {
  max_budget_in_team: ['number', '1.65.8'],
  allowed_models: ['texts', '1.83.14'],
  budget_duration: ['text', '1.108.7'],
} as const satisfies FieldTable;

/** POST /team/member_add: one member or a list of them. Unknown users are made. */
export function addMember({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_id');
  requireMember(server.facts, body, 'member');
  const named = readNamed(server, body.member ?? null);
  const team = findTeam(server, textOf(body.team_id));
  if (named.some(({ role }) => role === 'admin')) throw raiseWrapped(400, adminText(server));
  refuseThoseIn(server, team, named, isList(body.member));
  return ok(addAll(server, team, named, limitsIn(server, body)).answer);
}

/** POST /team/bulk_member_add: one outcome a member, and 200 for whatever comes of it. */
export function addMembers({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_id');
  const named = readNamed(server, body.members ?? []);
  if (named.length === 0) throw raiseWrapped(400, 'At least one member is required');
  if (named.length > 500) throw raiseWrapped(400, 'Maximum 500 members can be added at once');
  const results = outcomes(server, body, named);
  const done = 'error' in results ? 0 : named.length;
  return ok({
    team_id: body.team_id ?? null,
    results: 'error' in results ? named.map((one) => failure(one, results.error)) : results.each,
    total_requested: named.length,
    successful_additions: done,
    failed_additions: named.length - done,
    updated_team: 'error' in results ? null : results.answer,
  });
}

type Outcomes = { readonly error: string } | { readonly each: readonly Row[]; readonly answer: Row };

function outcomes(server: Server, body: JsonObject, named: readonly Named[]): Outcomes {
  try {
    const team = findTeam(server, textOf(body.team_id));
    const admin = named.find(({ role }) => role === 'admin');
    if (admin !== undefined) throw raiseWrapped(400, adminText(server, admin));
    return addAll(server, team, named, limitsIn(server, body));
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    return { error: error.status === null ? error.message : `${error.status}: ${error.message}` };
  }
}

function failure({ user_id, user_email }: Named, error: string): Row {
  return { user_id, user_email, success: false, error, updated_user: null, updated_team_membership: null };
}

function addAll(server: Server, team: StoredTeam, named: readonly Named[], limits: JsonObject) {
  const id = team.team_id;
  const joined = named.map((one) => join(server, team, one, limits));
  const told = joined.map(({ entry, user, isNew, isGiven }) => {
    const isTold = isNew || server.facts.joinsAgain;
    return {
      user_id: entry.user_id,
      user_email: entry.user_email,
      success: true,
      error: null,
      updated_user: isTold ? printTimes(shortUser(server, user), 'Z') : null,
      updated_team_membership: isGiven ? membershipOf(server, id, entry.user_id) : null,
    };
  });
  const listed = (name: 'updated_user' | 'updated_team_membership'): Json => told.flatMap((one) => one[name] ?? []);
  const updated = {
    updated_users: listed('updated_user'),
    updated_team_memberships: listed('updated_team_membership'),
  };
  return { each: told, answer: { ...teamView(server, team), ...updated } };
}

function limitsIn(server: Server, body: JsonObject): JsonObject {
  const { max_budget_in_team: most, ...others } = convertFields(server, LIMITS, body);
  const limits = { ...(most === undefined ? {} : { max_budget: most }), ...others };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null));
}

function readNamed({ facts }: Server, sent: Json): Named[] {
  const list = isList(sent) ? sent : [sent];
  const nobody = list.find((one) => !isObject(one) || (one.user_id == null && one.user_email == null));
  if (nobody !== undefined) {
    const msg = 'Value error, Either user id or user email must be provided';
    const problem: Invalid = { type: 'value_error', loc: ['body'], msg, input: nobody, ctx: { error: {} } };
    throw refuseInvalid(facts, [problem]);
  }
  return list.filter(isObject).map(namedBy);
}

function findTeam(server: Server, id: string): StoredTeam {
  const team = teamOf(server, id);
  if (team !== undefined) return team;
  const text = `Team doesn't exist in db. Team=${id}. Create team via \`/team/new\` call.`;
  throw server.facts.unknownTeamToMembers === 'crash' ? new Raised(null, text) : raiseWrapped(404, text);
}

export function adminText({ facts }: Server, named?: Named): string {
  if (named === undefined) return `Assigning team admins is a premium feature. ${licenceText(facts)}`;
  const got = `user_id=${quote(named.user_id)} user_email=${quote(named.user_email)} role='${named.role}'`;
  return `Assigning team admins is a premium feature. Got=${got}. ${licenceText(facts)}. `;
}

function quote(text: string | null): string {
  return text === null ? 'None' : `'${text}'`;
}

/** Somebody who is in already: where one is refused, the whole list is on the oldest version. */
function refuseThoseIn(server: Server, team: StoredTeam, named: readonly Named[], isOfMany: boolean): void {
  const { facts } = server;
  const members = currentMembers(server, team);
  const one = named.find((candidate) => members.some((member) => isSame(server, member, candidate)));
  if (one === undefined || (isOfMany && facts.memberTwice !== 'detail')) return;
  const print = ({ user_id, user_email, role }: Member): string =>
    `Member(user_id=${quote(user_id)}, user_email=${quote(user_email)}, role='${role}')`;
  const existing = `Existing members=[${members.map(print).join(', ')}]`;
  if (facts.memberTwice === 'detail') throw raiseWrapped(400, `User=${one.user_id} already in team. ${existing}`);
  const who = `Member: user_id=${one.user_id ?? 'None'}, user_email=${one.user_email ?? 'None'}`;
  throw refuse(400, 'team_member_already_in_team', `User already in team. ${who}. ${existing}`, 'member');
}
