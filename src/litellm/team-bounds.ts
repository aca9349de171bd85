/**
 * A team in one small answer: `/v2/team/list` finds it by its id and leaves its keys out. Servers before 1.77 have only
 * `/team/info`, with all keys in it.
 */
import pMap from 'p-map';
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { TeamBounds, Teams } from '../model/team-bounds.ts';
import { askOptional } from './health.ts';
import { RequestError } from './http/request-error.ts';
import { send, type Connection } from './http/request.ts';

const AT_ONCE = 4;

/** The teams with these ids. */
export async function readTeams(connection: Connection, ids: readonly string[]): Promise<Teams> {
  const read = await pMap(ids, async (id) => [id, await readTeam(connection, id)] as const, { concurrency: AT_ONCE });
  return new Map(read.flatMap(([id, team]) => (team === undefined ? [] : [[id, team]])));
}

/** `undefined`: this credential may not read it, or the server is no LiteLLM in this. */
async function readTeam(connection: Connection, team_id: string): Promise<TeamBounds | null | undefined> {
  const listed = await askOptional(connection, '/v2/team/list', { team_id, page_size: '100' });
  if (listed === null) return readInfo(connection, team_id);
  if (!isObject(listed.body) || !isList(listed.body['teams'])) return undefined;
  const row = listed.body['teams'].filter(isObject).find((each) => each['team_id'] === team_id);
  return row === undefined ? null : boundsIn(row, team_id);
}

async function readInfo(connection: Connection, team_id: string): Promise<TeamBounds | null | undefined> {
  try {
    const { body } = await send(connection, { method: 'GET', path: '/team/info', query: { team_id } });
    const row = isObject(body) ? body['team_info'] : undefined;
    return isObject(row) ? boundsIn(row, team_id) : undefined;
  } catch (error) {
    if (!(error instanceof RequestError) || error.reach !== 'answered') throw error;
    /* A path that is not there is 404 too, in other words. */
    return error.status === 404 && error.code === 'invalid' ? null : undefined;
  }
}

function boundsIn(row: JsonObject, team_id: string): TeamBounds {
  const { team_alias } = row;
  return {
    team_id,
    team_alias: typeof team_alias === 'string' ? team_alias : null,
    models: modelsIn(row),
    max_budget: numberIn(row['max_budget']),
    tpm_limit: numberIn(row['tpm_limit']),
    rpm_limit: numberIn(row['rpm_limit']),
    spend: numberIn(row['spend']) ?? 0,
    blocked: row['blocked'] === true,
  };
}

/** Its access groups give it more models; where the answer does not tell which, none is denied here. */
function modelsIn({ models, access_group_ids: groups, access_group_models: grouped }: JsonObject): readonly string[] {
  const own = textsIn(models);
  if (own.length === 0 || textsIn(groups).length === 0) return own;
  return isList(grouped) ? [...own, ...textsIn(grouped)] : [];
}

function textsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((each) => typeof each === 'string') : [];
}

function numberIn(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
