/** The teams, users, budgets and members that keys name, as a server has them: what has to be there for the same keys. */
import { storeOf } from '../apply/ports.ts';
import { memberId } from '../kinds/member.ts';
import { MASTER_USER } from '../kinds/user.ts';
import type { Kind } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import type { Survey, Wanted } from '../model/survey.ts';
import type { Session } from './open.ts';
import { peopleStores } from './people.ts';

/** The keys, and what they name. `gaps`: what of it could not be read, in words. */
export type WithPeople = {
  readonly keys: readonly Live[];
  readonly people: readonly Live[];
  readonly gaps: readonly string[];
};

/** `all`: everything that the server has, named or not. */
export async function withPeople(
  { connection }: Session,
  keys: readonly Live[],
  { all }: { readonly all: boolean },
): Promise<WithPeople> {
  const stores = { stores: peopleStores(connection) };
  const gaps: string[] = [];
  const look = async (kind: Kind, wanted: Pick<Wanted, 'ids' | 'all'>): Promise<readonly Live[]> => {
    if (wanted.ids.length === 0 && !wanted.all) return [];
    const found: Survey = await storeOf(stores, kind).survey({ names: [], ...wanted });
    gaps.push(...found.gaps);
    const ids = new Set(wanted.ids);
    return found.lives.filter(({ id }) => wanted.all || ids.has(id));
  };
  const teams = await look('team', { ids: namedIn(keys, 'team_id'), all });
  const members = await membersOf(teams, async (ids) => {
    const found = await storeOf(stores, 'member').survey({ ids, names: [], all: false });
    /* Whoever makes a team is in it. */
    return found.lives.filter(({ settings }) => settings['user_id'] !== MASTER_USER);
  });
  const users = (await look('user', { ids: namedIn([...keys, ...members], 'user_id'), all })).filter(
    ({ id }) => id !== MASTER_USER,
  );
  const budgets = await look('budget', { ids: namedIn(keys, 'budget_id'), all });
  const own = ownBudgets(budgets, keys);
  const internal = new Set([...namedIn(teams, 'team_member_budget_id'), ...members.flatMap(budgetOf)]);
  const named = new Set(namedIn(keys, 'budget_id'));
  return {
    keys: keys.map((key) => withOwnBudget(key, own)),
    people: [
      ...budgets.filter(({ id }) => !own.has(id) && (named.has(id) || !(internal.has(id) || UUID.test(id)))),
      ...users,
      ...teams,
      ...members,
    ],
    gaps,
  };
}

/** All members of the teams. Of some servers each one's limits have to be asked for. */
async function membersOf(
  teams: readonly Live[],
  find: (ids: readonly string[]) => Promise<readonly Live[]>,
): Promise<readonly Live[]> {
  if (teams.length === 0) return [];
  const there = await find(teams.map(({ id }) => memberId(id, '')));
  return there.length === 0 ? [] : find(there.map(({ id }) => id));
}

/** The ids that stand in a field of these things, or in their metadata. */
function namedIn(lives: readonly Live[], field: string): readonly string[] {
  const ids = lives.map(({ settings, metadata }) => settings[field] ?? metadata[field]);
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

function budgetOf({ extra: { budget_id } }: Live): readonly string[] {
  return typeof budget_id === 'string' ? [budget_id] : [];
}

/** How the server calls the rows that it makes for what has a limit of its own. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Budgets that a `soft_budget` made, each for one key. */
function ownBudgets(budgets: readonly Live[], keys: readonly Live[]): ReadonlyMap<string, Live> {
  const own = budgets.filter(
    ({ id, settings }) =>
      UUID.test(id) &&
      Object.keys(settings).join() === 'soft_budget' &&
      keys.filter((key) => key.settings['budget_id'] === id).length === 1,
  );
  return new Map(own.map((budget) => [budget.id, budget]));
}

function withOwnBudget(key: Live, own: ReadonlyMap<string, Live>): Live {
  const { budget_id, ...settings } = key.settings;
  const budget = typeof budget_id === 'string' ? own.get(budget_id) : undefined;
  return budget === undefined ? key : { ...key, settings: { ...settings, ...budget.settings } };
}
