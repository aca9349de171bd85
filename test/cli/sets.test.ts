/**
 * Two sets and more in one run, which should work in phases over all of them, so that a refusal of one changes nothing in
 * another.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isList, isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { answer } from '../support/make.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { crew, makeSetsHome, type SetsHome } from '../support/sets.ts';

const APPLY = 'apply -f spec.yaml';

/** Changes among the requests; looking many keys up is none. */
function changesIn(requests: readonly string[]): readonly string[] {
  return requests.filter((request) => request.startsWith('POST') && !request.endsWith('/v2/key/info'));
}

/** Makes a key past vkeys. */
async function make({ server }: SetsHome, body: JsonObject): Promise<void> {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const init = { method: 'POST', headers, body: JSON.stringify(body), redirect: 'manual' } as const;
  await server.fetch('http://litellm.test/key/generate', { ...init, signal: new AbortController().signal });
}

describe('where the second of two sets is refused', () => {
  it('because a key of others has a wanted alias, nothing is changed in the first', async () => {
    const home = makeSetsHome();
    await make(home, { key_alias: 'theirs' });
    home.wants(crew('one', 2), { set: 'two', keys: [{ key_alias: 'theirs' }] });
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, changesIn(requests), [...(await home.keys()).keys()]]).toEqual([6, [], ['theirs']]);
  });

  it('because a model is not offered, nothing is changed in the first', async () => {
    const home = makeSetsHome();
    home.wants(crew('one', 2), crew('two', 2, { models: ['no-such-model'] }));
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, changesIn(requests), (await home.keys()).size]).toEqual([3, [], 0]);
  });

  it('because nobody said yes to its deletions, nothing is changed in the first', async () => {
    const home = makeSetsHome();
    home.wants(crew('one', 1), crew('two', 2));
    await home.vkeys(APPLY);
    home.wants(crew('one', 2), { ...crew('two', 2), state: 'absent' });
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, changesIn(requests), (await home.keys()).size]).toEqual([6, [], 3]);
  });

  it('because a file that it delivers to is taken by a folder, nothing is changed in the first', async () => {
    const home = makeSetsHome();
    const deliver = [{ dotenv: 'spec.yaml/{key_alias}.env' }];
    home.wants(crew('one', 2), { ...crew('two', 2), deliver });
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, changesIn(requests), (await home.keys()).size]).toEqual([6, [], 0]);
  });

  it('what an earlier run left to settle in the first stays, and the plan tells it', async () => {
    const { home, stray } = await withLostAnswer();
    await make(home, { key_alias: 'theirs' });
    home.wants(crew('one', 1), { set: 'two', keys: [{ key_alias: 'theirs' }] });
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, changesIn(requests)]).toEqual([6, []]);
    expect((await home.keys()).get('one-user1')?.['key_id']).toBe(stray);
    const { stdout } = await home.vkeys('plan -f spec.yaml');
    expect(stdout).toContain('nobody knows');
  });
});

/** A home with a key whose secret the server chose, and told in an answer that was lost. */
async function withLostAnswer(): Promise<{ readonly home: SetsHome; readonly stray: string }> {
  const lose = { next: true };
  const wrap =
    (fetch: Fetch): Fetch =>
    async (url, init) => {
      const answered = await fetch(url, init);
      if (!url.endsWith('/key/generate') || answered.status !== 200 || !lose.next) return answered;
      lose.next = false;
      return answer(500, 'Internal Server Error');
    };
  const home = makeSetsHome({ server: makeServer({ disableCustomKeys: true }), wrap });
  home.wants(crew('one', 1));
  await home.vkeys(APPLY);
  const stray = (await home.keys()).get('one-user1')?.['key_id'];
  if (typeof stray !== 'string') throw new Error('the server did not make the key');
  return { home, stray };
}

describe('guards', () => {
  it('count over the whole run: two sets of three that lose all are refused', async () => {
    const home = makeSetsHome();
    home.wants(crew('one', 3), crew('two', 3));
    await home.vkeys(APPLY);
    home.wants({ set: 'one', keys: [] }, { set: 'two', keys: [] });
    const { code, requests } = await home.vkeys(`${APPLY} --prune --yes`);
    expect([code, changesIn(requests), (await home.keys()).size]).toEqual([6, [], 6]);
  });
});

describe('ten sets on one server', () => {
  const ten = Array.from({ length: 10 }, (_, index) => crew(`set${String(index)}`, 2));
  const readsIn = (requests: readonly string[]): number =>
    requests.filter((request) => request === 'GET /key/list').length;

  it('read it once to plan, and once to find that nothing is to be done', async () => {
    const home = makeSetsHome();
    home.wants(...ten);
    const planned = await home.vkeys('plan -f spec.yaml');
    await home.vkeys(APPLY);
    const again = await home.vkeys(APPLY);
    expect([readsIn(planned.requests), readsIn(again.requests)]).toEqual([1, 1]);
  });
});

