import { type Reply, ok, refuseDetail } from './answers.ts';
import { requireWriter } from './auth.ts';
import { linger } from './beliefs.ts';
import type { Call } from './call.ts';
import { requireMember, texts } from './fields.ts';
import { forget } from './keys-delete.ts';
import { withoutMember } from './members.ts';
import { leave } from './memberships.ts';
import { keysOfUser } from './users.ts';

/** POST /user/delete: the users with all their keys and memberships; answers how many. Their keys are not archived. */
export function deleteUsers({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'user_ids');
  const ids = texts(body.user_ids);
  const unknown = ids.find((id) => !server.users.has(id));
  if (unknown !== undefined) throw refuseDetail(404, { error: `User not found, passed user_id=${unknown}` });
  for (const id of ids) {
    for (const key of keysOfUser(server, id)) {
      linger(server, key);
      forget(server, key);
    }
    server.users.delete(id);
    for (const [team, row] of server.teams) {
      leave(server, team, id);
      if (server.facts.deletedUsersStay) continue;
      row.members_with_roles = withoutMember(row.members_with_roles, id);
    }
  }
  return ok(ids.length);
}
