/**
 * The rows of teams, from where there are no keys beside them: 1.65 has only lists and looks with all keys of a team, which
 * are counted and dropped as soon as they are read. No list is believed to have filtered, and a team is gone only where a list, which
 * fails without a database, does not have it.
 */
import { TEAM } from '../kinds/team.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { send, type Connection } from './http/request.ts';
import { isRefusedFor } from './http/request-error.ts';
import { PAGE_SIZE } from './pages.ts';
import type { ListOf, PageOf } from './scan.ts';
import { thingRow, type ThingRow } from './thing-rows.ts';

const PATH = '/v2/team/list';

type Filter = Readonly<Record<string, string>>;

/** A page of the list of teams, newest first; `null` before 1.77, which has no pages of it. */
export async function teamPage(
  connection: Connection,
  filter: Filter,
  number: number,
): Promise<PageOf<ThingRow> | null> {
  const query = { page: String(number), page_size: String(PAGE_SIZE), ...filter };
  try {
    const { body, sandbox } = await send(connection, { method: 'GET', path: PATH, query });
    const { teams, total, total_pages: pages } = readAs(ANSWERS.Teams, body, PATH);
    return { rows: teams.map((row) => teamRow(row, PATH)), total, pages, gaps: [], sandbox };
  } catch (error) {
    if (isRefusedFor(error, 'not_found')) return null;
    throw error;
  }
}

/** The list of teams, where the server has pages of it. */
export function teamList(connection: Connection, filter: Filter = {}): ListOf<ThingRow> {
  const nothing = { rows: [], total: 0, pages: 0, gaps: [], sandbox: null };
  return { of: 'teams', read: async (number) => (await teamPage(connection, filter, number)) ?? nothing };
}

/** All teams in one answer, of which the keys are dropped. */
export async function allTeams(connection: Connection): Promise<readonly ThingRow[]> {
  const path = '/team/list';
  const { body } = await send(connection, { method: 'GET', path });
  return readAs(ANSWERS.Things, body, path).map((row) => teamRow(row, path));
}

/** One team as a list has it; `null`: there is none. */
export async function teamById(connection: Connection, team_id: string): Promise<ThingRow | null> {
  const page = await teamPage(connection, { team_id }, 1);
  const rows = page === null ? await allTeams(connection) : page.rows;
  return rows.find(({ id }) => id === team_id) ?? null;
}

/** A team as it is looked at alone, and what its members may spend. */
export type TeamInfo = { readonly team: ThingRow; readonly memberships: readonly JsonObject[] };

/** One team with its memberships; `null`: there is none. */
export async function readTeamInfo(connection: Connection, team_id: string): Promise<TeamInfo | null> {
  const path = '/team/info';
  try {
    /* Before 1.108 the limit is ignored, and all keys of the team are there. */
    const { body } = await send(connection, { method: 'GET', path, query: { team_id, key_limit: '1' } });
    const { team_info, team_memberships } = readAs(ANSWERS.TeamInfo, body, path);
    return { team: teamRow(team_info, path), memberships: (team_memberships ?? []).filter(isObject) };
  } catch (error) {
    if (!isUnknownTeam(error)) throw error;
    if ((await teamById(connection, team_id)) === null) return null;
    throw error;
  }
}

function isUnknownTeam(error: unknown): boolean {
  return isRefusedFor(error, 'not_found', 'invalid');
}

function teamRow(row: unknown, path: string): ThingRow {
  const { id, row: whole } = thingRow(TEAM, row, path);
  const { keys, team_memberships: _, ...rest } = whole;
  return { id, row: isList(keys) ? { ...rest, keys_count: keys.length } : rest };
}
