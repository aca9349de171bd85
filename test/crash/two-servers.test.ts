/** One person, one set's name, two servers: what is for the one is not taken from the other. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { keysIn } from '../support/printed.ts';
import { makeHome, type Seen } from '../support/run.ts';
import { makeServer } from '../support/server.ts';
import { hash, textOf } from './promise.ts';

const [TEST, LIVE] = ['http://test.example', 'http://live.example'];

/** A home from which both servers can be reached, and a spec with this delivery. */
function between(deliver: object) {
  const server = makeServer();
  const ways = new Map([
    [TEST, server.fetch],
    [LIVE, makeServer({ clock: server.clock }).fetch],
  ]);
  const wrap = (): Fetch => (url, init) => {
    const way = ways.get(new URL(url).origin);
    return way === undefined ? Promise.reject(new Error(url)) : way(url, init);
  };
  const home = makeHome({ server, wrap });
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  const keys = ['set-a', 'set-b'].map((key_alias) => ({ key_alias, models: ['gpt-4o-mini'] }));
  writeFileSync(join(home.folder, 'spec.json'), JSON.stringify({ set: 'set', keys, deliver: [deliver] }));
  const run = (url: string, argv: string): Promise<Seen> => home.vkeys([...argv.split(' '), '--url', url]);
  return {
    apply: (url: string) => run(url, 'apply -f spec.json'),
    plan: async (url: string) => (await run(url, 'plan -f spec.json')).stdout,
    remove: (url: string) => run(url, 'delete -f spec.json --yes'),
    keys: async (url: string): Promise<readonly string[]> => {
      return (keysIn(await run(url, 'list -o json')) ?? []).map(({ key_id }) => textOf(key_id));
    },
    /** The hashes of all secrets that are handed out. */
    handedOut: (): readonly string[] => {
      const out = join(home.folder, 'out');
      const texts = readdirSync(out).map((name) => readFileSync(join(out, name), 'utf8'));
      return texts.flatMap((text) => (text.match(/sk-[\w-]{20,}/g) ?? []).map(hash));
    },
  };
}

it.each([
  ['are replaced, which the plan for the other tells', { dotenv: 'out/{key_alias}.env' }, ['live']],
  ['stand side by side, with their addresses', { json: 'out/keys.json' }, ['live', 'test']],
  ['stand side by side', { csv: 'out/keys.csv' }, ['live', 'test']],
] as const)(
  'what is done on one server touches no key of the other, and hand-outs with one path for both %s',
  async (_, deliver, whose) => {
    const { apply, plan, remove, keys, handedOut } = between(deliver);
    expect(await apply(TEST)).toMatchObject({ code: 0 });
    const test = await keys(TEST);
    expect(await apply(LIVE)).toMatchObject({ code: 0 });
    const live = await keys(LIVE);
    expect([await keys(TEST), new Set([...test, ...live]).size]).toEqual([test, 4]);
    expect(handedOut().toSorted()).toEqual(whose.flatMap((which) => ({ live, test })[which]).toSorted());
    expect((await plan(TEST)).includes('Would write again')).toBe(!handedOut().includes(test[0] ?? ''));
    expect(await remove(TEST)).toMatchObject({ code: 0 });
    expect([await keys(TEST), await keys(LIVE)]).toEqual([[], live]);
    expect(await apply(LIVE)).toMatchObject({ code: 0 });
    expect(handedOut().toSorted()).toEqual(live.toSorted());
  },
);
