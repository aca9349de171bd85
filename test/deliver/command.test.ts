import { describe, expect, test } from 'vitest';
import type { Gone, Known } from '../../src/apply/ports.ts';
import type { VkeysError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import { isWrittenOver, type Place } from '../../src/model/place.ts';
import { gone, handout, known } from './handouts.ts';
import { commandTo, delivererBy, makeStore, PROGRAM, type Store } from './programs.ts';

const ada = handout('ada');
const bob = handout('bob');

const verbsOf = ({ runs }: Store): readonly string[] => runs.splice(0).map(({ args }) => args.join(' '));
const placesIn = (placed: ReadonlyMap<string, readonly Place[]>, { live }: Known): readonly Place[] =>
  placed.get(live.id) ?? [];
const errorsOf = (failed: ReadonlyMap<string, VkeysError>): readonly string[] =>
  [...failed.values()].map(({ message, hint }) => `${message} ${hint}`);

/** Puts a key, and answers with it as the keyring has it then. */
async function put(store: Store, delivery: Delivery, key: Known = known(ada)): Promise<Known> {
  const { placed, failed } = await delivererBy(store.run, delivery).put([key]);
  expect(errorsOf(failed)).toEqual([]);
  return { ...key, places: placesIn(placed, key) };
}

const staleIn = (store: Store, delivery: Delivery, key: Known, left: readonly Gone[] = []) =>
  delivererBy(store.run, delivery).stale([key], left);

const WAYS = [
  ['that prints what is there', commandTo({ check: 'get', create: 'make', remove: 'rm' })],
  ['that says whether something is there', commandTo({ check: 'has', create: 'make', remove: 'rm' })],
  ['that only puts', commandTo({ remove: 'rm' })],
] as const;

describe.each(WAYS)('a command %s', (_, delivery) => {
  test('puts the secret on stdin, once', async () => {
    const store = makeStore();
    expect((await staleIn(store, delivery, known(ada))).put).toEqual(['put ada']);
    const key = await put(store, delivery);
    expect(store.kept).toEqual(new Map([['ada', 'sk-ada-secret']]));
    verbsOf(store);
    const again = await delivererBy(store.run, delivery).put([key]);
    expect(again.written).toEqual([]);
    expect(placesIn(again.placed, key)).toEqual(key.places);
    expect(await staleIn(store, delivery, key)).toEqual({ put: [], remove: [], unknown: [], unheld: [] });
    expect(verbsOf(store).filter((verb) => /^(put|make)/.test(verb))).toEqual([]);
  });

  test('puts it again where the text around it changed', async () => {
    const store = makeStore();
    const key = await put(store, delivery);
    const other: Delivery = { ...delivery, stdin: 'KEY={key}' } as Delivery;
    expect((await staleIn(store, other, key)).put).toEqual(['put ada']);
    await put(store, other, key);
    expect(store.kept.get('ada')).toBe('KEY=sk-ada-secret');
  });

  test('keeps what a newer key of the name put there, and takes it away with that', async () => {
    const store = makeStore();
    const old = await put(store, delivery);
    const secret = new Secret('sk-ada-newer-secret');
    const newer = await put(store, delivery, { ...known(ada), secret, live: { ...old.live, id: secret.hash() } });
    expect(old.places.map((place) => newer.places.map((at) => isWrittenOver(place, at)))).toEqual([[true]]);
    await delivererBy(store.run).remove([gone(ada, old.places)], newer.places);
    expect(store.kept).toEqual(new Map([['ada', 'sk-ada-newer-secret']]));
    await delivererBy(store.run).remove([{ ...gone(ada, newer.places), key_id: secret.hash() }]);
    expect(store.kept.size).toBe(0);
  });

  test('takes it away when the key is gone, once, whatever the spec says then', async () => {
    const store = makeStore();
    const { places } = await put(store, delivery);
    const left = gone(ada, places, false);
    const deliverer = delivererBy(store.run);
    expect((await deliverer.stale([], [left])).remove).toEqual(['put ada']);
    const removed = await deliverer.remove([left]);
    expect(store.kept.size).toBe(0);
    expect(removed).toMatchObject({ written: ['put ada'], failed: new Map(), elsewhere: [], stays: [] });
  });

  test('takes it away from where it is not to be any more', async () => {
    const store = makeStore();
    const key = await put(store, delivery);
    const other = commandTo({ remove: 'rm' }, { name: 'team-{user}' });
    const { withdrawn } = await delivererBy(store.run, other).put([key]);
    expect(withdrawn).toEqual(['put ada']);
    expect(store.kept).toEqual(new Map([['team-ada', 'sk-ada-secret']]));
  });

  test('leaves the key that came in the place of one that is gone', async () => {
    const store = makeStore();
    const old = await put(store, delivery);
    const anew = handout('ada', { secret: new Secret('sk-ada-another-secret') });
    const deliverer = delivererBy(store.run, delivery);
    await deliverer.put([known(anew)]);
    await deliverer.remove([gone(ada, old.places)]);
    expect(store.kept).toEqual(new Map([['ada', 'sk-ada-another-secret']]));
  });

  test('leaves what the same program would take away under another line of the spec', async () => {
    const store = makeStore();
    const key = await put(store, delivery);
    const longer = { ...delivery, path: 'put --wide ada', run: [PROGRAM, 'put', '{user}', '--wide'] } as Delivery;
    await delivererBy(store.run, longer).put([key]);
    expect(store.kept).toEqual(new Map([['ada', 'sk-ada-secret']]));
  });

  test.each(['throws', 'is killed', 'is killed late', 'fails'] as const)('a run that %s is done again', async (how) => {
    const store = makeStore();
    for (const verb of ['put', 'make', 'get', 'has']) {
      store.spoilt.set(verb, how);
      const key = known(ada);
      const first = await delivererBy(store.run, delivery)
        .put([key])
        .catch((error: unknown) => error);
      expect(JSON.stringify([first, first instanceof Map ? [...first] : null])).not.toContain('sk-ada-secret');
      store.spoilt.clear();
      const remembered = await delivererBy(store.run, delivery).places([key]);
      const done = await put(store, delivery, { ...key, places: placesIn(remembered, key) });
      expect(store.kept.get('ada')).toBe('sk-ada-secret');
      expect((await staleIn(store, delivery, done)).put).toEqual([]);
      store.kept.clear();
    }
  });
});

test('what another machine put is known by its proof, and taken away by any', async () => {
  const store = makeStore();
  const delivery = commandTo({ check: 'has', remove: 'rm' });
  const { places } = await put(store, delivery);
  const far = known(
    ada,
    places.map((place) => ({ ...place, host: 'another' })),
  );
  expect((await staleIn(store, delivery, far)).put).toEqual([]);
  expect((await delivererBy(store.run, delivery).put([far])).written).toEqual([]);
  const { written, elsewhere } = await delivererBy(store.run).remove([gone(ada, far.places, false)]);
  expect([written, elsewhere, store.kept.size]).toEqual([['put ada'], [], 0]);
});

describe('what a check prints', () => {
  const delivery = commandTo({ check: 'get', create: 'make', remove: 'rm' });

  test('is enough for a machine that remembers nothing', async () => {
    const store = makeStore();
    store.kept.set('ada', 'sk-ada-secret\n');
    const { put: paths, unknown } = await staleIn(store, delivery, known(ada));
    expect({ paths, unknown }).toEqual({ paths: [], unknown: [] });
    const stranger = { ...known(ada), secret: null };
    expect(await delivererBy(store.run, delivery).stale([stranger], [])).toMatchObject({ put: [], unknown: [] });
    const { written } = await delivererBy(store.run, delivery).put([known(ada)]);
    expect(written).toEqual([]);
  });

  test('tells what was changed or deleted by hand', async () => {
    const store = makeStore();
    const key = await put(store, delivery);
    store.kept.set('ada', 'changed by hand');
    expect((await staleIn(store, delivery, key)).put).toEqual(['put ada']);
    await put(store, delivery, key);
    expect(store.kept.get('ada')).toBe('sk-ada-secret');
    store.kept.delete('ada');
    expect((await staleIn(store, delivery, key)).put).toEqual(['put ada']);
    await put(store, delivery, key);
    expect(store.kept.get('ada')).toBe('sk-ada-secret');
  });

  test('finds a key that is gone by the spec alone, and takes nothing else', async () => {
    const store = makeStore();
    store.kept.set('ada', 'sk-ada-secret').set('bob', 'sk-somebody-else');
    const { written } = await delivererBy(store.run, delivery).remove([gone(ada), gone(bob)]);
    expect(written).toEqual(['put ada']);
    expect(store.kept).toEqual(new Map([['bob', 'sk-somebody-else']]));
  });

  test('is left where it is no key and not remembered', async () => {
    const store = makeStore();
    store.kept.set('ada', 'a password of somebody');
    const { refusals } = await delivererBy(store.run, delivery).check([known(ada)]);
    expect(refusals.map(({ message }) => message)).toEqual([
      `put ada: There is something already that vkeys did not put there: ${PROGRAM} get ada prints no key.`,
    ]);
    const { failed } = await delivererBy(store.run, delivery).put([known(ada)]);
    expect(errorsOf(failed)).toEqual([expect.stringContaining('did not put there')]);
    const looked = await delivererBy(store.run, delivery).look([known(ada)]);
    expect(looked.get(ada.key_id)).toMatchObject([{ path: 'put ada', state: 'foreign' }]);
    expect(store.kept.get('ada')).toBe('a password of somebody');
    store.kept.set('ada', '{"data": {"other": "value"}}');
    expect((await delivererBy(store.run, delivery).check([known(ada)])).refusals).toEqual([]);
  });
});

describe('a check that cannot tell', () => {
  const delivery = commandTo({ check: 'get', remove: 'rm' }, { missing: 'no such thing' });

  test('refuses before anything is made', async () => {
    const store = makeStore();
    store.spoilt.set('get', 'fails');
    const { refusals } = await delivererBy(store.run, delivery).check([known(ada)]);
    expect(refusals.map(({ message }) => message)).toEqual([
      `put ada: ${PROGRAM} get ada failed (exit code 1): HTTP 403 for`,
    ]);
    store.spoilt.clear();
    expect((await delivererBy(store.run, delivery).check([known(ada)])).refusals).toEqual([]);
    expect(store.kept.size).toBe(0);
  });

  test('keeps a key that is gone in mind', async () => {
    const store = makeStore();
    const { places } = await put(store, delivery);
    store.spoilt.set('get', 'fails');
    const { removed, failed } = await delivererBy(store.run).remove([gone(ada, places, false)]);
    expect([removed.size, errorsOf(failed)]).toEqual([0, [expect.stringContaining('HTTP 403')]]);
    expect(store.kept.size).toBe(1);
  });
});

describe('a key that is gone', () => {
  test('is not looked for by programs that cannot look, unless the keyring has its place', async () => {
    const store = makeStore();
    const delivery = commandTo({ remove: 'rm' });
    await delivererBy(store.run, delivery).remove([gone(ada)]);
    expect(verbsOf(store)).toEqual([]);
  });

  test('is gone where somebody took it away by hand', async () => {
    const store = makeStore();
    const checked = commandTo({ check: 'has', remove: 'rm' });
    const { places } = await put(store, checked);
    store.kept.clear();
    verbsOf(store);
    const { failed, removed } = await delivererBy(store.run).remove([gone(ada, places, false)]);
    expect([failed.size, removed.size, verbsOf(store)]).toEqual([0, 1, ['has ada']]);
    const blind = commandTo({ remove: 'rm' }, { missing: 'no such thing' });
    const once = await put(store, blind);
    store.kept.clear();
    expect((await delivererBy(store.run).remove([gone(ada, once.places, false)])).failed.size).toBe(0);
  });

  test('that a program refuses to take away is told, and tried again', async () => {
    const store = makeStore();
    const { places } = await put(store, commandTo({ remove: 'rm' }));
    store.spoilt.set('rm', 'fails');
    const { failed, removed } = await delivererBy(store.run).remove([gone(ada, places, false)]);
    expect([errorsOf(failed), removed.size]).toEqual([[expect.stringMatching(/rm ada failed.*HTTP 403/)], 0]);
  });

  test('stays where there is no command to remove it: told once', async () => {
    const store = makeStore();
    const { places } = await put(store, commandTo({}));
    const { stays, removed, failed } = await delivererBy(store.run).remove([gone(ada, places, false)]);
    expect([stays, removed.size, failed.size]).toEqual([[{ name: 'lab-ada', path: 'put ada' }], 1, 0]);
  });

  test('so does a key that is to be elsewhere', async () => {
    const store = makeStore();
    const key = await put(store, commandTo({}));
    const there = commandTo({}, { name: 'team-{user}' });
    const moved = await delivererBy(store.run, there).put([key]);
    expect([moved.stays, moved.failed.size]).toEqual([[{ name: 'lab-ada', path: 'put ada' }], 0]);
    expect(placesIn(moved.placed, key).map(({ path }) => path)).toEqual(['put team-ada']);
  });
});

describe('what a program is given', () => {
  test('are the fields of the key, and none of our credentials', async () => {
    const store = makeStore();
    await put(store, commandTo({ check: 'has' }, { env: { GH_HOST: 'ghe.{set}' }, timeout: 5000 }));
    for (const { args, input } of store.runs) {
      const { LITELLM_MASTER_KEY: master, LITELLM_PASSWORD: password, ...env } = input.env ?? {};
      expect(input.env).toHaveProperty('LITELLM_MASTER_KEY');
      expect([master, password]).toEqual([undefined, undefined]);
      expect(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))).toEqual({
        GH_HOST: 'ghe.lab',
        VKEYS_KEY_ALIAS: 'lab-ada',
        VKEYS_KEY_ID: ada.key_id,
        VKEYS_SET: 'lab',
        VKEYS_USER: 'ada',
        VKEYS_EXPIRES: '2026-11-24T12:00:00.000Z',
        VKEYS_API_BASE_URL: 'https://litellm.example.com/v1',
        VKEYS_API_ENDPOINT: 'https://litellm.example.com',
      });
      expect(input.patience).toBe(5000);
      expect(input.folder).toBe(process.cwd());
      expect(input.stdin).toBe(args[0] === 'put' ? 'sk-ada-secret' : undefined);
    }
  });

  test.each([
    [{ fd: 3 }, { fd3: 'sk-ada-secret' }],
    [{ stdin: 'Bearer {key} of {user}' }, { stdin: 'Bearer sk-ada-secret of ada' }],
    [
      { stdin: '{{"k": "{key}", "note": "{note}"}}', format: 'json' },
      { stdin: String.raw`{"k": "sk-ada-secret", "note": "a \"b\""}` },
    ],
    [{ variables: { KEY: '{key}', NOTE: '{note}' } }, { stdin: `KEY=sk-ada-secret\nNOTE='a "b"'\n` }],
    [
      { variables: { KEY: '{key}', NOTE: '{note}' }, format: 'json' },
      { stdin: '{\n  "KEY": "sk-ada-secret",\n  "NOTE": "a \\"b\\""\n}\n' },
    ],
  ] as const)('%j is %j', async (more, given) => {
    const store = makeStore();
    const key = handout('ada', { placeholders: { key_alias: 'lab-ada', user: 'ada', set: 'lab', note: 'a "b"' } });
    await put(store, commandTo({}, more), known(key));
    const { stdin, fd3 } = store.runs[0]?.input ?? {};
    expect({ ...(stdin === undefined ? {} : { stdin }), ...(fd3 === undefined ? {} : { fd3 }) }).toEqual(given);
  });

  test("may be the person's code, which no error has either", async () => {
    const store = makeStore();
    const seat = { seat: 17, code: new Secret('17-K7QW-M9XP-RT4H'), at: '' };
    const delivery = commandTo({}, { stdin: '{seat} {code} {key}' });
    await put(store, delivery, { ...known(ada), seat });
    expect(store.kept.get('ada')).toBe('17 17-K7QW-M9XP-RT4H sk-ada-secret');
    store.spoilt.set('put', 'fails');
    const { failed } = await delivererBy(store.run, delivery).put([{ ...known(bob), seat }]);
    expect(errorsOf(failed).join()).not.toMatch(/K7QW|RT4H|sk-bob/);
  });

  test('of a client is what the key has something for', async () => {
    const store = makeStore();
    const delivery = { ...commandTo({}, { variables: { KEY: '{key}', MODEL: '{model}' } }), optional: ['MODEL'] };
    await put(store, delivery);
    expect(store.kept.get('ada')).toBe('KEY=sk-ada-secret\n');
  });
});

