/** What each server has, looked at once for all of its sets. */
import type { Store } from '../apply/ports.ts';
import { FIELD_NAMES } from '../kinds/key.ts';
import { readHealth } from '../litellm/health.ts';
import { keyStore, maskOf } from '../litellm/key-store.ts';
import type { Detail } from '../litellm/survey.ts';
import type { Kind } from '../model/ref.ts';
import type { Desired } from '../model/resource.ts';
import type { Survey, Surveys, Wanted } from '../model/survey.ts';
import type { PeopleWish } from '../plan/references.ts';
import { lapsedIn } from '../plan/sandbox.ts';
import { wasJustMade } from '../plan/vanished.ts';
import type { SpecOptions } from './options.ts';
import type { Session } from './open.ts';
import { NOBODY_SEEN, peopleStores, surveyPeople, type People, type Wish } from './people.ts';
import type { World } from './world.ts';

/** One server of a run. */
export type SurveyedServer = {
  readonly session: Session;
  readonly stores: ReadonlyMap<Kind, Store>;
  readonly surveys: Surveys;
  /** What each set wants, with ids where its spec has names. */
  readonly wishes: People['wishes'];
  /** Asks for its version, once. */
  readonly version: () => Promise<string | null>;
  /** Its version, where it was asked for. */
  readonly knownVersion: () => string | null;
};

/** Milliseconds between two looks for keys that were made a moment ago. */
const WAITS = [500, 1000, 2000, 4000];

/** Looks at the server. What was made a moment ago and does not show is looked for again for some seconds. */
export async function surveyServer(
  world: World,
  session: Session,
  all: readonly PeopleWish[],
  options: Pick<SpecOptions, 'prune' | 'scan' | 'only'>,
): Promise<SurveyedServer> {
  const wishes = all.map((wish) => ({ ...wish, desired: wish.desired.filter(({ ref }) => ref.kind === 'key') }));
  const look = detailOf(wishes.flatMap(({ desired }) => desired));
  const wanted = wantedOf(wishes, options);
  const looking = keyStore(session.connection, look);
  const people = await surveyPeople(session.connection, all, options);
  let survey = await looking.survey(wanted);
  for (const wait of WAITS) {
    if (session.stop.aborted || !isBehind(survey, wishes)) break;
    await world.sleep(wait, session.stop);
    survey = await looking.survey(wanted);
  }
  return serverOf(world, session, look, survey, people);
}

/** A server that was looked at, with these fields of its keys. What changes it is not cut by the deadline. */
export function serverOf(
  world: World,
  session: Session,
  look: Partial<Detail>,
  survey: Survey,
  people: People = NOBODY_SEEN,
): SurveyedServer {
  const connection = { ...session.connection, signal: world.abort };
  const store: Store = keyStore(connection, look, survey.lives);
  let asked: Promise<string | null> | null = null;
  let known: string | null = null;
  return {
    session,
    stores: new Map([...peopleStores(connection), [store.kind, store]]),
    surveys: new Map([...people.surveys, [survey.kind, survey]]),
    wishes: people.wishes,
    version: () =>
      (asked ??= readHealth(session.connection).then(({ version }) => {
        known = version;
        return version;
      })),
    knownVersion: () => known,
  };
}

/** All that is known of keys: what one has to be looked at with that is to be made once more (`kinds/desired`). */
export const WHOLE: Detail = { fields: new Set(FIELD_NAMES), columns: ['total_spend', 'last_active'] };

/** What of each thing is looked at: the fields that it is to have, and what it spent, which is told when it is gone. */
export function detailOf(desired: readonly Desired[]): Detail {
  return {
    fields: new Set(desired.flatMap(({ settings, names = {} }) => [...Object.keys(settings), ...Object.keys(names)])),
    columns: [...new Set([...desired.flatMap(({ extra }) => Object.keys(extra)), 'total_spend', 'last_active'])],
  };
}

function wantedOf(
  wishes: readonly Wish[],
  { prune, scan, only }: Pick<SpecOptions, 'prune' | 'scan' | 'only'>,
): Wanted {
  const desired = wishes.flatMap((wish) => wish.desired).filter(({ ref }) => only(ref));
  const entries = wishes.flatMap(({ state }) => [...state.entries.values()]);
  const sets = new Set(wishes.map(({ set }) => set));
  return {
    ids: [...new Set(entries.map(({ key_id }) => key_id))],
    masks: new Map(
      entries.flatMap(({ key_id, secret }) => (secret.isOpen() ? [[key_id, maskOf(secret)] as const] : [])),
    ),
    keep: ({ mark }) => mark !== null && sets.has(mark.set),
    names: [...new Set(desired.flatMap(({ ref, previously }) => [ref.name, ...previously]))],
    all: prune || scan,
  };
}

/** Whether something that was made a moment ago is not there. */
function isBehind(survey: Survey, wishes: readonly Wish[]): boolean {
  const there = new Set(survey.lives.map(({ id }) => id));
  return wishes.some(({ desired, state }) => {
    const names = new Set(desired.flatMap(({ ref, previously }) => [ref.name, ...previously]));
    const lapsed = lapsedIn(state, new Map([[survey.kind, survey]]));
    return [...state.entries.values()].some(
      (entry) =>
        wasJustMade(entry, survey.now) &&
        !there.has(entry.key_id) &&
        !lapsed.has(entry.key_id) &&
        names.has(entry.name),
    );
  });
}
