import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { serverOn } from '../../src/litellm/key-store.ts';
import type { Outcome } from '../../src/model/model.ts';
import type { Deliverer, Keyring, Line, Server } from '../../src/apply/ports.ts';
import {
  after,
  answer,
  connect,
  delivererTo,
  desired,
  keyringOn,
  live,
  makeSite,
  SET,
  snapshot,
  type Site,
} from '../support/make.ts';
import { expectNoMore, expectWhole } from '../support/whole.ts';

const told = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ change, status }) => `${change.action} ${change.key_alias} ${status}`);

/** The site's server with some of its answers changed. */
function serverWith(site: Site, changes: (server: Server) => Partial<Server>): Server {
  const server = serverOn(connect(site.fetch, { now: site.now }));
  return { ...server, ...changes(server) };
}

/** The site's `fetch`, but these paths answer otherwise. */
function fetchWith(site: Site, paths: Readonly<Record<string, () => ReturnType<Fetch>>>): Fetch {
  return (url, init) => paths[new URL(url).pathname]?.() ?? site.fetch(url, init);
}

const bug = (): Promise<never> => Promise.reject(new TypeError('a bug'));

it('does the creates, updates, adoptions and deletions of a plan, and a second apply changes nothing', async () => {
  const site = makeSite();
  await site.apply([desired({ key_alias: 'kept' }), desired({ key_alias: 'old' }), desired({ key_alias: 'same' })]);
  await site.make({ key_alias: 'theirs', metadata: { team: 'x' } });
  const wanted = [
    desired({ key_alias: 'new', settings: { max_budget: 1 } }),
    desired({ key_alias: 'kept', settings: { max_budget: 2 } }),
    desired({ key_alias: 'theirs', metadata: { note: 'ours now' } }),
    desired({ key_alias: 'same' }),
  ];
  const { outcomes } = await site.apply(wanted, { adopt: true, prune: true });
  expect(told(outcomes)).toEqual([
    'create new applied',
    'update kept applied',
    'adopt theirs applied',
    'delete old applied',
    'noop same applied',
  ]);
  const adopted = (await site.keys()).find(({ key_alias }) => key_alias === 'theirs');
  expect(adopted?.metadata).toEqual({ team: 'x', note: 'ours now', vkeys: { set: SET } });
  const again = await site.apply(wanted, { prune: true });
  expect(again.outcomes.map(({ change }) => change.action)).toEqual(['noop', 'noop', 'noop', 'noop']);
});

it('creates 100 keys with at most 104 requests, and finds nothing to do with at most 4', async () => {
  const site = makeSite();
  const wanted = Array.from({ length: 100 }, (_, index) => desired({ key_alias: `k${String(index)}` }));
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
  await site.apply([desired(), desired({ key_alias: 'old' })]);
  const steps: string[] = [];
  const wanted = [desired({ settings: { rpm_limit: 1 } }), desired({ key_alias: 'b' })];
  const progress = (done: number, total: number): void => void steps.push(`${String(done)} of ${String(total)}`);
  await site.apply(wanted, { prune: true, progress });
  expect(steps).toEqual(['1 of 2', '2 of 2']);
});

it('lets one refusal stop nothing else, and forgets the secret that was refused', async () => {
  const site = makeSite();
  const wanted = [desired({ key_alias: 'bad', settings: { max_budget: -1 } }), desired({ key_alias: 'good' })];
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
  const second = await site.apply([desired({ key_alias: 'b' }), desired({ key_alias: 'c' })], {
    stop: stop.signal,
    concurrency: 1,
    connection: { fetch },
    progress: () => stop.abort(),
  });
  expect(told(second.outcomes)).toEqual(['create b failed', 'create c skipped']);
  const wanted = ['a', 'b', 'c'].map((key_alias) => desired({ key_alias }));
  await site.apply(wanted);
  await expectWhole(site, wanted);
});

describe('a key that the list does not show after its creation', () => {
  const blind = (server: Server): Partial<Server> => ({ list: async () => ({ ...(await server.list()), keys: [] }) });

  it('is asked for by its hash', async () => {
    const site = makeSite();
    expect(told((await site.apply([desired()], { server: serverWith(site, blind) })).outcomes)).toEqual([
      'create a applied',
    ]);
  });

  it('is told as failed when it is not there either, and its secret is kept', async () => {
    const site = makeSite();
    const server = serverWith(site, (real) => ({ ...blind(real), info: () => Promise.resolve(null) }));
    const { outcomes } = await site.apply([desired()], { server });
    expect(outcomes[0]?.error?.message).toBe('The server said that it created a, and then did not have it.');
    await site.apply([desired()]);
    await expectWhole(site, [desired()]);
  });

  it('is told as failed when that cannot be asked', async () => {
    const site = makeSite();
    const server = serverWith(site, (real) => ({
      ...blind(real),
      info: () => Promise.reject(new VkeysError('network', 'Cut.', 'Look at the network.')),
    }));
    expect((await site.apply([desired()], { server })).outcomes[0]?.error?.kind).toBe('network');
  });
});

it('leaves two keys of another run under one alias alone', async () => {
  const site = makeSite();
  const twins = [live({ key_alias: 'x', key_id: '1'.repeat(64) }), live({ key_alias: 'x', key_id: '2'.repeat(64) })];
  const server = serverWith(site, (real) => ({
    list: async () => {
      const listed = await real.list();
      return { ...listed, keys: [...listed.keys, ...twins] };
    },
    delete: bug,
  }));
  const { outcomes } = await site.apply([desired()], { server });
  expect(told(outcomes)).toEqual(['create a applied']);
});

