/** One address, and not always the same server behind it; or one server, and a lagging look at it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Live } from '../../src/model/resource.ts';
import { RefusedError } from '../../src/run/plan.ts';
import { answer, connect, desired } from '../support/make.ts';
import { makeServer, MASTER_KEY, type TestServer } from '../support/server.ts';
import { namesOf } from '../support/whole.ts';
import { changesIn, keysOf, makeMachine, spec } from './machine.ts';
import { often } from '../support/often.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const crew = spec('crew', NAMES);

function storeOn({ fetch, clock }: TestServer): ReturnType<typeof keyStore> {
  return keyStore(connect(fetch, { now: clock.now, secret: new Secret(MASTER_KEY) }));
}

async function keysOn(server: TestServer): Promise<readonly Live[]> {
  return (await storeOn(server).survey({ ids: [], names: [], all: true })).lives;
}

describe('another server behind the same address', () => {
  it('is refused; with --recreate the keys are made there; and back at the first every secret is known', async () => {
    const first = makeServer();
    const second = makeServer({ clock: first.clock });
    let server = first;
    const machine = makeMachine({ server: () => server });
    const deliver = [{ to: 'json', path: join(machine.folder, 'keys.json') }] as const;
    const specs = [{ ...crew, deliver }];
    const handedOut = (): readonly string[] => {
      const json = parseJson(readFileSync(deliver[0].path, 'utf8'));
      return JSON.stringify(json).match(/sk-[\w-]{20,}/g) ?? [];
    };
    await machine.apply(specs);
    const before = handedOut();
    first.clock.pass(120_000);
    server = second;
    const refused = await machine.apply(specs).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(String(refused)).toMatch(/another server behind the same address.*restored or emptied/s);
    expect([changesIn(machine.requests), handedOut()]).toEqual([[], before]);
    await machine.apply(specs, { recreate: true });
    expect(new Set(handedOut()).size).toBe(4);
    expect(handedOut().filter((secret) => before.includes(secret))).toEqual([]);
    server = first;
    const back = await machine.apply(specs);
    expect([keysOf(back), changesIn(machine.requests)]).toEqual([NAMES.map((name) => `noop ${name} applied`), []]);
    expect(handedOut().toSorted()).toEqual(before.toSorted());
    expect((await machine.keyring('crew')).entries.size).toBe(8);
  });

  it('is not in the way where it is a sandbox that was started again, and back at the first its secrets are known', async () => {
    const first = makeServer({ id: 'one' });
    let server = first;
    const machine = makeMachine({ server: () => server });
    const path = join(machine.folder, 'keys.json');
    const specs = [{ ...crew, deliver: [{ to: 'json', path }] as const }];
    const secretsIn = (): readonly string[] => readFileSync(path, 'utf8').match(/sk-[\w-]{20,}/g) ?? [];
    await machine.apply(specs);
    const before = secretsIn();
    server = makeServer({ id: 'two', clock: server.clock });
    const ran = await machine.apply(specs);
    expect(keysOf(ran)).toEqual(NAMES.map((name) => `create ${name} applied`));
    expect(ran.report.sets[0]?.notices.map(({ code }) => code)).toEqual(['server']);
    expect([secretsIn().length, secretsIn().filter((secret) => before.includes(secret))]).toEqual([4, []]);
    expect(keysOf(await machine.apply(specs))).toEqual(NAMES.map((name) => `noop ${name} applied`));
    server = first;
    expect(keysOf(await machine.apply(specs))).toEqual(NAMES.map((name) => `noop ${name} applied`));
    expect(secretsIn().toSorted()).toEqual(before.toSorted());
  });
});

/** Lists answer as they were so many milliseconds ago; everything else is answered at once. */
function lagging(server: TestServer, lag: () => number): (fetch: Fetch) => Fetch {
  const past: { readonly at: number; readonly text: string }[] = [];
  return (fetch) => async (url, init) => {
    if (new URL(url).pathname !== '/key/list') {
      const answered = await fetch(url, init);
      if (init.method === 'POST') past.push({ at: server.clock.now().getTime(), text: await listOn(server) });
      return answered;
    }
    const answered = await fetch(url, init);
    const then = server.clock.now().getTime() - lag();
    const text = past.findLast(({ at }) => at <= then)?.text ?? EMPTY;
    return { ...answered, text: () => Promise.resolve(text) };
  };
}

const EMPTY = JSON.stringify({ keys: [], total_count: 0, current_page: 1, total_pages: 0 });

