/**
 * What is wanted of the teams of a server: a few pages whole; of more those that are named. A filter for aliases finds parts
 * of them, so that every row is compared.
 */
import pMap from 'p-map';
import type { Survey, Wanted } from '../model/survey.ts';
import { canFilter } from './by-name.ts';
import type { Connection } from './http/request.ts';
import { gatherRows, scanRows, type Found } from './scan.ts';
import { FEW_PAGES } from './survey.ts';
import { allTeams, teamList, teamPage } from './teams.ts';
import type { ThingRow } from './thing-rows.ts';

const AT_ONCE = 4;

export type FoundTeams = Found<ThingRow> & Pick<Survey, 'complete' | 'sandbox'>;

/** The rows of teams that are wanted, and perhaps of others. */
export async function findTeams(connection: Connection, { ids, names, all }: Wanted): Promise<FoundTeams> {
  const first = await teamPage(connection, {}, 1);
  if (first === null) {
    return { rows: await allTeams(connection), isShort: false, gaps: [], complete: true, sandbox: null };
  }
  const isWhole = all || first.pages <= FEW_PAGES || !names.every(canFilter);
  const scans = isWhole ? [gatherRows(scanRows(connection, teamList(connection), first))] : [];
  const named = isWhole ? [] : names.map((name) => () => teamsNamed(connection, name));
  const found = [...(await Promise.all(scans)), ...(await pMap(named, (find) => find(), { concurrency: AT_ONCE }))];
  const rows = found.flatMap((each) => each.rows);
  const there = new Set(rows.map(({ id }) => id));
  const missing = [...new Set(ids)].filter((id) => !there.has(id));
  const byId = await pMap(missing, (id) => teamWithId(connection, id), { concurrency: AT_ONCE });
  const isShort = found.some((each) => each.isShort);
  return {
    rows: [...rows, ...byId.flat()],
    isShort,
    gaps: found.flatMap(({ gaps }) => gaps),
    complete: isWhole && !isShort,
    sandbox: first.sandbox,
  };
}

async function teamsNamed(connection: Connection, team_alias: string): Promise<Found<ThingRow>> {
  const list = teamList(connection, { team_alias });
  return gatherRows(scanRows(connection, list, await list.read(1)), ({ row }) => row['team_alias'] === team_alias);
}

async function teamWithId(connection: Connection, team_id: string): Promise<readonly ThingRow[]> {
  const { rows } = await teamList(connection, { team_id }).read(1);
  return rows.filter(({ id }) => id === team_id);
}