describe('JSON', () => {
  const MEMBERS = [
    'budgets',
    'changed',
    'ended',
    'error',
    'keys',
    'members',
    'notices',
    'sets',
    'started',
    'summary',
    'teams',
    'users',
    'version',
  ];

  it.each([
    ['one set', [crew('one', 1)]],
    ['two sets', [crew('one', 1), crew('two', 1)]],
    ['two sets, the second refused', [crew('one', 1), { set: 'two', keys: [{ key_alias: 'theirs' }] }]],
  ])('has one shape: %s', async (_, documents) => {
    const home = makeSetsHome();
    await make(home, { key_alias: 'theirs' });
    home.wants(...documents);
    const value = parseJson((await home.vkeys(`${APPLY} -o json`)).stdout);
    expect(isObject(value) ? Object.keys(value).toSorted() : value).toEqual(MEMBERS);
  });

  it('tells of the first set what was done, though the second failed after its first change', async () => {
    const home = makeSetsHome({
      wrap: (fetch) => (url, init) =>
        init.body?.includes('two-user2') === true ? answer(400, { detail: 'No.' }) : fetch(url, init),
    });
    home.wants(crew('one', 1), crew('two', 2));
    const { code, stdout } = await home.vkeys(`${APPLY} -o json`);
    const value = parseJson(stdout);
    const keys = isObject(value) && isList(value['keys']) ? value['keys'].filter(isObject) : [];
    expect(code).toBe(5);
    expect(keys.map(({ set, key_alias, status }) => [set, key_alias, status])).toEqual([
      ['one', 'one-user1', 'applied'],
      ['two', 'two-user1', 'applied'],
      ['two', 'two-user2', 'failed'],
    ]);
  });
});

describe('deletions in several requests', () => {
  it('of which the second is refused are told as what they are: 200 deleted, 50 failed', async () => {
    let deletions = 0;
    const home = makeSetsHome({
      wrap: (fetch) => (url, init) => {
        if (!url.endsWith('/key/delete')) return fetch(url, init);
        deletions += 1;
        return deletions === 2 ? answer(403, { detail: 'Not these.' }) : fetch(url, init);
      },
    });
    home.wants(crew('one', 250));
    await home.vkeys(APPLY);
    const { code, stdout } = await home.vkeys('delete -f spec.yaml --yes -o json');
    const left = (await home.keys()).size;
    const value = parseJson(stdout);
    expect([code, left, isObject(value) ? value['summary'] : value]).toEqual([
      5,
      50,
      expect.objectContaining({ delete: 200, failed: 50 }),
    ]);
  });
});

describe('the exit code of plan', () => {
  it('is 6 where apply would be refused', async () => {
    const home = makeSetsHome();
    await make(home, { key_alias: 'theirs' });
    home.wants({ set: 'one', keys: [{ key_alias: 'theirs' }] });
    expect((await home.vkeys(APPLY)).code).toBe(6);
    expect((await home.vkeys('plan -f spec.yaml')).code).toBe(6);
  });

  it('with --exit-code is 2 where only a hand-out would be written', async () => {
    const home = makeSetsHome();
    home.wants({ ...crew('one', 1), deliver: [{ dotenv: 'out/{key_alias}.env' }] });
    await home.vkeys(APPLY);
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
    rmSync(join(home.folder, 'out'), { recursive: true });
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(2);
  });
});

describe('what cannot be printed', () => {
  it('as variables is refused before the first change', async () => {
    const home = makeSetsHome();
    home.wants({ set: 'one', keys: [{ key_alias: 'a-b' }, { key_alias: 'a_b' }] });
    const { code, requests } = await home.vkeys(`${APPLY} -o env`);
    expect([3, 6]).toContain(code);
    expect(changesIn(requests)).toEqual([]);
  });

  it('never hides why the run failed', async () => {
    const home = makeSetsHome({
      wrap: (fetch) => (url, init) =>
        init.body?.includes('"c"') === true ? answer(400, { detail: 'Not this one.' }) : fetch(url, init),
    });
    home.wants(crew('one', 1), { set: 'two', keys: [{ key_alias: 'c' }] });
    const { stdout, stderr } = await home.vkeys(APPLY.split(' '), {
      stdout: {
        isTTY: false,
        columns: null,
        write: () => {
          throw new Error('no room');
        },
      },
    });
    expect(stdout + stderr).toContain('Not this one.');
  });
});

describe('two sets that are handed out', () => {
  const both = (to: JsonObject) => [
    { ...crew('one', 3), deliver: [to] },
    { ...crew('two', 3), deliver: [to] },
  ];
  const held = (text: string): number => new Set(text.match(/sk-[\w-]{30,}/g)).size;

  it('in one file each have all their keys in it, or are refused before the first change', async () => {
    for (const to of [{ csv: 'out/keys.csv' }, { json: 'out/keys.json' }]) {
      const home = makeSetsHome();
      home.wants(...both(to));
      const { code, requests } = await home.vkeys(APPLY);
      if (code === 6) expect(changesIn(requests)).toEqual([]);
      else expect([code, held(readFileSync(join(home.folder, Object.values(to)[0] ?? ''), 'utf8'))]).toEqual([0, 6]);
    }
  });

  it('in one place each are refused before the first change', async () => {
    const home = makeSetsHome();
    home.wants(...both({ dotenv: 'out/{user}.env' }));
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, changesIn(requests)]).toEqual([3, []]);
  });

  it('and a run that lost its file writes it again for both', async () => {
    const home = makeSetsHome();
    home.wants(
      { ...crew('one', 2), deliver: [{ csv: 'out/one.csv' }] },
      { ...crew('two', 2), deliver: [{ csv: 'out/two.csv' }] },
    );
    await home.vkeys(APPLY);
    writeFileSync(join(home.folder, 'out/two.csv'), '');
    rmSync(join(home.folder, 'out/one.csv'));
    await home.vkeys(APPLY);
    for (const set of ['one', 'two']) expect(held(readFileSync(join(home.folder, `out/${set}.csv`), 'utf8'))).toBe(2);
  });
});
