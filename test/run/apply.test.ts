/** Whole runs through `run/`, as a pipeline would call it: no command line, no words. */
import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { RefusedError, refusalsOf } from '../../src/run/plan.ts';
import { answer, connect, desired, expectDone } from '../support/make.ts';
import { makeServer, MASTER_KEY, type TestServer } from '../support/server.ts';
import { Secret } from '../../src/base/secret.ts';
import { changesIn, keysOf, makeMachine, one, spec, URL_HERE } from './machine.ts';

function storeOn({ fetch, clock }: TestServer): ReturnType<typeof keyStore> {
  return keyStore(connect(fetch, { now: clock.now, secret: new Secret(MASTER_KEY) }));
}

/** Makes a key past vkeys. */
async function make(server: TestServer, body: Record<string, string>): Promise<string> {
  const created = await storeOn(server).create(() => body, null);
  if (created.is === 'mints') throw new Error('it was asked to');
  return expectDone(created).id;
}

async function aliasesOn(server: TestServer): Promise<readonly string[]> {
  const { lives } = await storeOn(server).survey({ ids: [], names: [], all: true });
  return lives.map(({ name }) => name ?? '').toSorted();
}

it('makes what two sets want, reports it in one shape, and has nothing to do the second time', async () => {
  const machine = makeMachine();
  const specs = [spec('one', ['a', 'b']), spec('two', ['c'])];
  const first = await machine.apply(specs);
  expect(first.error).toBeNull();
  expect(keysOf(first)).toEqual(['create a applied', 'create b applied', 'create c applied']);
  expect(first.report.sets.map(({ set, state, url }) => [set, state, url])).toEqual([
    ['one', 'present', URL_HERE],
    ['two', 'present', URL_HERE],
  ]);
  expect(Object.keys(first.report).toSorted()).toEqual(['ended', 'sets', 'started']);
  const again = await machine.apply(specs);
  expect([keysOf(again), changesIn(machine.requests)]).toEqual([
    ['noop a applied', 'noop b applied', 'noop c applied'],
    [],
  ]);
});

describe('where the second set is refused, nothing is changed anywhere', () => {
  it('because a key of others has the name', async () => {
    const server = makeServer();
    const machine = makeMachine({ server: one(server) });
    await make(server, { key_alias: 'theirs' });
    const specs = [spec('one', ['a']), spec('two', ['theirs'])];
    const refused = await machine.apply(specs).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused).toMatchObject({
      kind: 'refused',
      refusals: [{ code: 'foreign', ref: { kind: 'key', name: 'theirs' } }],
    });
    expect([changesIn(machine.requests), await aliasesOn(server)]).toEqual([[], ['theirs']]);
    expect((await machine.keyring('one')).entries.size).toBe(0);
    expect(refusalsOf(await machine.plan(specs)).map(({ code }) => code)).toEqual(['foreign']);
  });

  it('because the server does not offer its model', async () => {
    const server = makeServer();
    const machine = makeMachine({ server: one(server) });
    const two = spec('two', [], { desired: [desired({ name: 'b', settings: { models: ['no-such'] } })] });
    await expect(machine.apply([spec('one', ['a']), two])).rejects.toMatchObject({ kind: 'spec' });
    expect([changesIn(machine.requests), await aliasesOn(server)]).toEqual([[], []]);
  });

  it('because nobody says yes', async () => {
    const server = makeServer();
    const machine = makeMachine({ server: one(server) });
    const no = new VkeysError('refused', 'No.', 'Say yes.');
    const run = machine.apply([spec('one', ['a'])], {}, { approve: () => Promise.reject(no) });
    await expect(run).rejects.toBe(no);
    expect(changesIn(machine.requests)).toEqual([]);
  });
});

it('ends without a change when whoever looks at the plan says so', async () => {
  const machine = makeMachine();
  const seen: number[] = [];
  const ran = await machine.apply([spec('one', ['a'])], {}, { look: ({ sets }) => seen.push(sets.length) === 0 });
  expect([seen, keysOf(ran), changesIn(machine.requests)]).toEqual([[1], [], []]);
});

it('reads a server once for ten sets, to plan and to find that nothing is to be done', async () => {
  const machine = makeMachine();
  const specs = Array.from({ length: 10 }, (_, index) => spec(`set${String(index)}`, [`a${String(index)}`]));
  const reads = (): number => machine.requests.filter((request) => request === 'GET /key/list').length;
  await machine.plan(specs);
  const planning = reads();
  await machine.apply(specs);
  await machine.apply(specs);
  expect([planning, reads()]).toEqual([1, 1]);
});

