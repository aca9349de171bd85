/**
 * What a server has of the budgets, users, teams and members that specs are about, each looked at only where a spec or a
 * keyring names one. Teams come first, because members are known by the ids of both.
 */
import type { Store } from '../apply/ports.ts';
import { KINDS } from '../kinds/kinds.ts';
import { memberId, memberOf } from '../kinds/member.ts';
import { REFERENCES } from '../kinds/references.ts';
import { budgetStore } from '../litellm/budget-store.ts';
import type { Connection } from '../litellm/http/request.ts';
import { memberStore } from '../litellm/member-store.ts';
import type { Detail } from '../litellm/survey.ts';
import { teamStore } from '../litellm/team-store.ts';
import { userStore } from '../litellm/user-store.ts';
import type { Kind } from '../model/ref.ts';
import type { Desired } from '../model/resource.ts';
import { emptySurvey, type Survey, type Wanted } from '../model/survey.ts';
import { resolved, type PeopleWish, type Resolved } from '../plan/references.ts';
import type { SpecOptions } from './options.ts';

/** The stores of all kinds without secrets. */
export function peopleStores(connection: Connection, look: Partial<Detail> = {}): ReadonlyMap<Kind, Store> {
  const stores: readonly Store[] = [
    budgetStore(connection, look),
    userStore(connection, look),
    teamStore(connection, look),
    memberStore(connection, look),
  ];
  return new Map(stores.map((store) => [store.kind, store]));
}

/** What was seen of people, and what each set wants once names are ids. */
export type People = { readonly surveys: ReadonlyMap<Kind, Survey>; readonly wishes: ReadonlyMap<string, Resolved> };

/** Where nobody was looked for. */
export const NOBODY_SEEN: People = { surveys: new Map(), wishes: new Map() };

/** What of a set decides what has to be looked at. */
export type Wish = Omit<PeopleWish, 'adopt'>;

export async function surveyPeople(
  connection: Connection,
  wishes: readonly PeopleWish[],
  { prune, scan, only }: Pick<SpecOptions, 'prune' | 'scan' | 'only'>,
): Promise<People> {
  const stores = peopleStores(connection);
  const surveys = new Map<Kind, Survey>();
  const look = async (kind: Kind, wanted: Wanted): Promise<void> => {
    const store = stores.get(kind);
    if (store === undefined || !wishes.some((wish) => isAbout(kind, wish, only))) return;
    const isNothing = wanted.ids.length + wanted.names.length === 0;
    const survey = isNothing ? null : await store.survey({ ...wanted, all: wanted.all && (prune || scan) });
    surveys.set(kind, survey ?? emptySurvey(kind, connection.clock.server()));
  };
  await Promise.all(['budget', 'user', 'team'].map((kind) => look(kind, wantedOf(kind, wishes))));
  const found = resolved(wishes, surveys, KINDS);
  const desired = [...found.values()].flatMap((each) => each.desired);
  const there = new Set(surveys.get('team')?.lives.map(({ id }) => id));
  const ids = [...idsOf('member', desired), ...knownIds('member', wishes), ...staffOf(desired)];
  await look('member', {
    ids: [...new Set(ids)].filter((id) => there.has(memberOf(id).team_id)),
    names: [],
    all: false,
    keep: () => true,
  });
  return { surveys, wishes: found };
}

/** Whether a set wants something of a kind, names something of it, or has had something of it that the run is about. */
function isAbout(kind: Kind, { desired, state }: Wish, only: SpecOptions['only']): boolean {
  const fields = REFERENCES.filter((reference) => reference.kind === kind).map(({ field }) => field);
  return (
    desired.some(({ ref, names = {} }) => ref.kind === kind || fields.some((field) => Object.hasOwn(names, field))) ||
    [...state.things.values()].some((thing) => thing.kind === kind && only({ kind, name: thing.name }))
  );
}

/** What of a kind concerns the sets: what they want, what they refer to, and what their keyrings know. */
function wantedOf(kind: Kind, wishes: readonly Wish[]): Wanted {
  const desired = wishes.flatMap((wish) => wish.desired);
  const own = desired.filter(({ ref }) => ref.kind === kind);
  const fields = REFERENCES.filter((reference) => reference.kind === kind).map(({ field }) => field);
  const referred = desired.flatMap(({ names = {} }) => fields.flatMap((field) => names[field] ?? []));
  const sets = new Set(wishes.map(({ set }) => set));
  return {
    ids: [...new Set([...idsOf(kind, desired), ...knownIds(kind, wishes), ...referred])],
    names: [...new Set([...own.flatMap(({ ref, previously }) => [ref.name, ...previously]), ...referred])],
    all: true,
    /* Where a name has to be guessed, all are candidates. */
    keep: ({ mark }) => referred.length > 0 || (mark !== null && sets.has(mark.set)),
  };
}

function idsOf(kind: Kind, desired: readonly Desired[]): readonly string[] {
  return desired.flatMap(({ ref, id }) => (ref.kind === kind && id !== undefined ? [id] : []));
}

function knownIds(kind: Kind, wishes: readonly Wish[]): readonly string[] {
  return wishes.flatMap(({ state }) =>
    [...state.things.values()].flatMap((thing) => (thing.kind === kind ? [thing.id] : [])),
  );
}

/** Teams whose members are all of interest are looked at although none of them may be known. */
function staffOf(desired: readonly Desired[]): readonly string[] {
  return desired.flatMap(({ ref, id, whole = [] }) =>
    ref.kind === 'team' && id !== undefined && whole.includes('member') ? [memberId(id, '')] : [],
  );
}
