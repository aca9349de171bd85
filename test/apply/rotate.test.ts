/** New secrets under old names: wherever a run ends, one more apply leaves one key under the name, and it is everywhere. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import {
  connect,
  delivererTo,
  desired,
  keyringOn,
  makeSite,
  type Disk,
  type How,
  type Shelf,
  type Site,
} from '../support/make.ts';
import { FAULTS, faulty } from '../support/answers.ts';
import { interleaved } from '../support/interleaved.ts';
import { liveFor, mortalDeliverer, mortalFetch, mortalKeyring, type Life } from '../support/mortal.ts';
import { expectNoMore, expectWhole, namesOf } from '../support/whole.ts';

const DAY = 86_400;

function wanted(grace: string, fields: Partial<Desired> = {}): readonly Desired[] {
  return ['a', 'b'].map((name) => desired({ name, rotate: { every: '30d', grace }, ...fields }));
}

/** A site whose keys are old enough. */
async function aged(fields: Partial<Desired> = {}, options: Parameters<typeof makeSite>[0] = {}): Promise<Site> {
  const site = makeSite(options);
  await site.apply(wanted('1h', fields));
  site.pass(31 * DAY);
  return site;
}

async function keyOf(site: Site, name: string): Promise<Live> {
  const live = (await site.keys()).find((each) => each.name === name);
  if (live === undefined) throw new Error(`no ${name}`);
  return live;
}

