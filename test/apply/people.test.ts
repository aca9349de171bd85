/** Teams and budgets, which have no secrets, and their keys: known by ids of our choice, made before what names them. */
import { beforeEach, expect, it } from 'vitest';
import { applyAll } from '../../src/apply/levels.ts';
import type { Store } from '../../src/apply/ports.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { KINDS } from '../../src/kinds/kinds.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Keyring } from '../../src/model/keyring.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Desired } from '../../src/model/resource.ts';
import { makePlan } from '../../src/plan/make.ts';
import { peopleStores } from '../../src/run/people.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import { connect, delivererTo, desired, PLAIN, ports, SET } from '../support/make.ts';
import { makeServer, type TestServer } from '../support/server.ts';

const no = new VkeysError('api', 'No.', 'Ask.');
const team = desired({ ref: { kind: 'team', name: 'lab' }, id: 'T' });
const budget = desired({ ref: { kind: 'budget', name: 'small' }, id: 'small', settings: { max_budget: 5 } });

let server: TestServer;
let keyring: Keyring;
beforeEach(() => {
  server = makeServer({ masterKey: 'sk-sandbox' });
  keyring = memoryKeyring();
});

function stores(): ReadonlyMap<string, Store> {
  const connection = connect(server.fetch);
  return new Map([...peopleStores(connection), ['key', keyStore(connection)]]);
}

/** What `vkeys apply --prune` does. `changes`: what the store of a kind does otherwise after the plan. */
async function run(
  wanted: readonly Desired[],
  changes: Readonly<Record<string, (real: Store) => Partial<Store>>> = {},
): Promise<readonly Outcome[]> {
  const real = stores();
  const all = { ids: [], names: [], all: true };
  const surveys = new Map(
    await Promise.all([...real].map(async ([kind, store]) => [kind, await store.survey(all)] as const)),
  );
  const intent = { set: SET, isNamed: true, state: 'present', desired: wanted } as const;
  const basis = { surveys, kinds: KINDS, keyring: keyring.state(), version: null };
  const { plan } = makePlan(intent, basis, { ...PLAIN, prune: true });
  const work = { plan, keyring, deliverer: delivererTo(new Map()), isSurveyed: true };
  const spoiled = [...real].map(([kind, store]) => [kind, { ...store, ...changes[kind]?.(store) }] as const);
  const { applied, error } = await applyAll([work], ports({ kinds: KINDS, stores: new Map(spoiled), surveys }));
  if (error !== null) throw error;
  return applied.flatMap(({ outcomes }) => outcomes);
}

const ends = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ change: { action, ref }, status }) => `${action} ${ref.kind} ${ref.name} ${status}`);

async function idsOf(kind: string): Promise<readonly string[]> {
  const { lives } = (await stores().get(kind)?.survey({ ids: [], names: [], all: true })) ?? { lives: [] };
  return lives.map(({ id }) => id);
}

it('a key whose team could not be made is not made: the server would take any id', async () => {
  const key = desired({ name: 'k', settings: { team_id: 'T' } });
  const refuse = { team: () => ({ create: () => Promise.resolve({ is: 'refused', error: no } as const) }) };
  const outcomes = await run([key, team], refuse);
  expect(ends(outcomes)).toEqual(['create team lab failed', 'create key k failed']);
  expect(outcomes.map(({ error }) => error?.message)).toEqual(['No.', 'Its team lab could not be made.']);
  expect(await idsOf('key')).toEqual([]);
  expect(ends(await run([key, team]))).toEqual(['create team lab applied', 'create key k applied']);
});

it('what is known by its id alone is forgotten when it is deleted', async () => {
  await run([budget]);
  expect([...keyring.state().things.values()]).toMatchObject([{ kind: 'budget', id: 'small' }]);
  expect(ends(await run([]))).toEqual(['delete budget small applied']);
  expect([keyring.state().things.size, await idsOf('budget')]).toEqual([0, []]);
});

it.each(['refused', 'unsettled'] as const)(
  'a budget without a mark is ours unless the server refused to make it (%s)',
  async (is) => {
    const create = (real: Store): Partial<Store> => ({
      create: async (body, secret) => {
        await real.create(body, secret);
        return { is, error: no };
      },
    });
    const isOurs = is === 'unsettled';
    expect(ends(await run([budget], { budget: create }))).toEqual([
      `create budget small ${isOurs ? 'applied' : 'failed'}`,
    ]);
    expect([keyring.state().things.size, await idsOf('budget')]).toEqual([isOurs ? 1 : 0, ['small']]);
  },
);

it('what was made and could not be looked at is told as that, and settled by the next run', async () => {
  const outcomes = await run([team], { team: () => ({ survey: () => Promise.reject(no) }) });
  expect(outcomes[0]?.error).toMatchObject({
    message: 'lab was created, but could not be read back. No.',
    hint: 'Run the same command again: it looks, and settles it.',
  });
  expect(ends(await run([team]))).toEqual(['noop team lab applied']);
});
