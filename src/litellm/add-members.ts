/**
 * Taking users into a team. What came of it is read from the team: older servers lose members that others add at the same time,
 * all with 200, refuse a whole list for one of it, and say that a team is unknown while their database is away.
 */
import { WAITS } from '../apply/lag.ts';
import type { Created } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import { stringifyJson, type Json, type JsonObject } from '../base/json.ts';
import { memberId } from '../kinds/member.ts';
import type { Landed, Undone } from '../model/landed.ts';
import { send, type Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';
import { rolesIn } from './members.ts';
import { keepsAll, settle } from './settle.ts';
import { teamById } from './teams.ts';
import { landing, readAfter } from './landing.ts';
import { gone } from './make-thing.ts';

/** One who is to be in, and as what. */
export type Addition = { readonly user_id: string; readonly role: Json; readonly limits: JsonObject };

/** What became of a request for one, or for several of whom one may be to blame. */
type Failure = Undone & { readonly alone: boolean };

/** So often those who are not in yet are added; two machines take each other's out again now and then. */
const ROUNDS = 8;

/** Takes users into a team, those with the same role and limits with one request. Whoever is in is left as they are. */
export async function addMembers(
  connection: Connection,
  team_id: string,
  additions: readonly Addition[],
): Promise<ReadonlyMap<Addition, Created>> {
  const ends = new Map<Addition, Created>();
  const failures = new Map<Addition, Failure>();
  const added = new Set<Addition>();
  for (let round = 1, left = additions; left.length > 0; round += 1) {
    const began = connection.now().getTime();
    for (const group of alike(left, failures)) {
      const landed = await add(connection, team_id, group);
      for (const each of group) {
        if (landed.is === 'done') {
          failures.delete(each);
          added.add(each);
        } else failures.set(each, { ...landed, alone: group.length === 1 });
      }
    }
    const there = await rolesOf(connection, team_id, left, began);
    for (const each of left) {
      const failure = failures.get(each) ?? null;
      /* Whoever was taken in a moment ago, and cannot be now, is in: the looks lag. */
      const isIn = added.has(each) && failure?.is === 'refused' && failure.alone;
      const end = isIn ? memberIn(team_id, each) : endOf(team_id, each, there, failure, round === ROUNDS);
      if (end !== null) ends.set(each, end);
    }
    left = left.filter((each) => !ends.has(each));
    /* Lost, or not seen yet. */
    if (left.some((each) => added.has(each))) await connection.sleep(WAITS[round - 1] ?? 0, connection.stop);
  }
  return ends;
}

/** Who is in. Where those are who were to be, once more a while later, as another machine's request may have read the team before them. */
function rolesOf(
  connection: Connection,
  team_id: string,
  added: readonly Addition[],
  began: number,
): Promise<Landed<ReadonlyMap<string, string>>> {
  return readAfter(async () => {
    const team = await teamById(connection, team_id);
    if (team === null) return gone('team', team_id);
    const roles = rolesIn(team);
    if (keepsAll(team) || !added.every(({ user_id }) => roles.has(user_id))) return roles;
    await settle(connection, began);
    const settled = await teamById(connection, team_id);
    return settled === null ? gone('team', team_id) : rolesIn(settled);
  });
}

/** `null`: it is to be tried, once more. */
function endOf(
  team_id: string,
  addition: Addition,
  there: Landed<ReadonlyMap<string, string>>,
  failure: Failure | null,
  isLast: boolean,
): Created | null {
  if (there.is !== 'done') return there;
  if (there.value.has(addition.user_id)) return memberIn(team_id, addition);
  if (failure !== null && (isFinal(failure) || isLast)) return failure;
  return isLast ? { is: 'unsettled', error: lost(team_id, addition.user_id) } : null;
}

function memberIn(team_id: string, { user_id }: Addition): Created {
  return { is: 'done', value: { id: memberId(team_id, user_id), secret: null } };
}

/** A 404 may be of a server without its database: the team is there, as was read a moment ago. */
function isFinal({ is, error, alone }: Failure): boolean {
  return is === 'refused' && alone && !(error instanceof RequestError && error.status === 404);
}

/** Those who may be added together; whoever was refused with others is tried alone. */
function alike(
  additions: readonly Addition[],
  failures: ReadonlyMap<Addition, Failure>,
): readonly (readonly Addition[])[] {
  const groups = new Map<string, Addition[]>();
  for (const each of additions) {
    const own = failures.get(each)?.is === 'refused' ? each.user_id : null;
    const key = stringifyJson([own, each.role, each.limits]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function add(connection: Connection, team_id: string, group: readonly Addition[]): Promise<Landed<unknown>> {
  const [{ role, limits } = { role: 'user', limits: {} }] = group;
  const member = group.map(({ user_id }) => ({ user_id, role }));
  return landing(() =>
    send(connection, { method: 'POST', path: '/team/member_add', body: () => ({ ...limits, team_id, member }) }),
  );
}

function lost(team_id: string, user_id: string): VkeysError {
  return new VkeysError(
    'api',
    `The server said that it took ${user_id} into the team ${team_id}, and does not have it there.`,
    'Run the same command again, and let nobody else change the team meanwhile.',
  );
}