describe('a key that is due', () => {
  it('gets a new secret under its name, and the old one goes on until its grace ends', async () => {
    const site = await aged();
    const before = await keyOf(site, 'a');
    const { plan, outcomes } = await site.apply(wanted('1h'));
    expect(plan.changes.map(({ action, reason }) => [action, reason])).toEqual([
      ['rotate', expect.stringContaining('rotate.every: 30d')],
      ['rotate', expect.stringContaining('rotate.every: 30d')],
    ]);
    expect(outcomes.map(({ status, error }) => [status, error])).toEqual([
      ['applied', null],
      ['applied', null],
    ]);
    const now = await keyOf(site, 'a');
    expect(now.id).not.toBe(before.id);
    expect(site.shelf.get('a')?.hash()).toBe(now.id);
    expect(now.mark).toEqual({ set: now.mark?.set, name: 'a', since: before.created_at });
    const old = await keyOf(site, `a~old-${before.id.slice(0, 8)}`);
    expect(Math.abs(Date.parse(String(old.mark?.retiring)) - Date.parse(String(old.expires)))).toBeLessThan(2000);
    expect(Date.parse(String(old.expires)) - site.now().getTime()).toBeGreaterThan(3_500_000);
    const again = await site.apply(wanted('1h'));
    expect(again.plan.changes.map(({ action }) => action)).toEqual(['noop', 'noop']);
    site.pass(3700);
    const after = await site.apply(wanted('1h'));
    expect(after.plan.changes.map(({ action }) => action)).toEqual(['delete', 'delete', 'noop', 'noop']);
    await expectWhole(site, wanted('1h'));
    await expectNoMore(site);
  });

  it('keeps its settings, also those that no spec has, its end, and where its age counts from', async () => {
    const site = await aged({ lifetime: { duration: '90d' } });
    const { id, expires } = await keyOf(site, 'a');
    await site.update(id, { rpm_limit: 7, metadata: { ...(await keyOf(site, 'a')).metadata, note: 'by hand' } });
    const fields = { lifetime: { duration: '90d' } };
    await site.apply(wanted('1h', fields));
    const now = await keyOf(site, 'a');
    expect(now.id).not.toBe(id);
    expect(now.settings['rpm_limit']).toBe(7);
    expect(now.metadata['note']).toBe('by hand');
    expect(Math.abs(Date.parse(String(now.expires)) - Date.parse(String(expires)))).toBeLessThan(2000);
    expect((await site.apply(wanted('1h', fields))).plan.changes.map(({ action }) => action)).toEqual(['noop', 'noop']);
  });

  it('gets the end that its spec has for it now, with its new secret', async () => {
    const site = await aged({ lifetime: { duration: '90d' } });
    const { created_at } = await keyOf(site, 'a');
    await site.apply(wanted('1h', { lifetime: { duration: '60d' } }));
    const { expires } = await keyOf(site, 'a');
    const lives = Date.parse(String(expires)) - Date.parse(String(created_at));
    expect(Math.abs(lives / 1000 - 60 * DAY)).toBeLessThan(2);
  });

  it('starts at nothing, or goes on with what it spent', async () => {
    for (const keepsSpend of [false, true]) {
      const site = await aged();
      const { id } = await keyOf(site, 'a');
      await site.update(id, { spend: 3.5 });
      await site.apply(wanted('1h'), {
        rotation: { which: ({ name }) => name === 'a', terms: { keepsSpend } },
      });
      expect((await keyOf(site, 'a')).spend).toBe(keepsSpend ? 3.5 : 0);
    }
  });

  it('stays as it is where its new secret is not taken, or cannot be delivered, and the next run goes on', async () => {
    const site = await aged();
    const before = await keyOf(site, 'a');
    const refused = new VkeysError('auth', 'no', 'hint');
    const first = await site.apply(wanted('1h'), { works: () => Promise.resolve(refused) });
    expect(first.outcomes.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(namesOf(await site.keys())).toEqual(['a', 'b']);
    expect(site.shelf.get('a')?.hash()).toBe(before.id);
    expect(keyringOn(site.disk).state().rotations.size).toBe(0);
    await site.apply(wanted('1h'));
    expect((await keyOf(site, 'a')).id).not.toBe(before.id);
  });
});

type Case = {
  readonly name: string;
  readonly grace: string;
  readonly options?: Parameters<typeof makeSite>[0];
  readonly how?: Partial<How>;
};

const CASES: readonly Case[] = [
  { name: 'with a grace', grace: '30s' },
  { name: 'at once', grace: '0' },
  { name: 'on 1.65.8', grace: '30s', options: { version: '1.65.8' } },
  { name: 'on a server that chooses secrets', grace: '30s', options: { disableCustomKeys: true } },
  {
    name: 'of leaked secrets',
    grace: '30s',
    how: { rotation: { which: () => true, terms: { isLeaked: true } } },
  },
];

async function run(site: Site, { grace, how }: Case, life: Life): Promise<void> {
  await site.apply(wanted(grace), {
    ...how,
    concurrency: 2,
    connection: { fetch: mortalFetch(site.fetch, life) },
    keyring: mortalKeyring(site.disk, life),
    deliverer: mortalDeliverer(site.shelf, life),
  });
}

describe.each(CASES)('rotations $name', (each) => {
  it('survive the end of the process at every step', async () => {
    const life = liveFor(Infinity);
    await run(await aged({}, each.options), each, life);
    expect(life.steps()).toBeGreaterThan(10);
    for (let steps = 0; steps < life.steps(); steps += 1) {
      const site = await aged({}, each.options);
      const before = (await site.keys()).map(({ id }) => id);
      await expect(run(site, each, liveFor(steps))).rejects.toThrow();
      site.pass(5);
      const { outcomes } = await site.apply(wanted(each.grace));
      expect(
        outcomes
          .filter(({ status }) => status === 'failed')
          .map(({ change, error }) => [steps, change.action, change.ref, error?.message]),
      ).toEqual([]);
      const there = await site.keys();
      expect(there.filter(({ name }) => name === 'a' || name === 'b').map(({ id }) => before.includes(id))).toEqual([
        false,
        false,
      ]);
      site.pass(60);
      await site.apply(wanted(each.grace));
      await expectWhole(site, wanted(each.grace));
      await expectNoMore(site);
      const again = await site.apply(wanted(each.grace));
      expect(again.plan.changes.filter(({ action }) => action !== 'noop')).toEqual([]);
      expect(keyringOn(site.disk).state().rotations.size).toBe(0);
    }
  });
});

describe.each(FAULTS)('when $name', (fault) => {
  it('at any request of a rotation, that or the next apply finishes', async () => {
    for (let hit = 0; hit < 13; hit += 1) {
      const site = await aged();
      const before = (await site.keys()).map(({ id }) => id);
      const fetch = faulty(site.fetch, fault, (at) => at === hit);
      await site.apply(wanted('30s'), { connection: { fetch }, concurrency: 1 }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(VkeysError);
      });
      site.pass(5);
      await site.apply(wanted('30s'));
      site.pass(60);
      await site.apply(wanted('30s'));
      await expectWhole(site, wanted('30s'));
      await expectNoMore(site);
      expect((await site.keys()).filter(({ id }) => before.includes(id))).toEqual([]);
    }
  });
});