test.each([
  ['a/b', 'has one of / \\ % ? # in it'],
  ['..', 'is only dots'],
  ['-x', 'begins with - or @'],
  ['@file', 'begins with - or @'],
  ['a\nb', 'has a control character in it'],
  ['', 'is empty'],
])('a user called %j chooses no other place', async (user, why) => {
  const store = makeStore();
  const key = handout('ada', { user, placeholders: { key_alias: 'lab-ada', user, set: 'lab' } });
  const inRun = commandTo({ check: 'get', remove: 'rm' });
  const inCheck = { ...commandTo({}, { name: 'x' }), check: [PROGRAM, 'get', '{user}'] } as Delivery;
  const inEnv = commandTo({}, { name: 'x', env: { GH_REPO: 'acme/{user}' } });
  for (const delivery of [inRun, inCheck, inEnv]) {
    const { refusals } = await delivererBy(store.run, delivery).check([known(key)]);
    expect(refusals.map(({ message }) => message)).toEqual([
      `lab-ada was not delivered: {user} ${why}, and is in an argument.`,
    ]);
    expect((await delivererBy(store.run, delivery).put([known(key)])).failed.size).toBe(1);
  }
  expect(store.runs).toEqual([]);
});

test('two keys are not put by one command', async () => {
  const store = makeStore();
  const delivery = commandTo({ check: 'get' }, { name: 'shared' });
  const { refusals } = await delivererBy(store.run, delivery).check([known(ada), known(bob)]);
  expect(refusals.map(({ message }) => message)).toEqual([
    'put shared: lab-ada and lab-bob would both be put by the same command.',
  ]);
  expect((await delivererBy(store.run, delivery).put([known(ada), known(bob)])).failed.size).toBe(2);
  expect(store.kept.size).toBe(0);
});

