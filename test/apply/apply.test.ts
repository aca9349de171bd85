import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Keyring, Line } from '../../src/model/keyring.ts';
import type { Deliverer, Store, Work } from '../../src/apply/ports.ts';
import { newCodes } from '../../src/model/new-codes.ts';
import { answer, connect, delivererTo, desired, keyringOn, live, makeSite, SET, type Site } from '../support/make.ts';
import { expectNoMore, expectWhole } from '../support/whole.ts';

const told = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ change, status }) => `${change.action} ${change.ref.name} ${status}`);

/** The site's server with some of its answers changed. */
function storesWith(site: Site, changes: (store: Store) => Partial<Store>): ReadonlyMap<string, Store> {
  const store = keyStore(connect(site.fetch, { now: site.now }));
  return new Map([['key', { ...store, ...changes(store) }]]);
}

/** The site's `fetch`, but these paths answer otherwise. */
function fetchWith(site: Site, paths: Readonly<Record<string, () => ReturnType<Fetch>>>): Fetch {
  return (url, init) => paths[new URL(url).pathname]?.() ?? site.fetch(url, init);
}

const bug = (): Promise<never> => Promise.reject(new TypeError('a bug'));

it('does the creates, updates, adoptions and deletions of a plan, and a second apply changes nothing', async () => {
  const site = makeSite();
  await site.apply([desired({ name: 'kept' }), desired({ name: 'old' }), desired({ name: 'same' })]);
  await site.make({ key_alias: 'theirs', metadata: { team: 'x' } });
  const wanted = [
    desired({ name: 'new', settings: { max_budget: 1 } }),
    desired({ name: 'kept', settings: { max_budget: 2 } }),
    desired({ name: 'theirs', metadata: { note: 'ours now' } }),
    desired({ name: 'same' }),
  ];
  const { outcomes } = await site.apply(wanted, { adopt: true, prune: true });
  expect(told(outcomes)).toEqual([
    'create new applied',
    'update kept applied',
    'adopt theirs applied',
    'delete old applied',
    'noop same applied',
  ]);
  const adopted = (await site.keys()).find(({ name }) => name === 'theirs');
  expect(adopted?.metadata).toEqual({ team: 'x', note: 'ours now', vkeys: { set: SET, name: 'theirs' } });
  const again = await site.apply(wanted, { prune: true });
  expect(again.outcomes.map(({ change }) => change.action)).toEqual(['noop', 'noop', 'noop', 'noop']);
});

it('creates 100 keys with at most 104 requests, and finds nothing to do with at most 4', async () => {
  const site = makeSite();
  const wanted = Array.from({ length: 100 }, (_, index) => desired({ name: `k${String(index)}` }));
  const requests: string[] = [];
  const fetch: Fetch = (url, init) => {
    requests.push(url);
    return site.fetch(url, init);
  };
  await site.apply(wanted, { connection: { fetch } });
  const creating = requests.length;
  await site.apply(wanted, { connection: { fetch } });
  expect(creating).toBeLessThanOrEqual(104);
  expect(requests.length - creating).toBeLessThanOrEqual(4);
});

it('tells its progress, one step for each creation and update', async () => {
  const site = makeSite();
  await site.apply([desired(), desired({ name: 'old' })]);
  const steps: string[] = [];
  const wanted = [desired({ settings: { rpm_limit: 1 } }), desired({ name: 'b' })];
  const progress = (done: number, total: number): void => void steps.push(`${String(done)} of ${String(total)}`);
  await site.apply(wanted, { prune: true, progress });
  expect(steps).toEqual(['1 of 2', '2 of 2']);
});

it('lets one refusal stop nothing else, and forgets the secret that was refused', async () => {
  const site = makeSite();
  const wanted = [desired({ name: 'bad', settings: { max_budget: -1 } }), desired({ name: 'good' })];
  const { outcomes } = await site.apply(wanted);
  expect(told(outcomes)).toEqual(['create bad failed', 'create good applied']);
  expect(outcomes[0]?.error?.message).toContain('max_budget');
  await expectNoMore(site);
});

