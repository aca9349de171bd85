/** What the contract tests of teams, users, budgets and members have in common. */
import { randomBytes } from 'node:crypto';
import { afterAll } from 'vitest';
import type { Store } from '../../src/apply/ports.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { BUDGET } from '../../src/kinds/budget.ts';
import { MEMBER } from '../../src/kinds/member.ts';
import { TEAM } from '../../src/kinds/team.ts';
import { USER } from '../../src/kinds/user.ts';
import { budgetStore } from '../../src/litellm/budget-store.ts';
import { sendOnce, type Connection } from '../../src/litellm/http/request.ts';
import { memberStore } from '../../src/litellm/member-store.ts';
import { teamStore } from '../../src/litellm/team-store.ts';
import { userStore } from '../../src/litellm/user-store.ts';
import type { Settings } from '../../src/model/fields.ts';
import { factsOf, type Kinds } from '../../src/model/kind.ts';
import type { Desired, Live, Mark } from '../../src/model/resource.ts';
import { difference, type Difference } from '../../src/plan/diff.ts';
import { desired, expectDone } from '../support/make.ts';
import { connectionTo, type Target } from './targets.ts';

export const PEOPLE: Kinds = new Map([BUDGET, USER, TEAM, MEMBER].map((facts) => [facts.kind, facts]));

/** A place for people on a target: what is in it goes away at the end. */
export type PeopleGround = {
  readonly connection: Connection;
  /** The store of a kind, as a run of its own has it. */
  store(kind: string, connection?: Connection): Store;
  /** A name, or an id, that no other run has. */
  name(of: string): string;
  /** Makes what is wanted as apply does, and answers with what the server has. */
  make(wanted: Desired): Promise<Live>;
  /** Brings it to what is wanted as apply does; answers with what it is then, and with what could not be done. */
  bring(live: Live, wanted: Desired): Promise<{ readonly live: Live } & Pick<Difference, 'notices'>>;
  /** Asks past vkeys. */
  ask(method: 'GET' | 'POST', path: string, about: JsonObject): Promise<Json>;
};

export function makePeopleGround(target: Target): PeopleGround {
  const prefix = `vkp-${randomBytes(4).toString('hex')}`;
  const connection = connectionTo(target);
  const stores: Readonly<Record<string, (connection: Connection) => Store>> = {
    budget: budgetStore,
    user: userStore,
    team: teamStore,
    member: memberStore,
  };
  const store = (kind: string, through = connection): Store => {
    const make = stores[kind];
    if (make === undefined) throw new Error(`no store for ${kind}`);
    return make(through);
  };
  afterAll(async () => {
    for (const kind of ['team', 'user', 'budget']) {
      const { lives } = await store(kind).survey({ ids: [], names: [], all: true });
      const ours = lives.filter(({ id, name }) => id.startsWith(prefix) || name?.startsWith(prefix) === true);
      await store(kind).remove(ours.map(({ id }) => id));
    }
  });
  return {
    connection,
    store,
    name: (of) => `${prefix}${of}`,
    make: async (wanted) => {
      const { kind } = wanted.ref;
      const landed = await store(kind).create((now) => factsOf(PEOPLE, kind).make(wanted, markOf(wanted), now), null);
      if (landed.is === 'mints') throw new Error('people have no secrets');
      const { id } = expectDone(landed);
      const live = await store(kind).get(id);
      if (live === null) throw new Error(`${kind} ${id} is not there`);
      return live;
    },
    bring: async (live, wanted) => {
      const facts = factsOf(PEOPLE, live.kind);
      const server = { kind: facts, now: target.now(), listed: null, version: target.version };
      const { changes, notices } = difference(wanted, live, server);
      if (changes.length === 0) return { live, notices };
      const landed = await store(live.kind).update(live.id, (now) => facts.patch(changes, live, null, now));
      return { live: expectDone(landed), notices };
    },
    ask: async (method, path, about) => {
      const request = method === 'GET' ? { query: about as Readonly<Record<string, string>> } : { body: () => about };
      return (await sendOnce(connection, { method, path, ...request })).body;
    },
  };
}

/** The mark of the set that the tests are. */
export function markOf({ ref }: Desired): Mark {
  return { set: 'people', name: ref.name };
}

/** What a spec wants of a thing; its id is its name, where the client chooses one. */
export function wish(kind: string, name: string, settings: Settings = {}, more: Partial<Desired> = {}): Desired {
  const id = factsOf(PEOPLE, kind).identity === null ? {} : { id: name };
  return desired({ ref: { kind, name }, ...id, settings, ...more });
}