async function listOn({ sandbox }: TestServer): Promise<string> {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const path = '/key/list?return_full_object=true&size=100';
  return sandbox.handle({ method: 'GET', path, headers, body: '' }).body;
}

/** What may happen between and in two runs. */
type Event =
  | { readonly is: 'switch' | 'wait' | 'back-up' | 'restore' }
  | { readonly is: 'delete'; readonly at: number }
  | { readonly is: 'apply'; readonly names: number; readonly prune: boolean; readonly cut: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>({ is: 'switch' }, { is: 'wait' }),
  fc.nat(3).map((at): Event => ({ is: 'delete', at })),
  fc.record({ is: fc.constant('apply' as const), names: fc.nat(4), prune: fc.boolean(), cut: fc.nat(14) }),
);

it('after any history, a key that is alive anywhere has its secret in the keyring', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 12 }), async (history) => {
      const first = makeServer();
      const servers = [first, makeServer({ clock: first.clock })] as const;
      let [at, left] = [0, Infinity];
      const here = (): TestServer => servers[at === 0 ? 0 : 1];
      const wrap =
        (fetch: Fetch): Fetch =>
        async (url, init) => {
          left -= 1;
          if (left === 0) return answer(400, { detail: 'No.' });
          const answered = await fetch(url, init);
          if (left < 0) throw new Error('the process is gone');
          return answered;
        };
      const machine = makeMachine({ server: here, wrap });
      for (const each of history) {
        if (each.is === 'switch') at = 1 - at;
        if (each.is === 'wait') first.clock.pass(3_700_000);
        if (each.is === 'delete') {
          const gone = (await keysOn(here()))[each.at];
          if (gone !== undefined) await storeOn(here()).remove([gone.id]);
        }
        if (each.is !== 'apply') continue;
        left = each.cut > 10 ? Infinity : each.cut;
        const how = { prune: each.prune, recreate: true, maxDeletions: { percent: 100 } };
        await machine.apply([spec('crew', NAMES.slice(0, each.names))], how).catch(() => undefined);
        const { entries } = await machine.keyring('crew');
        const lives = (await Promise.all(servers.map(keysOn))).flat();
        expect(lives.filter(({ id }) => !entries.has(id)).map(({ name }) => name)).toEqual([]);
      }
      left = Infinity;
      for (at = 0; at < 2; at += 1) {
        const ran = await machine.apply([crew], { recreate: true });
        expect(ran.report.sets.flatMap(({ outcomes }) => outcomes.filter(({ secret }) => secret === null))).toEqual([]);
      }
    }),
    { numRuns: often(60) },
  );
});

describe('a server that reads some seconds behind what it wrote', () => {
  it.each([2000, 5000])('of %i ms: nothing is made twice, told as ignored, or pruned', async (lag) => {
    const server = makeServer();
    const machine = makeMachine({ server: () => server, wrap: lagging(server, () => lag) });
    for (let run = 0; run < 3; run += 1) {
      const ran = await machine.apply([crew], { prune: true });
      expect(ran.report.sets.flatMap(({ notices }) => notices)).toEqual([]);
      expect(keysOf(ran)).toEqual(NAMES.map((name) => `${run === 0 ? 'create' : 'noop'} ${name} applied`));
      expect(namesOf(await keysOn(server))).toEqual(NAMES);
    }
    const dearer = spec('crew', [], { desired: NAMES.map((name) => desired({ name, settings: { max_budget: 5 } })) });
    const changed = await machine.apply([dearer]);
    expect(keysOf(changed)).toEqual(NAMES.map((name) => `update ${name} applied`));
    expect(changed.report.sets.flatMap(({ notices }) => notices)).toEqual([]);
    const fewer = { ...dearer, desired: dearer.desired.slice(0, 3) };
    expect(keysOf(await machine.apply([fewer], { prune: true }))).toContain('delete d applied');
    expect(keysOf(await machine.apply([fewer], { prune: true }))).toEqual(
      ['a', 'b', 'c'].map((name) => `noop ${name} applied`),
    );
  });

  it('only in the next run, on another machine of its: what a list lacks is asked for by its hash', async () => {
    const server = makeServer();
    const lag = { now: 0 };
    const machine = makeMachine({ server: () => server, wrap: lagging(server, () => lag.now) });
    await machine.apply([crew]);
    lag.now = 8000;
    expect(keysOf(await machine.apply([crew]))).toEqual(NAMES.map((name) => `noop ${name} applied`));
    lag.now = 60_000;
    expect(keysOf(await machine.apply([crew]))).toEqual(NAMES.map((name) => `noop ${name} applied`));
    expect(changesIn(machine.requests)).toEqual([]);
  });
});