it('says that nothing is known when the list cannot be read back, and finishes next time', async () => {
  const site = makeSite();
  let lists = 0;
  const fetch: Fetch = (url, init) => {
    lists += url.includes('/key/list') ? 1 : 0;
    return lists === 2 ? answer(500, { detail: 'broken' }) : site.fetch(url, init);
  };
  const first = site.apply([desired()], { connection: { fetch } });
  expect(told((await first).outcomes)).toEqual(['create a failed']);
  const stop = new AbortController();
  lists = 0;
  const second = await site.apply([desired({ name: 'b' }), desired({ name: 'c' })], {
    stop: stop.signal,
    concurrency: 1,
    connection: { fetch },
    progress: () => stop.abort(),
  });
  expect(told(second.outcomes)).toEqual(['create b failed', 'create c skipped']);
  const wanted = ['a', 'b', 'c'].map((name) => desired({ name }));
  await site.apply(wanted);
  await expectWhole(site, wanted);
});

describe('a key that the server does not show after its creation', () => {
  const blindTo =
    (looks: number) =>
    (store: Store): Partial<Store> => {
      let done = 0;
      return {
        survey: async (wanted) => {
          done += 1;
          const seen = await store.survey(wanted);
          return done > looks ? seen : { ...seen, lives: [] };
        },
      };
    };

  it('is waited for', async () => {
    const site = makeSite();
    const { outcomes } = await site.apply([desired()], { stores: storesWith(site, blindTo(3)) });
    expect(told(outcomes)).toEqual(['create a applied']);
    await expectWhole(site, [desired()]);
  });

  it('is told as failed when it never comes, and its secret is kept', async () => {
    const site = makeSite();
    const { outcomes } = await site.apply([desired()], { stores: storesWith(site, blindTo(Infinity)) });
    expect(outcomes[0]?.error?.message).toContain('The server said that it created a, and then did not have it');
    await site.apply([desired()]);
    await expectWhole(site, [desired()]);
    await expectNoMore(site);
  });
});

it('leaves two keys of another run under one alias alone', async () => {
  const site = makeSite();
  const twins = [live({ name: 'x', id: '1'.repeat(64) }), live({ name: 'x', id: '2'.repeat(64) })];
  const stores = storesWith(site, (real) => ({
    survey: async (wanted) => {
      const seen = await real.survey(wanted);
      return { ...seen, lives: [...seen.lives, ...twins] };
    },
    remove: bug,
  }));
  const { outcomes } = await site.apply([desired()], { stores });
  expect(told(outcomes)).toEqual(['create a applied']);
});

describe('what the server made of a field', () => {
  it('is corrected where it snaps the end of a new key to its calendar', async () => {
    const site = makeSite({ version: '1.77.7' });
    const { outcomes, notices } = await site.apply([desired({ lifetime: { duration: '10d' } })]);
    const { expires = null, created_at = null } = outcomes[0]?.live ?? {};
    const lives = Date.parse(expires ?? '') - Date.parse(created_at ?? '');
    expect(Math.abs(lives - 10 * 86_400_000)).toBeLessThanOrEqual(2000);
    expect(notices).toEqual([]);
  });

  it('is told where a default of the server fills in what cannot be cleared', async () => {
    const site = makeSite({ version: '1.77.7', keyDefaults: { duration: '20d' } });
    const { notices } = await site.apply([desired({ lifetime: 'never' })]);
    expect(notices).toMatchObject([{ code: 'unsupported', ref: { kind: 'key', name: 'a' } }]);
  });

  it('is told where a new key lacks what this version does not know', async () => {
    const { notices } = await makeSite({ version: '1.65.8' }).apply([desired({ settings: { tpd_limit: 5 } })]);
    expect(notices).toMatchObject([{ code: 'unsupported', ref: { kind: 'key', name: 'a' } }]);
  });

  it('is told where an update is answered with something else', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const stores = storesWith(site, (real) => ({ update: (id) => real.update(id, () => ({ max_budget: 3 })) }));
    const { notices } = await site.apply([desired({ settings: { max_budget: 5 } })], { stores });
    expect(notices[0]).toMatchObject({
      code: 'ignored',
      message: 'The server took max_budget 5 and has 3 instead.',
    });
  });

  it('is told without what nobody is shown', async () => {
    const site = makeSite();
    await site.apply([desired({ metadata: { password: 'old' } })]);
    const stores = storesWith(site, (real) => ({ update: (id) => real.update(id, () => ({ max_budget: 3 })) }));
    const { notices } = await site.apply([desired({ metadata: { password: 'new' } })], { stores });
    expect(notices[0]?.message).toBe('The server took metadata.password "(secret)" and has another instead.');
  });

  it('is told as failed where a new key cannot be corrected; it is handed out all the same', async () => {
    const site = makeSite({ version: '1.77.7' });
    const fetch = fetchWith(site, { '/key/update': () => answer(400, { detail: 'no' }) });
    const { outcomes } = await site.apply([desired({ lifetime: { duration: '10d' } })], { connection: { fetch } });
    expect(told(outcomes)).toEqual(['create a failed']);
    await expectWhole(site, [desired()]);
  });
});

