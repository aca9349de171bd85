import { randomUUID } from 'node:crypto';
import { type Reply, ok, refuseDetail } from './answers.ts';
import { type Caller, requireWriter } from './auth.ts';
import type { Call } from './call.ts';
import { requireMember, texts } from './fields.ts';
import { archive } from './keys-delete.ts';
import { leaveAll } from './memberships.ts';
import { linger } from './beliefs.ts';
import { ADMIN_USER, hashOf, type Server, type StoredTeam } from './state.ts';
import { keysOfTeam, teamOf } from './teams.ts';

/** POST /team/delete: the teams and all their keys, whoever's they are. One unknown id, and nothing goes. */
export function deleteTeams({ server, body, caller, route }: Call): Reply {
  requireWriter(server, caller, route);
  requireMember(server.facts, body, 'team_ids');
  const ids = texts(body.team_ids);
  const unknown = ids.find((id) => teamOf(server, id) === undefined);
  if (unknown !== undefined) throw refuseDetail(404, { error: `Team not found, passed team_id=${unknown}` });
  for (const team of ids.flatMap((id) => server.teams.get(id) ?? [])) remove(server, team, caller);
  return ok({ deleted_teams: ids });
}

function remove(server: Server, team: StoredTeam, caller: Caller): void {
  const { facts, teams, users } = server;
  const { team_id: id } = team;
  for (const key of keysOfTeam(server, id)) {
    linger(server, key);
    archive(server, key, caller);
  }
  for (const user of users.values()) user.teams = withoutFirst(user.teams, id);
  if (facts.deletedMemberships === 'gone') leaveAll(server, id);
  if (facts.teamArchive) server.deletedTeams.push(archived(server, team, caller));
  teams.delete(id);
}

/** A user whom a version entered twice stays in the list once. */
function withoutFirst(teams: readonly string[], id: string): readonly string[] {
  const at = teams.indexOf(id);
  return at < 0 ? teams : teams.toSpliced(at, 1);
}

function archived({ now, settings, facts }: Server, team: StoredTeam, { userId, row }: Caller): StoredTeam {
  const master = facts.namesMasterKey ? 'litellm_proxy_master_key' : hashOf(settings.masterKey);
  return {
    ...team,
    id: randomUUID(),
    deleted_at: now().toISOString(),
    deleted_by: userId ?? ADMIN_USER,
    deleted_by_api_key: row?.token ?? master,
    litellm_changed_by: null,
  };
}
