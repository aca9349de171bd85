/**
 * Two runs on two machines, each with a keyring of its own, in every order that their steps can have. As on LiteLLM the
 * alias is looked up before the key is stored, so that both can get through.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { toLive } from '../../src/litellm/rows.ts';
import type { Applied } from '../../src/apply/levels.ts';
import type { Landed } from '../../src/model/landed.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { Store } from '../../src/apply/ports.ts';
import { after, desired, makeSite, mint, NOW, survey } from '../support/make.ts';
import { interleaved, type Turn } from '../support/interleaved.ts';
import { namesOf } from '../support/whole.ts';

type Table = Map<string, Live>;
const DONE: Landed = { is: 'done', value: undefined };

/** LiteLLM as far as a race goes; each step of its work waits for its turn. */
function storeOn(table: Table, turn: Turn, minting: boolean): Store {
  const insert = async (id: string, body: JsonObject): Promise<Landed> => {
    await turn();
    const same = [...table.values()].filter(({ name }) => name === body['key_alias']);
    if (same.some((key) => key.id === id)) return DONE;
    if (same.length > 0) return { is: 'refused', error: new VkeysError('api', 'The alias is taken.', 'See by whom.') };
    await turn();
    table.set(id, toLive({ ...body, token: id, created_at: tick() }, '/key/list'));
    return DONE;
  };
  return {
    kind: 'key',
    survey: async () => {
      await turn();
      return survey([...table.values()]);
    },
    create: async (body, ours) => {
      if (minting && ours !== null) return { is: 'mints' };
      const secret = ours ?? mint();
      const landed = await insert(secret.hash(), body(NOW));
      return landed.is === 'done' ? { is: 'done', value: { id: secret.hash(), secret } } : landed;
    },
    get: () => Promise.reject(new Error('nothing is asked for here')),
    update: () => Promise.reject(new Error('nothing is updated here')),
    remove: async (ids) => {
      await turn();
      for (const id of ids) table.delete(id);
      return new Map(ids.map((id) => [id, DONE]));
    },
  };
}

let ticks = 0;

/** The server's clock: of two inserts the first is older. */
function tick(): string {
  ticks += 1;
  return after(ticks);
}

async function race(order: readonly boolean[], wanted: readonly Desired[], minting: boolean): Promise<void> {
  const table: Table = new Map();
  const runs = await interleaved(order, (turn) =>
    makeSite().apply(wanted, { stores: new Map([['key', storeOn(table, turn, minting)]]), concurrency: 1 }),
  );
  expect(namesOf([...table.values()])).toEqual(namesOf(wanted.map(({ ref }) => ref)));
  expect(runs.flatMap((run) => falseClaims(run, table))).toEqual([]);
  const known = runs.flatMap(({ outcomes }) => outcomes.flatMap(({ secret }) => secret?.hash() ?? []));
  expect(known.toSorted()).toEqual([...table.keys()].toSorted());
}

/** Creations that are told as applied although the key is not there. */
function falseClaims({ outcomes }: Pick<Applied, 'outcomes'>, table: Table): readonly string[] {
  return outcomes
    .filter(({ status, change }) => status === 'applied' && change.action === 'create')
    .flatMap(({ secret }) => (table.has(secret?.hash() ?? '') ? [] : 'a key that is not there'));
}

/** Every order of five steps of each run: list, look up, insert, list, delete. */
const ORDERS = Array.from({ length: 2 ** 10 }, (_, bits) =>
  Array.from({ length: 10 }, (__, bit) => (bits & (1 << bit)) !== 0),
).filter((order) => order.filter(Boolean).length === 5);

it.each([
  ['their own', false],
  ["the server's", true],
])('two runs that create one key with %s secrets end with one, known to the one that says so', async (_, minting) => {
  for (const order of ORDERS) await race(order, [desired()], minting);
});

it('two runs that create several keys end with one each', async () => {
  const wanted = ['a', 'b', 'c'].map((name) => desired({ name }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 12, maxLength: 24 }), (order) => race(order, wanted, false)),
    { numRuns: 150 },
  );
});

it('a run whose key was second takes it away and says so', async () => {
  const table: Table = new Map();
  const lookTogether = [true, false, true, false, true, false];
  const runs = await interleaved(lookTogether, (turn) =>
    makeSite().apply([desired()], { stores: new Map([['key', storeOn(table, turn, false)]]) }),
  );
  expect(runs.map(({ outcomes }) => outcomes[0]?.status)).toEqual(['applied', 'skipped']);
  expect(runs[1].notices).toMatchObject([{ code: 'race', ref: { kind: 'key', name: 'a' } }]);
});