describe('an update', () => {
  it('sends only what differs, and fields that vkeys does not know', async () => {
    const site = makeSite();
    await site.apply([desired({ settings: { max_budget: 1, budget_duration: '1d' } })]);
    const sent: string[] = [];
    const fetch: Fetch = (url, init) => {
      if (url.endsWith('/key/update')) sent.push(init.body ?? '');
      return site.fetch(url, init);
    };
    const wanted = desired({ settings: { max_budget: 2, budget_duration: '1d' }, extra: { new_field: true } });
    await site.apply([wanted], { connection: { fetch } });
    const [{ id } = live()] = await site.keys();
    expect(sent.map((body) => JSON.parse(body) as unknown)).toEqual([{ key: id, max_budget: 2, new_field: true }]);
  });

  it('keeps what somebody wrote into the metadata meanwhile', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const stores = storesWith(site, (real) => ({
      get: async (id) => {
        await real.update(id, () => ({ metadata: { vkeys: { set: SET, name: 'a' }, meanwhile: 1 } }));
        return real.get(id);
      },
    }));
    await site.apply([desired({ metadata: { team: 'x' } })], { stores });
    expect((await site.keys())[0]?.metadata).toEqual({ vkeys: { set: SET, name: 'a' }, meanwhile: 1, team: 'x' });
  });

  it('of a key that was deleted meanwhile is told', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const stores = storesWith(site, () => ({ get: () => Promise.resolve(null) }));
    const { outcomes } = await site.apply([desired({ metadata: { team: 'x' } })], { stores });
    expect(outcomes[0]?.error?.message).toBe('a was deleted meanwhile.');
  });
});

describe('a deletion', () => {
  const gone = [desired({ state: 'absent' })];
  const pretend: Store['remove'] = (ids) =>
    Promise.resolve(new Map(ids.map((id) => [id, { is: 'done', value: undefined }])));

  it('takes the secret out of the keyring and the hand-out', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    await site.apply(gone);
    expect([keyringOn(site.disk).state().entries.size, site.shelf.size]).toEqual([0, 0]);
  });

  it('of a key whose secret nobody here knows is nothing special', async () => {
    const site = makeSite();
    await site.make({ key_alias: 'a', metadata: { vkeys: { set: SET } } });
    expect(told((await site.apply(gone)).outcomes)).toEqual(['delete a applied']);
  });

  it('that the server only pretends is told as failed', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const { outcomes } = await site.apply(gone, {
      stores: storesWith(site, () => ({ remove: pretend })),
    });
    expect(outcomes[0]?.error?.message).toContain('still has it');
    await expectWhole(site, [desired()]);
  });
});

