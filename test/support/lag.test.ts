import { describe, expect, it } from 'vitest';
import { isList, isObject, parseJson, type Json, type JsonObject } from '../../src/base/json.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { laggingFetch } from './lag.ts';
import { hashOf } from './make.ts';
import { makeServer, MASTER_KEY } from './server.ts';

const LAG = 5000;
const SECRET = 'sk-made-by-this-test';
const HASH = hashOf(SECRET);

function ways(): Readonly<Record<string, { readonly fetch: Fetch; readonly pass: (milliseconds: number) => void }>> {
  const one = makeServer({ tick: 0, lag: LAG });
  const other = makeServer({ tick: 0 });
  return {
    'a sandbox': { fetch: one.fetch, pass: one.clock.pass },
    'a proxy': { fetch: laggingFetch(other.fetch, other.clock.now, LAG), pass: other.clock.pass },
  };
}

describe.each(Object.entries(ways()))('reads through %s that lags', (_, { fetch, pass }) => {
  const ask = async (method: string, path: string, body?: JsonObject) => {
    const headers = { authorization: `Bearer ${MASTER_KEY}` };
    const init = { method, headers, signal: new AbortController().signal, redirect: 'manual' } as const;
    const answer = await fetch(
      `http://litellm.test${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
    const json = parseJson(await answer.text());
    return { status: answer.status, json: isObject(json) ? json : {} };
  };
  /** What every read says of the key: its budget, or that it is not there. */
  const seen = async (): Promise<readonly unknown[]> => {
    const list = (await ask('GET', '/key/list?return_full_object=true')).json['keys'];
    const many = (await ask('POST', '/v2/key/info', { keys: [HASH] })).json['info'];
    const { status, json } = await ask('GET', `/key/info?key=${HASH}`);
    const one = isObject(json['info']) && json['info']['status'] !== 'deleted' ? [json['info']] : [];
    const budget = (rows: Json | undefined): unknown =>
      (isList(rows) ? rows.filter(isObject) : []).map((row) => row['max_budget'] ?? null)[0] ?? 'none';
    return [budget(list), budget(many), status === 200 ? budget(one) : 'none'];
  };

  it('tell of no creation, change or deletion until some seconds after it', async () => {
    expect(await seen()).toEqual(['none', 'none', 'none']);
    expect((await ask('POST', '/key/generate', { key: SECRET, max_budget: 1 })).status).toBe(200);
    expect(await seen()).toEqual(['none', 'none', 'none']);
    pass(3000);
    expect((await ask('POST', '/key/update', { key: HASH, max_budget: 2 })).json['max_budget']).toBe(2);
    pass(1999);
    expect(await seen()).toEqual(['none', 'none', 'none']);
    pass(1);
    expect(await seen()).toEqual([1, 1, 1]);
    pass(3000);
    expect(await seen()).toEqual([2, 2, 2]);
    await ask('POST', '/key/delete', { keys: [HASH] });
    pass(4999);
    expect(await seen()).toEqual([2, 2, 2]);
    pass(1);
    expect(await seen()).toEqual(['none', 'none', 'none']);
  });
});
