/** One team, user or budget with what belongs to it: a team's members, and a user's memberships of teams. */
import pMap from 'p-map';
import { isList } from '../base/json.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import { readMembers } from '../litellm/members.ts';
import { ownedKeys } from '../litellm/owned-keys.ts';
import type { Live } from '../model/resource.ts';
import type { Session } from './open.ts';
import { selectThing } from './select-thing.ts';

const AT_ONCE = 4;

/** `members`: `null` for kinds that have none. */
export type WholeThing = { readonly live: Live; readonly members: readonly Live[] | null };

/** Throws what `selectThing` throws. `columns`: of its row, for `extra`. */
export async function lookAt(
  session: Session,
  kind: ListedKind,
  word: string,
  columns: readonly string[],
): Promise<WholeThing> {
  const live = await selectThing(session, kind, word, columns);
  switch (kind) {
    case 'team':
      return { live: await withKeysCount(session, live), members: await membersOf(session, live.id) };
    case 'user':
      return { live, members: await membershipsOf(session, live) };
    case 'budget':
      return { live, members: null };
  }
}

/** The members of a team, with what each may spend there also where that costs a request for each. */
export function membersOf({ connection }: Session, team_id: string): Promise<readonly Live[]> {
  return readMembers(connection, team_id, () => true);
}

/** What a user is in each team that the user's row names; 1.65 may name one of which the user is no member. */
async function membershipsOf({ connection }: Session, { id, extra }: Live): Promise<readonly Live[]> {
  const teams = isList(extra['teams']) ? extra['teams'].filter((team) => typeof team === 'string') : [];
  const isTheirs = (user_id: string): boolean => user_id === id;
  const found = await pMap(
    teams,
    async (team_id) => {
      const members = await readMembers(connection, team_id, isTheirs);
      return members.filter(({ settings }) => settings['user_id'] === id);
    },
    { concurrency: AT_ONCE },
  );
  return found.flat();
}

/** From 1.77 to before 1.108 no row of a team tells how many keys it has. */
async function withKeysCount({ connection }: Session, live: Live): Promise<Live> {
  const { keys_count } = live.extra;
  if (typeof keys_count === 'number') return live;
  const { lives } = await ownedKeys(connection, { team_id: [live.id] });
  return { ...live, extra: { ...live.extra, keys_count: lives.length } };
}
