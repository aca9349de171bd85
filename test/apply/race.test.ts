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
import type { Desired, Live } from '../../src/model/model.ts';
import type { Server } from '../../src/apply/ports.ts';
import { after, desired, makeSite, mint, snapshot } from '../support/make.ts';
import { aliasesOf } from '../support/whole.ts';

type Table = Map<string, Live>;
type Turn = () => Promise<void>;

/** LiteLLM as far as a race goes; each step of its work waits for its turn. */
function serverOn(table: Table, turn: Turn, minting: boolean): Server {
  const insert = async (key_id: string, body: JsonObject): Promise<void> => {
    await turn();
    const same = [...table.values()].filter(({ key_alias }) => key_alias === body['key_alias']);
    if (same.some((key) => key.key_id === key_id)) return;
    if (same.length > 0) throw refusal(400, 'alias_taken');
    await turn();
    table.set(key_id, toLive({ ...body, token: key_id, created_at: tick() }, '/key/list'));
  };
  return {
    list: async () => {
      await turn();
      return snapshot([...table.values()]);
    },
    create: (secret, body) =>
      minting ? Promise.reject(refusal(403, 'custom_keys_disabled')) : insert(secret.hash(), body),
    createMinted: async (body) => {
      const secret = mint();
      await insert(secret.hash(), body);
      return secret;
    },
    info: async (key_id) => {
      await turn();
      return table.get(key_id) ?? null;
    },
    update: () => Promise.reject(new Error('nothing is updated here')),
    delete: async (key_ids) => {
      await turn();
      for (const key_id of key_ids) table.delete(key_id);
    },
  };
}

let ticks = 0;

/** The server's clock: of two inserts the first is older. */
function tick(): string {
  ticks += 1;
  return after(ticks);
}

function refusal(status: number, code: string): VkeysError {
  return new VkeysError('api', 'LiteLLM refused it.', 'See why.', { details: { status, code } });
}

/** Lets two runs go on by turns, as `order` says (`true`: the first). */
async function interleaved<T>(order: readonly boolean[], run: (turn: Turn) => Promise<T>): Promise<readonly [T, T]> {
  const waiting: [(() => void)[], (() => void)[]] = [[], []];
  const turnOf = (which: 0 | 1) => (): Promise<void> => new Promise((go) => void waiting[which].push(go));
  const both = Promise.all([run(turnOf(0)), run(turnOf(1))]);
  let done = false;
  const end = (): void => {
    done = true;
  };
  both.then(end, end);
  for (let step = 0; ; step += 1) {
    await new Promise(setImmediate);
    const [first, second] = order[step] === true ? waiting : waiting.toReversed();
    const go = first?.shift() ?? second?.shift();
    if (go === undefined && done) return both;
    go?.();
  }
}

async function race(order: readonly boolean[], wanted: readonly Desired[], minting: boolean): Promise<void> {
  const table: Table = new Map();
  const runs = await interleaved(order, (turn) =>
    makeSite().apply(wanted, { server: serverOn(table, turn, minting), concurrency: 1 }),
  );
  expect(aliasesOf([...table.values()])).toEqual(aliasesOf(wanted));
  expect(runs.flatMap((run) => falseClaims(run, table))).toEqual([]);
  const known = runs.flatMap(({ outcomes }) => outcomes.flatMap(({ secret }) => secret?.hash() ?? []));
  expect(known.toSorted()).toEqual([...table.keys()].toSorted());
}

/** Creations that are told as applied although the key is not there. */
function falseClaims({ outcomes }: Applied, table: Table): readonly string[] {
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
  const wanted = ['a', 'b', 'c'].map((key_alias) => desired({ key_alias }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 12, maxLength: 24 }), (order) => race(order, wanted, false)),
    { numRuns: 150 },
  );
});

it('a run whose key was second takes it away and says so', async () => {
  const table: Table = new Map();
  const lookTogether = [true, false, true, false, true, false];
  const runs = await interleaved(lookTogether, (turn) =>
    makeSite().apply([desired()], { server: serverOn(table, turn, false) }),
  );
  expect(runs.map(({ outcomes }) => outcomes[0]?.status)).toEqual(['applied', 'skipped']);
  expect(runs[1].notices).toMatchObject([{ code: 'race', key_alias: 'a' }]);
});
