import type { Store } from '../apply/ports.ts';
import { TEAM } from '../kinds/team.ts';
import type { Live } from '../model/resource.ts';
import type { Wanted } from '../model/survey.ts';
import { completeTeams } from './complete-teams.ts';
import { send, type Connection } from './http/request.ts';
import type { Detail } from './survey.ts';
import { findTeams } from './find-teams.ts';
import { landing } from './landing.ts';
import { createThing, updateThing, type ThingPorts } from './make-thing.ts';
import { removeThings } from './remove-things.ts';
import { surveyOfThings, thingOf, wantedThings } from './thing-rows.ts';
import { teamById } from './teams.ts';

/** The teams of a server. `look`: what the specs of the run manage. */
export function teamStore(connection: Connection, { columns = [] }: Partial<Detail> = {}): Store<'team'> {
  const get = async (id: string): Promise<Live | null> => {
    const row = await teamById(connection, id);
    const [whole] = row === null ? [] : await completeTeams(connection, [row], () => true);
    return whole === undefined ? null : thingOf(TEAM, whole, columns);
  };
  const ports: ThingPorts = { facts: TEAM, connection, get };
  const post = (path: string, body: Parameters<Store['update']>[1]): Promise<unknown> =>
    send(connection, { method: 'POST', path, body });
  return {
    kind: 'team',
    survey: async (wanted) => {
      const { rows, ...found } = await findTeams(connection, wanted);
      const whole = await completeTeams(connection, rows, wantedThings(TEAM, wanted, false));
      return surveyOfThings(connection, TEAM, whole, wanted, { columns, ...found });
    },
    get,
    create: (body) => createThing('/team/new', body, ports),
    update: async (id, body) => {
      const permissions = body(connection.clock.server())['team_member_permissions'];
      if (permissions !== undefined) {
        const sent = { team_id: id, team_member_permissions: permissions };
        const landed = await landing(() => post('/team/permissions_update', () => sent));
        if (landed.is !== 'done') return landed;
      }
      return updateThing(
        '/team/update',
        id,
        (now) => {
          const { team_member_permissions: _, ...rest } = body(now);
          return rest;
        },
        ports,
      );
    },
    remove: (ids) =>
      removeThings(
        ids,
        async (left) =>
          (await findTeams(connection, wantedOnly(left))).rows.map(({ id }) => id).filter((id) => left.includes(id)),
        (team_ids) => post('/team/delete', () => ({ team_ids })),
      ),
  };
}

function wantedOnly(ids: readonly string[]): Wanted {
  return { ids, names: [], all: false };
}
