/**
 * Who is in a team and as what stands in `members_with_roles`; what each may spend there, in a membership, which versions up to
 * 1.83 only have of those with a limit. 1.65 has memberships only in the list of a user's teams.
 */
import pMap from 'p-map';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { LIMITS, MEMBER, memberId } from '../kinds/member.ts';
import { isCleared, type Settings } from '../model/fields.ts';
import type { Live } from '../model/resource.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { sharedBudget } from './complete-teams.ts';
import { send, type Connection } from './http/request.ts';
import { readTeamInfo, teamPage, type TeamInfo } from './teams.ts';
import { momentOf } from './rows.ts';
import type { ThingRow } from './thing-rows.ts';

const AT_ONCE = 4;

/** The members of a team. `isOurs`: whose limits are to be read also where each costs a request. */
export async function readMembers(
  connection: Connection,
  team_id: string,
  isOurs: (user_id: string) => boolean,
): Promise<readonly Live[]> {
  const info = await readTeamInfo(connection, team_id);
  if (info === null) return [];
  const asked = info.memberships.length === 0 ? [...rolesIn(info.team).keys()].filter(isOurs) : [];
  const single = asked.length > 0 && (await teamPage(connection, { team_id }, 1)) === null ? asked : [];
  const more = await pMap(single, (user_id) => membershipsOf(connection, team_id, user_id), { concurrency: AT_ONCE });
  return livesOf({ ...info, memberships: [...info.memberships, ...more.flat()] });
}

/** Who is in a team, and as what. */
export function rolesIn({ row }: ThingRow): ReadonlyMap<string, string> {
  const members = isList(row['members_with_roles']) ? row['members_with_roles'].filter(isObject) : [];
  return new Map(
    members.flatMap(({ user_id, role }) =>
      typeof user_id === 'string' ? [[user_id, typeof role === 'string' ? role : 'user'] as const] : [],
    ),
  );
}

async function membershipsOf(connection: Connection, team_id: string, user_id: string): Promise<readonly JsonObject[]> {
  const path = '/team/list';
  const { body } = await send(connection, { method: 'GET', path, query: { user_id } });
  const team = readAs(ANSWERS.Things, body, path).find((row) => row['team_id'] === team_id);
  const memberships: unknown = team?.['team_memberships'];
  return Array.isArray(memberships) ? memberships.filter(isObject) : [];
}

function livesOf({ team, memberships }: TeamInfo): readonly Live[] {
  const byUser = new Map(memberships.map((membership) => [membership['user_id'], membership]));
  const alias = team.row['team_alias'];
  return [...rolesIn(team)].map(([user_id, role]) => {
    const { budget_id = null, spend, litellm_budget_table: table } = byUser.get(user_id) ?? {};
    const limits = isObject(table) ? limitsIn(table) : {};
    const { budget_reset_at } = readAs(ANSWERS.Thing, isObject(table) ? table : {}, '/team/info');
    const isOwn = budget_id !== sharedBudget(team.row);
    return {
      kind: MEMBER.kind,
      id: memberId(team.id, user_id),
      name: `${typeof alias === 'string' ? alias : team.id}/${user_id}`,
      key_name: null,
      settings: { team_id: team.id, user_id, role, ...(isOwn ? limits : {}) },
      metadata: {},
      mark: null,
      created_at: null,
      expires: null,
      budget_reset_at: momentOf(budget_reset_at),
      spend: typeof spend === 'number' ? spend : 0,
      extra: {
        spend: typeof spend === 'number' ? spend : null,
        team_alias: typeof alias === 'string' ? alias : null,
        budget_id,
        budget_source: budget_id === null ? 'none' : isOwn ? 'custom' : 'team_default',
        limits_of_team: isOwn ? {} : limits,
      },
    };
  });
}

/** A member's limits; the budget that holds them calls one of them otherwise. */
function limitsIn({ max_budget = null, ...limits }: JsonObject): Settings {
  return Object.fromEntries(
    Object.entries({ ...limits, max_budget_in_team: max_budget }).filter(([name, value]) => {
      const field = LIMITS[name];
      return field !== undefined && !isCleared(field, value);
    }),
  );
}
