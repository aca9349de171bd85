import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../base/json.ts';
import { raiseWrapped, refuseInvalid } from './answers.ts';
import { requireMember, textOf } from './fields.ts';
import { findMembership, setMembership, setOwnBudget } from './memberships.ts';
import { budgetOf, type Member, type StoredTeam, type StoredUser, type Server } from './state.ts';
import { defaultBudget } from './team-budget.ts';
import { addUser, userOfEmail } from './users.ts';

/** Somebody whom a request names by id or e-mail. */
export type Named = { readonly user_id: string | null; readonly user_email: string | null; readonly role: string };

/** A member of a request, as a value. */
export function namedBy({ user_id: id, user_email: email, role }: JsonObject): Named {
  return {
    user_id: typeof id === 'string' ? id : null,
    user_email: typeof email === 'string' ? email : null,
    role: role === 'admin' ? 'admin' : 'user',
  };
}

/** What came of one that joins: the member's entry, and the user's row as the answer shows it. */
export type Joined = {
  readonly entry: Member;
  readonly user: StoredUser;
  readonly isNew: boolean;
  /** Whether the member's row was written. */
  readonly isGiven: boolean;
};

/** The members that a change starts from: as they are, or as they were when a request that overlaps it was read. */
export function currentMembers({ overlap }: Server, team: StoredTeam): readonly Member[] {
  return overlap?.get(team.team_id) ?? team.members_with_roles;
}

/** Whether a member is the one that a request names. */
export function isSame(
  { facts }: Server,
  member: Member,
  { user_id: id, user_email: email }: Omit<Named, 'role'>,
): boolean {
  if (id !== null && (member.user_id === id || !facts.membersHaveEmail)) return member.user_id === id;
  return email !== null && email !== '' && member.user_email === email;
}

export function withoutMember(members: readonly Member[], user: string): readonly Member[] {
  return members.filter(({ user_id }) => user_id !== user);
}

/** The team of a request about one member. */
export function teamOfMember(server: Server, body: JsonObject): StoredTeam {
  requireMember(server.facts, body, 'team_id');
  if (body.user_id == null && body.user_email == null) {
    const msg = 'Value error, Either user id or user email must be provided';
    throw refuseInvalid(server.facts, [{ type: 'value_error', loc: ['body'], msg, input: body, ctx: { error: {} } }]);
  }
  const id = textOf(body.team_id);
  const team = server.teams.get(id);
  if (team === undefined) throw raiseWrapped(400, `Team id=${id} does not exist in db`);
  return team;
}

/** Puts somebody into a team: the user's row, which is made where it is missing, and the member's row. */
export function join(
  server: Server,
  team: StoredTeam,
  named: Named,
  limits: JsonObject = {},
  hasEmail = server.facts.membersHaveEmail,
): Joined {
  const { facts } = server;
  const known = findNamed(server, named);
  const user = known ?? makeUser(server, named);
  const before = { ...user };
  const id = user.user_id;
  const entry = { user_id: id, user_email: hasEmail ? user.user_email : named.user_email, role: named.role };
  const isNew = !currentMembers(server, team).some((member) => isSame(server, member, entry));
  if (isNew || facts.joinsAgain) enter(server, team, user);
  const shown = facts.tellsUserBefore && known !== undefined ? before : { ...user };
  if (isNew) team.members_with_roles = [...currentMembers(server, team), entry];
  const isGiven = (isNew || facts.joinsAgain) && giveBudget(server, team, id, limits);
  return { entry, user: shown, isNew, isGiven };
}

function findNamed(server: Server, { user_id: id, user_email: email }: Named): StoredUser | undefined {
  return id === null ? userOfEmail(server, email ?? '') : server.users.get(id);
}

function makeUser(server: Server, { user_id: id, user_email: email }: Named): StoredUser {
  return addUser(server, id ?? randomUUID(), { user_email: email, user_role: 'internal_user' });
}

/** The user's own list of teams, where some versions enter a team once more each time. */
function enter({ facts, now }: Server, team: StoredTeam, user: StoredUser): void {
  const teams = user.teams;
  const id = team.team_id;
  user.updated_at = now().toISOString();
  if (!teams.includes(id) || facts.joinsAgain) user.teams = [...teams, id];
}

/** Limits of its own, else the team's for members; adding somebody again never changes what is there. */
function giveBudget(server: Server, team: StoredTeam, user: string, limits: JsonObject): boolean {
  const id = team.team_id;
  const row = findMembership(server, id, user);
  if (row !== undefined && budgetOf(server, row) !== null) return false;
  if (Object.keys(limits).length > 0) {
    setOwnBudget(server, id, user, limits);
    return true;
  }
  const shared = defaultBudget(server, team);
  const hasRow = shared !== null || server.facts.teamMembershipRows;
  if (hasRow) setMembership(server, id, user, shared);
  return hasRow;
}

/** Puts a user into some teams, as `/user/new` does. */
export function joinTeams(server: Server, user: string, teams: readonly string[]): void {
  for (const id of teams) {
    const team = server.teams.get(id);
    if (team !== undefined) join(server, team, { user_id: user, user_email: null, role: 'user' });
  }
}
