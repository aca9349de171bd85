import pLimit, { type LimitFunction } from 'p-limit';
import pMap from 'p-map';
import type { Created, Store } from '../apply/ports.ts';
import { LIMITS, MEMBER, memberOf } from '../kinds/member.ts';
import type { Live } from '../model/resource.ts';
import type { Survey, Wanted } from '../model/survey.ts';
import { addMembers, type Addition } from './add-members.ts';
import { inBatches } from './batches.ts';
import { findTeams } from './find-teams.ts';
import type { Connection } from './http/request.ts';
import { readMembers } from './members.ts';
import { removeMembers } from './remove-members.ts';
import type { Detail } from './survey.ts';
import { textIn } from './make-thing.ts';
import { updateMember } from './update-member.ts';

const AT_ONCE = 4;
/** So many are added to a team with one request. */
const ADDED_AT_ONCE = 100;

/** One request at a time changes the members of a team: servers up to 1.83 lose some of those that come or go together. */
type TeamQueue = {
  readonly turn: LimitFunction;
  readonly add: (addition: Addition) => Promise<Created | null>;
};

/** The members of a server's teams. `look`: what the specs of the run manage. */
export function memberStore(connection: Connection, { fields }: Partial<Detail> = {}): Store<'member'> {
  const queues = new Map<string, TeamQueue>();
  const queueOf = (team_id: string): TeamQueue => {
    const turn = pLimit(1);
    const add = (all: readonly Addition[]): Promise<ReadonlyMap<Addition, Created>> =>
      addMembers(connection, team_id, all);
    const queue = queues.get(team_id) ?? { turn, add: inBatches(ADDED_AT_ONCE, add, turn) };
    queues.set(team_id, queue);
    return queue;
  };
  const get = async (id: string): Promise<Live | null> => {
    const { team_id, user_id } = memberOf(id);
    const members = await readMembers(connection, team_id, (each) => each === user_id);
    return members.find((live) => live.id === id) ?? null;
  };
  const looksAtLimits = fields === undefined || [...fields].some((name) => Object.hasOwn(LIMITS, name));
  return {
    kind: 'member',
    survey: (wanted) => surveyMembers(connection, wanted, looksAtLimits),
    get,
    create: async (body) => {
      const sent = body(connection.clock.server());
      const { team_id: _, user_id: __, role = 'user', ...limits } = sent;
      const addition = { user_id: textIn(sent, 'user_id'), role, limits };
      const landed = await queueOf(textIn(sent, 'team_id')).add(addition);
      if (landed === null) throw new Error('each addition has an end');
      return landed;
    },
    update: (id, body) => queueOf(memberOf(id).team_id).turn(() => updateMember(connection, id, body, get)),
    remove: async (ids) => {
      const teams = [...new Set(ids.map((id) => memberOf(id).team_id))];
      const landed = await pMap(
        teams,
        (team_id) => {
          const own = ids.filter((id) => memberOf(id).team_id === team_id);
          return queueOf(team_id).turn(() => removeMembers(connection, team_id, own));
        },
        { concurrency: AT_ONCE },
      );
      return new Map(landed.flatMap((each) => [...each]));
    },
  };
}

/** The members of the teams of those that are wanted, or of all teams. */
async function surveyMembers(connection: Connection, wanted: Wanted, looksAtLimits: boolean): Promise<Survey> {
  const { ids, names, all, keep } = wanted;
  const teams = all
    ? await findTeams(connection, { ids: [], names: [], all })
    : { rows: [], isShort: false, gaps: [], sandbox: null };
  const team_ids = new Set([...teams.rows.map(({ id }) => id), ...ids.map((id) => memberOf(id).team_id)]);
  const [byId, byName] = [new Set(ids), new Set(names)];
  const found = await pMap(
    team_ids,
    async (team_id) => {
      const users = new Set(ids.map(memberOf).flatMap((each) => (each.team_id === team_id ? [each.user_id] : [])));
      const lives = await readMembers(connection, team_id, (user_id) => looksAtLimits && users.has(user_id));
      return lives.filter(
        (live) => keep === undefined || byId.has(live.id) || byName.has(live.name ?? '') || keep(live),
      );
    },
    { concurrency: AT_ONCE },
  );
  return {
    kind: MEMBER.kind,
    lives: found.flat(),
    now: connection.clock.server(),
    complete: all && !teams.isShort,
    isShort: teams.isShort,
    listed: null,
    sandbox: teams.sandbox,
    gaps: teams.gaps,
  };
}