describe('a server', () => {
  it('that cannot be asked keeps the new key for the next run', async () => {
    const site = await aged();
    const away = new VkeysError('network', 'away', 'hint', { transient: true });
    await site.apply(wanted('1h'), { works: () => Promise.resolve(away) });
    expect(namesOf(await site.keys())).toEqual(['a', 'a~new', 'b', 'b~new']);
    const { plan } = await site.apply(wanted('1h'), { rotation: { which: 'none', terms: {} } });
    expect(plan.changes.map((change) => 'because' in change && change.because)).toEqual(['begun', 'begun']);
    expect(namesOf(await site.keys()).filter((name) => !name.includes('~old-'))).toEqual(['a', 'b']);
  });

  it('that does not block a leaked key has nothing else changed either', async () => {
    const site = await aged();
    const before = namesOf(await site.keys());
    const fetch: How['connection']['fetch'] = (url, init) =>
      url.endsWith('/key/update') ? Promise.reject(new VkeysError('network', 'away', 'hint')) : site.fetch(url, init);
    const how = { connection: { fetch }, rotation: { which: () => true, terms: { isLeaked: true } } };
    const { outcomes } = await site.apply(wanted('1h'), how);
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(namesOf(await site.keys())).toEqual(before);
    await site.apply(wanted('1h'));
    expect((await keyOf(site, 'a')).settings['blocked']).toBeUndefined();
    expect(namesOf(await site.keys())).toEqual(['a', 'b']);
  });

  it('that forgets the new name is told, and put right', async () => {
    const site = await aged();
    const fetch: How['connection']['fetch'] = (url, init) => {
      const body = JSON.parse(init.body ?? '{}');
      return site.fetch(
        url,
        body.key_alias === 'a' ? { ...init, body: JSON.stringify({ ...body, key_alias: undefined }) } : init,
      );
    };
    const { outcomes } = await site.apply(wanted('1h'), { connection: { fetch } });
    expect(outcomes.map(({ status, error }) => error?.message ?? status)).toEqual([
      expect.stringContaining('does not show it so'),
      'applied',
    ]);
    await site.apply(wanted('1h'));
    site.pass(3700);
    await site.apply(wanted('1h'));
    await expectWhole(site, wanted('1h'));
  });

  it('on which somebody deletes the old or the new key meanwhile loses none', async () => {
    for (const gone of ['a', 'a~new']) {
      const site = await aged();
      const inner = delivererTo(site.shelf);
      const deliverer = {
        ...inner,
        put: async (known: Parameters<typeof inner.put>[0]) => {
          await site.remove(gone);
          return inner.put(known);
        },
      };
      await site.apply(wanted('1h'), { deliverer });
      site.pass(60);
      await site.apply(wanted('1h'));
      site.pass(3700);
      await site.apply(wanted('1h'));
      await expectWhole(site, wanted('1h'));
    }
  });

  it('whose key is blocked, or whose new key could not be delivered, keeps the old one', async () => {
    const site = await aged({ settings: { blocked: true } });
    await site.apply(wanted('1h', { settings: { blocked: true } }), {
      works: () => Promise.reject(new Error('asked')),
    });
    expect((await keyOf(site, 'a')).settings['blocked']).toBe(true);
    const other = await aged();
    const before = await keyOf(other, 'a');
    const full = new VkeysError('config', 'full', 'hint');
    const inner = delivererTo(other.shelf);
    const deliverer = {
      ...inner,
      put: async (known: Parameters<typeof inner.put>[0]) => ({
        ...(await inner.put([])),
        failed: new Map(known.map(({ live }) => [live.id, full])),
      }),
    };
    const { outcomes } = await other.apply(wanted('1h'), { deliverer });
    expect(outcomes.map(({ error }) => error?.message)).toEqual(['full', 'full']);
    expect((await keyOf(other, 'a')).id).toBe(before.id);
    await other.apply(wanted('1h'));
    expect((await keyOf(other, 'a')).id).not.toBe(before.id);
    expect(other.shelf.get('a')?.hash()).toBe((await keyOf(other, 'a')).id);
  });
});

