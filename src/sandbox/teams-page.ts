import { type Reply, ok, raiseWrapped, refuseDetail } from './answers.ts';
import type { Call } from './call.ts';
import { type Columns, columnsOf, printTimes } from './columns.ts';
import { textOf } from './fields.ts';
import { cut, isLike, readPage } from './query.ts';
import type { Row, Server, StoredTeam } from './state.ts';
import { keysOfTeam, teamView } from './teams.ts';

/** What a page adds to each team. */
const ITEM: Columns = {
  '1.83.14': 'access_group_models access_group_mcp_server_ids access_group_agent_ids',
  '1.108.7': 'access_group_skill_names',
  '1.110.2': 'caller_membership={"spend":0,"max_budget":null,"budget_reset_at":null}',
};

/** GET /v2/team/list: a page of teams without their keys, newest first, or of the archive. */
export function pageTeams(call: Call): Reply {
  const { server, query } = call;
  const at = readPage(call, 'page_size', 10);
  const archived = readsArchive(server, query.get('status'));
  const user = query.get('user_id');
  if (user !== null && !server.users.has(user))
    throw refuseDetail(404, { error: `User not found, passed user_id=${user}` });
  const rows = archived ? server.deletedTeams : [...server.teams.values()];
  const all = sorted(
    query,
    rows.toReversed().filter((team) => matches(server, query, team)),
  );
  const print = (team: StoredTeam): Row => (archived ? archivedItem(server, team) : item(server, team));
  const total_pages = Math.ceil(all.length / at.size);
  return ok({ teams: cut(all, at).map(print), total: all.length, page: at.page, page_size: at.size, total_pages });
}

function readsArchive({ facts }: Server, status: string | null): boolean {
  if (status === null || !facts.teamArchive) return false;
  if (status === 'deleted') return true;
  throw raiseWrapped(400, "Invalid status value. Currently only 'deleted' is supported.");
}

function matches(server: Server, query: URLSearchParams, team: StoredTeam): boolean {
  const asked = (name: string): string => query.get(name) ?? '';
  const equal = (name: string): boolean => asked(name) === '' || team[name] === asked(name);
  const user = asked('user_id');
  const searched = server.facts.searching ? asked('search') : '';
  return (
    isLike(team.team_alias, asked('team_alias')) &&
    equal('team_id') &&
    equal('organization_id') &&
    (user === '' || team.members_with_roles.some(({ user_id }) => user_id === user)) &&
    (isLike(team.team_alias, searched) || isLike(team.team_id, searched))
  );
}

function sorted(query: URLSearchParams, teams: StoredTeam[]): StoredTeam[] {
  const column = query.get('sort_by');
  if (column === null || !['team_id', 'team_alias', 'created_at'].includes(column)) return teams;
  const direction = query.get('sort_order') === 'desc' ? -1 : 1;
  return teams.toSorted((a, b) => (textOf(a[column]) < textOf(b[column]) ? -direction : direction));
}

function item(server: Server, team: StoredTeam): Row {
  const { facts, version } = server;
  return {
    ...teamView(server, team),
    ...columnsOf(version, ITEM),
    ...(facts.countsMembers ? { members_count: team.members_with_roles.length } : {}),
    ...(facts.countsTeamKeys ? { keys_count: keysOfTeam(server, team.team_id).length } : {}),
  };
}

function archivedItem(server: Server, team: StoredTeam): Row {
  const {
    id = null,
    deleted_at = null,
    deleted_by = null,
    deleted_by_api_key = null,
    litellm_changed_by = null,
  } = team;
  const gone = printTimes({ id, deleted_at, deleted_by, deleted_by_api_key, litellm_changed_by }, 'Z');
  return { ...teamView(server, team), default_team_member_models: null, ...gone };
}