describe('what the server made of a field', () => {
  it('is corrected where it snaps the end of a new key to its calendar', async () => {
    const site = makeSite({ version: '1.77.7' });
    const { outcomes, notices } = await site.apply([desired({ lifetime: { duration: '10d' } })]);
    expect([outcomes[0]?.live?.expires, notices]).toEqual([after(10 * 86_400), []]);
  });

  it('is told where a default of the server fills in what cannot be cleared', async () => {
    const site = makeSite({ version: '1.77.7', keyDefaults: { duration: '20d' } });
    const { notices } = await site.apply([desired({ lifetime: 'never' })]);
    expect(notices).toMatchObject([{ code: 'unsupported', key_alias: 'a' }]);
  });

  it('is told where a new key lacks what this version does not know', async () => {
    const { notices } = await makeSite({ version: '1.65.8' }).apply([desired({ settings: { tpd_limit: 5 } })]);
    expect(notices).toMatchObject([{ code: 'unsupported', key_alias: 'a' }]);
  });

  it('is told where an update is answered with something else', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const server = serverWith(site, (real) => ({ update: (key_id) => real.update(key_id, { max_budget: 3 }) }));
    const { notices } = await site.apply([desired({ settings: { max_budget: 5 } })], { server });
    expect(notices[0]).toMatchObject({
      code: 'ignored',
      message: 'The server took max_budget 5 and has 3 instead.',
    });
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
    const [{ key_id } = live()] = await site.keys();
    expect(sent.map((body) => JSON.parse(body) as unknown)).toEqual([{ key: key_id, max_budget: 2, new_field: true }]);
  });

  it('keeps what somebody wrote into the metadata meanwhile', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const server = serverWith(site, (real) => ({
      info: async (key_id) => {
        await real.update(key_id, { metadata: { vkeys: { set: SET }, meanwhile: 1 } });
        return real.info(key_id);
      },
    }));
    await site.apply([desired({ metadata: { team: 'x' } })], { server });
    expect((await site.keys())[0]?.metadata).toEqual({ vkeys: { set: SET }, meanwhile: 1, team: 'x' });
  });

  it('of a key that was deleted meanwhile is told', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const server = serverWith(site, () => ({ info: () => Promise.resolve(null) }));
    const { outcomes } = await site.apply([desired({ metadata: { team: 'x' } })], { server });
    expect(outcomes[0]?.error?.message).toBe('a was deleted meanwhile.');
  });
});

describe('a deletion', () => {
  const gone = [desired({ state: 'absent' })];

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
      server: serverWith(site, () => ({ delete: () => Promise.resolve() })),
    });
    expect(outcomes[0]?.error?.message).toContain('still has it');
    await expectWhole(site, [desired()]);
  });
});

describe('a hand-out', () => {
  const failing = (alias: string): Deliverer => ({
    deliver: () => Promise.resolve(new Map([[alias, new VkeysError('delivery', 'The disk is full.', 'Make room.')]])),
    withdraw: () => Promise.resolve(new Set()),
  });

  it('that fails leaves its key unfinished, and the next apply hands it out', async () => {
    const site = makeSite();
    const wanted = [desired(), desired({ key_alias: 'b' })];
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
    const deliverer: Deliverer = { ...delivererTo(site.shelf), withdraw: () => Promise.resolve(new Set(['a'])) };
    await site.apply(gone, { deliverer });
    expect(keyringOn(site.disk).state().entries.size).toBe(1);
    await site.apply(gone);
    expect(keyringOn(site.disk).state().entries.size).toBe(0);
    expect(site.shelf.size).toBe(0);
  });
});

it.each<[string, Partial<Server>]>([
  ['creating', { create: bug }],
  ['reading back', { info: bug, list: () => Promise.resolve(snapshot()) }],
])('does not hide a bug while %s', async (_, changes) => {
  const site = makeSite();
  await expect(site.apply([desired()], { server: serverWith(site, () => changes) })).rejects.toThrow(TypeError);
});

it('does not hide a bug while expired keys are taken out of the way', async () => {
  const site = makeSite();
  await site.apply([desired({ lifetime: { duration: '1h' } })]);
  site.pass(7200);
  const wanted = [desired({ on_expired: 'recreate' })];
  await expect(site.apply(wanted, { server: serverWith(site, () => ({ delete: bug })) })).rejects.toThrow(TypeError);
});

describe('a server that chooses the secrets itself', () => {
  it('is asked once, and then for every key', async () => {
    const site = makeSite({ disableCustomKeys: true });
    const wanted = ['a', 'b', 'c'].map((key_alias) => desired({ key_alias }));
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
    const wanted = [desired(), desired({ key_alias: 'b', settings: { max_budget: -1 } })];
    const { outcomes } = await site.apply(wanted, { concurrency: 1 });
    expect(told(outcomes)).toEqual(['create a applied', 'create b failed']);
    expect(keyringOn(site.disk).state().asked.size).toBe(0);
    await expectNoMore(site);
  });

  it('is told apart from a bug', async () => {
    const site = makeSite({ disableCustomKeys: true });
    const server = serverWith(site, () => ({ createMinted: bug }));
    await expect(site.apply([desired()], { server })).rejects.toThrow(TypeError);
  });
});

it('plans with its own mark only: what others wrote into theirs is foreign', async () => {
  const site = makeSite();
  await site.make({ key_alias: 'a', metadata: { vkeys: { set: '../../etc' } } });
  const { plan } = await site.apply([desired()]);
  expect(plan.refusals).toMatchObject([{ code: 'foreign', key_alias: 'a' }]);
});