describe('a hand-out', () => {
  const full = new VkeysError('delivery', 'The disk is full.', 'Make room.');
  const failing = (alias: string): Deliverer => ({
    ...delivererTo(new Map()),
    put: (known) => {
      const failed = known.filter(({ desired: { ref } }) => ref.name === alias);
      return Promise.resolve({
        placed: new Map(),
        others: new Map(),
        failed: new Map(failed.map(({ live: { id } }) => [id, full])),
        written: [],
        withdrawn: [],
      });
    },
  });

  it('that fails leaves its key unfinished, and the next apply hands it out', async () => {
    const site = makeSite();
    const wanted = [desired(), desired({ name: 'b' })];
    const { outcomes } = await site.apply(wanted, { deliverer: failing('a') });
    expect(told(outcomes)).toEqual(['create a failed', 'create b applied']);
    expect([...keyringOn(site.disk).state().entries.values()].map(({ pending }) => pending)).toEqual([true, false]);
    expect(told((await site.apply(wanted)).outcomes)).toEqual(['noop a applied', 'noop b applied']);
    await expectWhole(site, wanted);
  });

  it('that fails for a key without a known secret is nobody’s concern', async () => {
    const site = makeSite();
    await site.make({ key_alias: 'a', metadata: { vkeys: { set: SET } } });
    expect(told((await site.apply([desired()], { deliverer: failing('a') })).outcomes)).toEqual(['noop a applied']);
  });

  it('that keeps a key with who has access no longer is told, and no failure of the key', async () => {
    const site = makeSite();
    const withdraw: Deliverer['withdraw'] = (standing) =>
      Promise.resolve({ failed: new Map(standing.map(({ live: { id } }) => [id, full])), written: ['ada.env'] });
    const deliverer = { ...delivererTo(site.shelf), withdraw };
    const { outcomes, notices, withdrawn } = await site.apply([desired()], { deliverer });
    expect([told(outcomes), withdrawn]).toEqual([['create a applied'], ['ada.env']]);
    expect(notices).toMatchObject([
      {
        code: 'delivery',
        message: 'A user who has no access to a key any more still has it in a hand-out: The disk is full.',
        hint: 'Make room.',
      },
    ]);
  });

  it('that was lost is made again', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    site.shelf.clear();
    await site.apply([desired()]);
    await expectWhole(site, [desired()]);
  });
});

describe('what cannot be noted', () => {
  const noted = (site: Site, ops: readonly Line['op'][], error: Error): Keyring => {
    const inner = keyringOn(site.disk);
    return {
      state: () => inner.state(),
      record: (lines) => (lines.some(({ op }) => ops.includes(op)) ? Promise.reject(error) : inner.record(lines)),
    };
  };

  it('at the end is told, and the next apply does it again', async () => {
    const site = makeSite();
    const full = new VkeysError('config', 'The disk is full.', 'Make room.');
    const { outcomes, notices } = await site.apply([desired()], { keyring: noted(site, ['done'], full) });
    expect(told(outcomes)).toEqual(['create a applied']);
    expect(notices.map(({ code, hint }) => [code, hint])).toEqual([['keyring', 'Make room.']]);
    expect(told((await site.apply([desired()])).outcomes)).toEqual(['noop a applied']);
    await expectWhole(site, [desired()]);
  });

  it('because of a bug is not hidden', async () => {
    const site = makeSite();
    await expect(site.apply([desired()], { keyring: noted(site, ['done'], new TypeError('bug')) })).rejects.toThrow(
      'bug',
    );
  });

  it('as gone, because a hand-out still has it, stays known', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const gone = [desired({ state: 'absent' })];
    const full = new VkeysError('delivery', 'The disk is full.', 'Make room.');
    const deliverer: Deliverer = {
      ...delivererTo(site.shelf),
      remove: (all) =>
        Promise.resolve({
          removed: new Map(),
          elsewhere: [],
          failed: new Map(all.map(({ key_id }) => [key_id, full])),
          written: [],
        }),
    };
    await site.apply(gone, { deliverer });
    expect(keyringOn(site.disk).state().entries.size).toBe(1);
    await site.apply(gone);
    expect(keyringOn(site.disk).state().entries.size).toBe(0);
    expect(site.shelf.size).toBe(0);
  });
});

/** Looks once, and then has a bug. */
function onceOnly(real: Store): Store['survey'] {
  let looks = 0;
  return (wanted) => {
    looks += 1;
    return looks === 1 ? real.survey(wanted) : bug();
  };
}