describe('a rotation', () => {
  it('brings to what its spec says what an earlier run has made and not finished', async () => {
    const site = await aged();
    const away = new VkeysError('network', 'away', 'hint', { transient: true });
    await site.apply(wanted('1h'), { works: () => Promise.resolve(away) });
    const { id } = await keyOf(site, 'a~new');
    await site.update(id, { max_budget: null, duration: '1h' });
    const fields = { settings: { max_budget: 3 } };
    await site.apply(wanted('1h', fields));
    expect(await keyOf(site, 'a')).toMatchObject({ id, settings: { max_budget: 3 }, expires: null });
  });

  it('is not begun where the run is to stop', async () => {
    const site = await aged();
    const { outcomes } = await site.apply(wanted('1h'), { stop: AbortSignal.abort() });
    expect(outcomes.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(keyringOn(site.disk).state().rotations.size).toBe(0);
  });

  it('makes the new key from what was seen where the old one cannot be looked at once more', async () => {
    const site = await aged();
    await site.apply(wanted('1h'), { whole: () => Promise.resolve([]) });
    expect((await keyOf(site, 'a')).mark?.since).toBeDefined();
  });

  it.each([
    ['at once', false, 'Another machine gave a a new secret at the same moment, and was first.'],
    ['with the next run, where its key cannot be deleted', true, 'away'],
  ])('gives way %s to another machine that has the name, and leaves no place its secret', async (_, isAway, said) => {
    const site = await aged();
    const old = await keyOf(site, 'a');
    const inner = delivererTo(site.shelf);
    const put = async (known: Parameters<typeof inner.put>[0]): ReturnType<typeof inner.put> => {
      const done = await inner.put(known);
      const vkeys = { set: old.mark?.set ?? '', name: 'a~old' };
      await site.update(old.id, {
        key_alias: 'a~old',
        metadata: { vkeys: { ...vkeys, retiring: site.now().toISOString() } },
      });
      await site.make({ key_alias: 'a', metadata: { vkeys: { ...vkeys, name: 'a' } } });
      return done;
    };
    let losses = isAway ? 1 : 0;
    const fetch: How['connection']['fetch'] = (url, init) => {
      if (losses === 0 || !url.endsWith('/key/delete')) return site.fetch(url, init);
      losses -= 1;
      return Promise.reject(new VkeysError('network', 'away', 'hint'));
    };
    const only = { connection: { fetch }, only: ({ name }: { readonly name: string }) => name === 'a' };
    const { outcomes } = await site.apply(wanted('1h'), { ...only, deliverer: { ...inner, put } });
    expect(outcomes.map(({ error }) => error?.message)).toEqual([said]);
    await site.apply(wanted('1h'), { rotation: { which: 'none', terms: {} } });
    expect(namesOf(await site.keys())).toEqual(['a', 'b']);
    expect([...site.shelf.keys()]).toEqual(['b']);
    expect(keyringOn(site.disk).state().rotations.size).toBe(0);
  });

  it('is not gone on with where the run is to stop meanwhile', async () => {
    const site = await aged();
    const stop = new AbortController();
    const whole: How['whole'] = () => {
      stop.abort();
      return Promise.resolve([]);
    };
    const { outcomes } = await site.apply(wanted('30s'), { stop: stop.signal, whole });
    expect(outcomes.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    await site.apply(wanted('30s'));
    site.pass(60);
    await site.apply(wanted('30s'));
    await expectWhole(site, wanted('30s'));
  });

  it('is of keys of other machines, too', async () => {
    const site = await aged();
    site.disk.text = '';
    await site.apply(wanted('30s'));
    site.pass(60);
    await site.apply(wanted('30s'));
    await expectWhole(site, wanted('30s'));
    await expectNoMore(site);
  });

  it('takes a new key of its own away where another machine was first', async () => {
    const site = await aged();
    const away = new VkeysError('network', 'away', 'hint', { transient: true });
    await site.apply(wanted('1h'), { works: () => Promise.resolve(away) });
    const [old, other] = [await keyOf(site, 'a'), { set: (await keyOf(site, 'a')).mark?.set ?? '', name: 'a' }];
    await site.remove('a');
    await site.make({ key_alias: 'a', metadata: { vkeys: other } });
    const { plan } = await site.apply(wanted('1h'), { rotation: { which: 'none', terms: {} } });
    expect(plan.changes.map(({ action, ref }) => `${action} ${ref.name}`)).toContain('delete a~new');
    expect(namesOf(await site.keys())).not.toContain('a~new');
    expect((await keyOf(site, 'a')).id).not.toBe(old.id);
  });

  it('counts a grace from the first use of the new secret, where the server tells that', async () => {
    for (const columns of [['last_active'], []]) {
      const site = await aged();
      const stores = new Map([['key', keyStore(connect(site.fetch, { now: site.now }), { columns })]]);
      const how = { stores, rotation: { which: () => true, terms: { isFromUse: true, grace: 60_000 } } };
      const { id } = await keyOf(site, 'a');
      const { notices } = await site.apply(wanted('1h'), how);
      expect(notices.map(({ message }) => message)).toContainEqual(
        expect.stringContaining('1 min after a run on the set'),
      );
      const old = async (): Promise<Live> => keyOf(site, `a~old-${id.slice(0, 8)}`);
      const isTold = columns.length > 0;
      expect([(await old()).expires === null, (await old()).mark?.grace]).toEqual([
        isTold,
        isTold ? 60_000 : undefined,
      ]);
      if (!isTold) continue;
      site.sandbox.writeRow((await keyOf(site, 'a')).id, { last_active: site.now().toISOString() });
      const seen = await site.apply(wanted('1h'), { stores });
      expect(seen.plan.changes.map(({ action }) => action)).toContain('update');
      expect((await old()).expires).not.toBeNull();
      expect(site.shelf.get('a')?.hash()).toBe((await keyOf(site, 'a')).id);
    }
  });

  it('ends an old key no later than it would have ended', async () => {
    const site = await aged();
    const { id } = await keyOf(site, 'a');
    await site.update(id, { duration: '60s' });
    const { expires } = await keyOf(site, 'a');
    await site.apply(wanted('1h'));
    const old = await keyOf(site, `a~old-${id.slice(0, 8)}`);
    expect([old.expires, old.mark?.retiring]).toEqual([expires, expires]);
  });

  it('at once keeps the memory of places of the old key that the new one is not in', async () => {
    const site = await aged();
    const { id } = await keyOf(site, 'a');
    const place = { sink: 'dotenv', path: '/elsewhere/a.env' };
    await keyringOn(site.disk).record([{ op: 'placed', key_id: id, place }]);
    await site.apply(wanted('0'));
    expect(keyringOn(site.disk).state().entries.get(id)).toMatchObject({ deleting: true, places: [place] });
    await site.apply(wanted('0'));
    await expectNoMore(site);
  });

  it('of a key that is gone is over, unless it has still a new one', async () => {
    const site = await aged();
    const away = new VkeysError('network', 'away', 'hint', { transient: true });
    await site.apply(wanted('1h'), { works: () => Promise.resolve(away) });
    for (const name of ['a', 'b', 'b~new']) await site.remove(name);
    const rotations = (): readonly string[] =>
      [...keyringOn(site.disk).state().rotations.values()].map(({ name }) => name);
    await site.apply([]);
    expect(rotations()).toEqual(['a']);
    await site.remove('a~new');
    await site.apply([]);
    expect(rotations()).toEqual([]);
  });

  it('clears away what another machine began and gave up', async () => {
    const site = await aged();
    await site.make({
      key_alias: 'a~new',
      metadata: { vkeys: { set: (await keyOf(site, 'a')).mark?.set ?? '', name: 'a~new' } },
    });
    site.pass(3700);
    await site.apply(wanted('30s'));
    site.pass(60);
    await site.apply(wanted('30s'));
    await expectWhole(site, wanted('30s'));
  });

  it('carries metadata that the server encrypted, and what the spec says instead', async () => {
    const site = await aged({}, { version: '1.108.7' });
    const { id, metadata } = await keyOf(site, 'a');
    const logging = [{ callback_name: 'langfuse', callback_vars: { langfuse_secret_key: 'sk-lf-1234567890' } }];
    await site.update(id, { metadata: { ...metadata, logging } });
    const before = (await keyOf(site, 'a')).metadata['logging'];
    await site.apply(wanted('1h', { metadata: { team: 'x' }, sharing: { shared_with: ['ada'], groups: {} } }));
    const { metadata: now } = await keyOf(site, 'a');
    expect([now['logging'], now['team']]).toEqual([before, 'x']);
  });
});

/** Two machines, each with a keyring and places of its own. */
describe('two machines that rotate one key at the same moment', () => {
  type Machine = { readonly disk: Disk; readonly shelf: Shelf };
  const machine = (): Machine => ({ disk: { text: '' }, shelf: new Map() });
  const how = ({ disk, shelf }: Machine, turn: () => Promise<void>, site: Site): Partial<How> => ({
    keyring: keyringOn(disk),
    deliverer: delivererTo(shelf),
    concurrency: 1,
    connection: {
      fetch: async (url, init) => {
        await turn();
        return site.fetch(url, init);
      },
    },
  });

  it('leave one key under the name, known to one of them, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 20, maxLength: 40 }), async (order) => {
        const site = await aged();
        const old = await keyOf(site, 'a');
        const one = [desired({ rotate: { every: '30d', grace: '30s' } })];
        const [first, second] = [machine(), machine()];
        first.disk.text = site.disk.text;
        second.disk.text = site.disk.text;
        await interleaved(order, async (turn, which) => {
          await site.apply(one, how(which === 0 ? first : second, turn, site));
        });
        const now = (): Promise<void> => Promise.resolve();
        for (const each of [first, second]) await site.apply(one, how(each, now, site));
        site.pass(60);
        for (const each of [first, second]) await site.apply(one, how(each, now, site));
        const there = (await site.keys()).filter(({ name }) => name !== 'b');
        expect(namesOf(there)).toEqual(['a']);
        const [current] = there;
        expect(current?.id).not.toBe(old.id);
        const known = [first, second].filter(({ disk }) =>
          keyringOn(disk)
            .state()
            .entries.has(current?.id ?? ''),
        );
        expect(known.length).toBeGreaterThan(0);
        expect(known.some(({ shelf }) => shelf.get('a')?.hash() === current?.id)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