test('a program that is not there is told before anything is made', async () => {
  const store = makeStore();
  const lost = { ...commandTo({}), remove: ['vkeys-no-such-program'] } as Delivery;
  const { refusals } = await delivererBy(store.run, lost).check([known(ada)]);
  expect(refusals.map(({ message }) => message)).toEqual([
    'put ada: There is no program vkeys-no-such-program on PATH.',
  ]);
  const path = { ...commandTo({}), run: ['/no/such/program'] } as Delivery;
  const there = await delivererBy(store.run, path).check([known(ada)]);
  expect(there.refusals.map(({ message }) => message)).toEqual(['put ada: There is no program /no/such/program.']);
});

test('200 keys go to 8 programs at a time, and what one of them refuses is one key', async () => {
  let [now, most] = [0, 0];
  const store = makeStore();
  const users = Array.from({ length: 200 }, (_, at) => `user${String(at)}`);
  const deliverer = delivererBy(async (program, args, input) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    if (args[1] === 'user7') return { exitCode: 1, stdout: '', stderr: 'no' };
    return store.run(program, args, input);
  }, commandTo({}));
  const { failed, written } = await deliverer.put(users.map((user) => known(handout(user))));
  expect([failed.size, written.length, store.kept.size, most]).toEqual([1, 199, 199, 8]);
});

test('each look is one run of the program, however often a run asks', async () => {
  const store = makeStore();
  const delivery = commandTo({ check: 'get', create: 'make' });
  const deliverer = delivererBy(store.run, delivery);
  await deliverer.check([known(ada)]);
  await deliverer.stale([known(ada)], []);
  await deliverer.put([known(ada)]);
  expect(verbsOf(store)).toEqual(['get ada', 'make ada']);
});

test('where something was made meanwhile, making it anew is no end', async () => {
  const store = makeStore();
  const delivery = commandTo({ check: 'get', create: 'make' });
  const deliverer = delivererBy(store.run, delivery);
  await deliverer.stale([known(ada)], []);
  store.kept.set('ada', 'sk-of-another-run');
  expect((await deliverer.put([known(ada)])).failed.size).toBe(0);
  expect(verbsOf(store)).toEqual(['get ada', 'make ada', 'put ada']);
});