describe('guards count over the whole run', () => {
  const three = (set: string) => ['1', '2', '3'].map((number) => `${set}${number}`);

  it('of what is pruned', async () => {
    const server = makeServer();
    const machine = makeMachine({ server: one(server) });
    await machine.apply([spec('one', three('a')), spec('two', three('b'))]);
    const emptied = machine.apply([spec('one', ['a1']), spec('two', ['b1'])], { prune: true });
    await expect(emptied).rejects.toMatchObject({ refusals: [{ code: 'guard' }] });
    expect([changesIn(machine.requests), (await aliasesOn(server)).length]).toEqual([[], 6]);
  });

  it('of what vanished: ten sets of one key each, on another server', async () => {
    let server = makeServer();
    const machine = makeMachine({ server: () => server });
    const specs = ['a', 'b', 'c'].map((name) => spec(name, [name]));
    await machine.apply(specs);
    server.clock.pass(60_000);
    server = makeServer({ clock: server.clock });
    await expect(machine.apply(specs)).rejects.toMatchObject({ refusals: [{ code: 'vanished' }] });
    expect(await aliasesOn(server)).toEqual([]);
    expect(keysOf(await machine.apply(specs, { recreate: true }))).toHaveLength(3);
  });
});

it('refuses two sets that would make a key of one name', async () => {
  const server = makeServer();
  const machine = makeMachine({ server: one(server) });
  const both = machine.apply([spec('one', ['a', 'shared']), spec('two', ['b', 'shared'])]);
  await expect(both).rejects.toMatchObject({ refusals: [{ code: 'collision', ref: { name: 'shared' } }] });
  expect([changesIn(machine.requests), await aliasesOn(server)]).toEqual([[], []]);
});

it('refuses to take a key over in one set that another set of the run would prune', async () => {
  const server = makeServer();
  const machine = makeMachine({ server: one(server) });
  await machine.apply([spec('one', ['a', 'b', 'moved'])]);
  const moved = [spec('one', ['a', 'b']), spec('two', ['moved'])];
  const both = machine.apply(moved, { prune: true, adopt: true });
  await expect(both).rejects.toMatchObject({ refusals: [{ code: 'collision', ref: { name: 'moved' } }] });
  expect(changesIn(machine.requests)).toEqual([]);
  await machine.apply(moved, { adopt: true });
  const pruned = await machine.apply(moved, { prune: true });
  expect([keysOf(pruned), await aliasesOn(server)]).toEqual([
    ['noop a applied', 'noop b applied', 'noop moved applied'],
    ['a', 'b', 'moved'],
  ]);
});

it('of 250 deletions of which the second request is refused, tells 200 as done and 50 as failed', async () => {
  let deletions = 0;
  const server = makeServer();
  const wrap =
    (fetch: Fetch): Fetch =>
    (url, init) => {
      if (!url.endsWith('/key/delete')) return fetch(url, init);
      deletions += 1;
      return deletions === 2 ? answer(403, { detail: 'Not these.' }) : fetch(url, init);
    };
  const machine = makeMachine({ server: one(server), wrap });
  const names = Array.from({ length: 250 }, (_, index) => `a${String(index)}`);
  await machine.apply([spec('one', names)]);
  const ran = await machine.apply([
    spec('one', [], { state: 'absent', desired: names.map((name) => desired({ name, state: 'absent' })) }),
  ]);
  const ends = keysOf(ran).map((text) => text.split(' ').at(-1));
  expect([ends.filter((end) => end === 'applied').length, ends.filter((end) => end === 'failed').length]).toEqual([
    200, 50,
  ]);
  expect([(await aliasesOn(server)).length, (await machine.keyring('one')).entries.size]).toEqual([50, 50]);
});

describe('a credential of the environment', () => {
  const elsewhere = (fields = {}) => spec('one', ['a'], { url: 'http://elsewhere.test', ...fields });

  it('is not sent to another server that only the spec names', async () => {
    const machine = makeMachine();
    await expect(machine.apply([elsewhere()])).rejects.toMatchObject({ kind: 'refused' });
    await expect(machine.plan([spec('two', ['b']), elsewhere()])).rejects.toMatchObject({ kind: 'refused' });
    expect(machine.requests).toEqual([]);
  });

  it('is sent there when the command line says so', async () => {
    const machine = makeMachine();
    const ran = await machine.apply([elsewhere()], { url: 'http://elsewhere.test' });
    expect(keysOf(ran)).toEqual(['create a applied']);
  });

  it('is sent to the server of the environment, however the spec writes its address', async () => {
    const machine = makeMachine();
    expect(keysOf(await machine.apply([elsewhere({ url: `${URL_HERE}/v1/` })]))).toEqual(['create a applied']);
  });
});
