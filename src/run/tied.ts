/** What goes with what is to be deleted, or has its limits from it, whoever owns it: looked up, because a plan has to tell it. */
import { isList } from '../base/json.ts';
import { storeOf } from '../apply/ports.ts';
import { KINDS } from '../kinds/kinds.ts';
import { memberId } from '../kinds/member.ts';
import { ownedKeys } from '../litellm/owned-keys.ts';
import { isDeletion, type Change } from '../model/change.ts';
import type { Live } from '../model/resource.ts';
import { emptySurvey, type Survey, type Surveys, type Wanted } from '../model/survey.ts';
import { ownersIn, withKeysOf } from '../plan/takes.ts';
import type { Session } from './open.ts';
import { peopleStores } from './people.ts';

/** The surveys of what is changed with those of what is tied to what goes: keys, members, and of a budget teams. */
export async function withTied(
  surveys: Surveys,
  changes: readonly Change[],
  { connection }: Session,
): Promise<Surveys> {
  const going = changes.filter(isDeletion).map(({ live }) => live);
  const stores = { stores: peopleStores(connection) };
  const look = (kind: 'team' | 'member', wanted: Wanted): Promise<Survey> => storeOf(stores, kind).survey(wanted);
  const isOfAll = going.some(({ kind }) => kind === 'budget');
  const members = going.flatMap(teamsOf).map((team_id) => memberId(team_id, ''));
  const beside = [
    ...(isOfAll ? [await look('team', everything())] : []),
    ...(isOfAll || members.length > 0
      ? [await look('member', isOfAll ? everything() : { ids: members, names: [], all: false })]
      : []),
  ];
  const keys = emptySurvey('key', connection.clock.server());
  const all = new Map([keys, ...beside].map((survey) => [survey.kind, survey] as const));
  const owners = ownersIn({ changes }, KINDS);
  const found = Object.keys(owners).length === 0 ? null : await ownedKeys(connection, owners);
  const whole = new Map([...all, ...surveys]);
  return found === null ? whole : withKeysOf(whole, found);
}

/** Teams whose members may go: a user's row names its teams, where it was asked for them. */
function teamsOf({ kind, id, extra }: Live): readonly string[] {
  if (kind === 'team') return [id];
  const { teams } = extra;
  return kind === 'user' && isList(teams) ? teams.filter((team) => typeof team === 'string') : [];
}

/** No budget tells who has it. */
function everything(): Wanted {
  return { ids: [], names: [], all: true };
}
