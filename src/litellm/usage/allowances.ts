/** What users and teams may spend, and have spent. The server's filters are never trusted: rows of others are left out. */
import * as z from 'zod/mini';
import type { Allowance } from '../../model/usage.ts';
import { readAs } from '../answer-shapes.ts';
import { send, type Connection } from '../http/request.ts';
import { RequestError } from '../http/request-error.ts';

/** The most of a page. */
const PAGE_SIZE = 100;

const Spender = { spend: z.nullish(z.number()), max_budget: z.nullish(z.number()) };
const User = z.looseObject({ ...Spender, user_id: z.string() });
const Team = z.looseObject({ ...Spender, team_id: z.string() });
const Users = z.looseObject({ users: z.array(User) });
const Teams = z.looseObject({ teams: z.array(Team), total_pages: z.number() });
const AllTeams = z.array(Team);

type Allowances = ReadonlyMap<string, Allowance>;

/** Of these users, as far as the server knows them. */
export async function readUserAllowances(connection: Connection, ids: readonly string[]): Promise<Allowances> {
  const path = '/user/list';
  const found = new Map<string, Allowance>();
  for (let start = 0; start < ids.length; start += PAGE_SIZE) {
    const some = ids.slice(start, start + PAGE_SIZE);
    /* One alone would be looked for as a part of an id. */
    const user_ids = [...some, ...(some.length === 1 ? some : [])].join(',');
    const { body } = await send(connection, { method: 'GET', path, query: { user_ids, page_size: String(PAGE_SIZE) } });
    for (const user of readAs(Users, body, path).users) {
      if (some.includes(user.user_id)) found.set(user.user_id, allowanceOf(user));
    }
  }
  return found;
}

/** Of all teams. */
export async function readTeamAllowances(connection: Connection): Promise<Allowances> {
  const path = '/v2/team/list';
  const found = new Map<string, Allowance>();
  try {
    for (let [page, pages] = [1, 1]; page <= pages; page += 1) {
      const query = { page: String(page), page_size: String(PAGE_SIZE) };
      const { teams, total_pages } = readAs(Teams, (await send(connection, { method: 'GET', path, query })).body, path);
      for (const team of teams) found.set(team.team_id, allowanceOf(team));
      pages = teams.length === 0 ? page : total_pages;
    }
    return found;
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 404) throw error;
    return readTeamsAtOnce(connection);
  }
}

/** Before 1.77 the list has no pages. */
async function readTeamsAtOnce(connection: Connection): Promise<Allowances> {
  const path = '/team/list';
  const { body } = await send(connection, { method: 'GET', path });
  return new Map(readAs(AllTeams, body, path).map((team) => [team.team_id, allowanceOf(team)]));
}

function allowanceOf({ spend, max_budget }: Pick<z.infer<typeof User>, 'spend' | 'max_budget'>): Allowance {
  return { spend: spend ?? 0, max_budget: max_budget ?? null };
}
