/**
 * Taking members out of a team: with one request from 1.108 on, before one by one. What came of it is read from the team, as
 * older servers keep some of those who go together.
 */
import { memberOf } from '../kinds/member.ts';
import type { Landed } from '../model/landed.ts';
import { send, type Connection } from './http/request.ts';
import { isRefusedFor, isUnclear, RequestError } from './http/request-error.ts';
import { rolesIn } from './members.ts';
import { keepsAll, settle } from './settle.ts';
import { teamById } from './teams.ts';
import { removeThings } from './remove-things.ts';

/** So many go with one request. */
const MOST = 500;

/** Takes members out of a team, and says what became of each. */
export function removeMembers(
  connection: Connection,
  team_id: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Landed>> {
  let began: number | null = null;
  const still = async (left: readonly string[]): Promise<readonly string[]> => {
    const team = await teamById(connection, team_id);
    const roles = team === null ? new Map<string, string>() : rolesIn(team);
    const there = left.filter((id) => roles.has(memberOf(id).user_id));
    if (began === null || team === null || keepsAll(team) || there.length > 0) return there;
    await settle(connection, began);
    began = null;
    return still(left);
  };
  return removeThings(ids, still, async (left) => {
    began = connection.now().getTime();
    const user_ids = left.map((id) => memberOf(id).user_id);
    if (!(await removeTogether(connection, team_id, user_ids))) await removeEach(connection, team_id, user_ids);
  });
}

/** `false`: the server has no such route. */
async function removeTogether(connection: Connection, team_id: string, user_ids: readonly string[]): Promise<boolean> {
  if (user_ids.length === 1) return false;
  const path = `/management/v1/teams/${encodeURIComponent(team_id)}/members/bulk_delete`;
  try {
    for (let at = 0; at < user_ids.length; at += MOST) {
      const members = user_ids.slice(at, at + MOST).map((user_id) => ({ user_id }));
      await send(connection, { method: 'POST', path, body: () => ({ members }) });
    }
    return true;
  } catch (error) {
    if (isRefusedFor(error, 'not_found')) return false;
    throw error;
  }
}

/** Of whom one is refused, the others go all the same. */
async function removeEach(connection: Connection, team_id: string, user_ids: readonly string[]): Promise<void> {
  let refusal: RequestError | null = null;
  for (const user_id of user_ids) {
    try {
      await send(connection, { method: 'POST', path: '/team/member_delete', body: () => ({ team_id, user_id }) });
    } catch (error) {
      if (!(error instanceof RequestError) || error.transient || isUnclear(error)) throw error;
      refusal = error;
    }
  }
  if (refusal !== null) throw refusal;
}
