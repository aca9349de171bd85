import { type Reply, ok, raiseWrapped } from './answers.ts';
import { requireWriter } from './auth.ts';
import { linger } from './beliefs.ts';
import type { Call } from './call.ts';
import { archive } from './keys-delete.ts';
import { currentMembers, isSame, namedBy, teamOfMember, withoutMember } from './members.ts';
import { leave } from './memberships.ts';
import { keysOfTeam, teamView } from './teams.ts';

/** POST /team/member_delete: newer versions delete the member's keys of the team too. */
export function deleteMember({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  const { facts, users } = server;
  const team = teamOfMember(server, body);
  const member = currentMembers(server, team).find((one) => isSame(server, one, namedBy(body)));
  if (member === undefined) throw raiseWrapped(400, 'User not found in team');
  const id = team.team_id;
  const user = member.user_id;
  team.members_with_roles = withoutMember(currentMembers(server, team), user);
  team.updated_at = server.now().toISOString();
  leave(server, id, user);
  const row = users.get(user);
  if (row !== undefined) row.teams = row.teams.filter((name) => name !== id);
  if (facts.memberKeys === 'deleted') {
    for (const key of keysOfTeam(server, id).filter(({ user_id }) => user_id === user)) {
      linger(server, key);
      archive(server, key, caller);
    }
  }
  return ok(teamView(server, team));
}