it.each<[string, Parameters<typeof desired>[0], (real: Store) => Partial<Store>]>([
  ['creating', { name: 'new' }, () => ({ create: bug })],
  ['reading a new key back', { name: 'new' }, (real) => ({ survey: onceOnly(real) })],
  ['updating', { settings: { max_budget: 1 } }, () => ({ update: bug })],
  ['reading a changed key back', { settings: { max_budget: 1 } }, (real) => ({ survey: onceOnly(real) })],
])('does not hide a bug while %s', async (_, wanted, changes) => {
  const site = makeSite();
  await site.apply([desired()]);
  await expect(site.apply([desired(wanted)], { stores: storesWith(site, changes) })).rejects.toThrow(TypeError);
});

it('does not hide a bug while expired keys are taken out of the way', async () => {
  const site = makeSite();
  await site.apply([desired({ lifetime: { duration: '1h' } })]);
  site.pass(7200);
  const wanted = [desired({ on_expired: 'recreate' })];
  await expect(site.apply(wanted, { stores: storesWith(site, () => ({ remove: bug })) })).rejects.toThrow(TypeError);
});

describe('a server that chooses the secrets itself', () => {
  it('is asked once, and then for every key', async () => {
    const site = makeSite({ disableCustomKeys: true });
    const wanted = ['a', 'b', 'c'].map((name) => desired({ name }));
    const custom: string[] = [];
    const fetch: Fetch = (url, init) => {
      if (url.endsWith('/key/generate') && (init.body ?? '').includes('"key":')) custom.push(url);
      return site.fetch(url, init);
    };
    await site.apply(wanted, { concurrency: 1, connection: { fetch } });
    expect(custom.length).toBe(1);
    await expectWhole(site, wanted);
    await expectNoMore(site);
  });

  it('forgets what it was asked when it refuses', async () => {
    const site = makeSite({ disableCustomKeys: true });
    const wanted = [desired(), desired({ name: 'b', settings: { max_budget: -1 } })];
    const { outcomes } = await site.apply(wanted, { concurrency: 1 });
    expect(told(outcomes)).toEqual(['create a applied', 'create b failed']);
    expect(keyringOn(site.disk).state().asked.size).toBe(0);
    await expectNoMore(site);
  });

  it('is told apart from a bug', async () => {
    const site = makeSite({ disableCustomKeys: true });
    const stores = storesWith(site, (real) => ({
      create: (body, secret) => (secret === null ? bug() : real.create(body, secret)),
    }));
    await expect(site.apply([desired()], { stores })).rejects.toThrow(TypeError);
  });
});

it('plans with its own mark only: what others wrote into theirs is foreign', async () => {
  const site = makeSite();
  await site.make({ key_alias: 'a', metadata: { vkeys: { set: '../../etc' } } });
  const { plan } = await site.apply([desired()]);
  expect(plan.refusals).toMatchObject([{ code: 'foreign', ref: { kind: 'key', name: 'a' } }]);
});

it('what the server made of secrets that it encrypts is noted once for each time that they were sent', async () => {
  const site = makeSite();
  const logging = [{ callback_name: 'langfuse', callback_vars: { langfuse_secret_key: 'one' } }];
  const noted = (): number => site.disk.text.match(/"op":"encrypted"/g)?.length ?? 0;
  await site.apply([desired({ metadata: { logging } })]);
  await site.apply([desired({ metadata: { logging } })]);
  expect(noted()).toBe(1);
  site.pass(60);
  await site.apply([desired({ metadata: { logging: [...logging, ...logging] } })]);
  expect(noted()).toBe(2);
});

it('who has no code gets one before the hand-out, which says it', async () => {
  const site = makeSite();
  const seats: (readonly [string, number | undefined])[] = [];
  const shelf = delivererTo(site.shelf);
  const deliverer: Deliverer = {
    ...shelf,
    put: (known) => {
      seats.push(...known.map((each) => [each.desired.ref.name, each.seat?.seat] as const));
      return shelf.put(known);
    },
  };
  const seat: Work['seat'] = (names, codes) =>
    newCodes(names, codes, { renews: () => false, randomBytes: (count) => new Uint8Array(count), now: site.now() });
  await site.apply([desired()], { deliverer });
  await site.apply([desired(), desired({ name: 'b' })], { deliverer, seat });
  await site.apply([desired({ name: 'b' })], { deliverer, seat });
  expect(seats).toEqual([
    ['a', undefined],
    ['b', 1],
    ['a', 2],
    ['b', 1],
  ]);
});
