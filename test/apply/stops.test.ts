/** What stops an apply halfway: everything that was done is told, nothing is handed out that the keyring does not know. */
import { describe, expect, it } from 'vitest';
import { applyAll } from '../../src/apply/levels.ts';
import type { Deliverer, Store, Work } from '../../src/apply/ports.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Keyring, Line } from '../../src/model/keyring.ts';
import type { Landed } from '../../src/model/landed.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Desired } from '../../src/model/resource.ts';
import { makePlan } from '../../src/plan/make.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import {
  after,
  connect,
  delivererTo,
  desired,
  keyringOn,
  KINDS,
  makeSite,
  PLAIN,
  ports,
  type Shelf,
  type Site,
} from '../support/make.ts';
import { expectNoMore, expectWhole, namesOf } from '../support/whole.ts';

const full = new VkeysError('config', 'The disk is full.', 'Make room.');

/** Fails to note such lines. */
function failing(inner: Keyring, ops: readonly Line['op'][], error: Error = full): Keyring {
  return {
    state: () => inner.state(),
    record: (lines) => (lines.some(({ op }) => ops.includes(op)) ? Promise.reject(error) : inner.record(lines)),
  };
}

function storesWith(site: Site, changes: (store: Store) => Partial<Store>): ReadonlyMap<string, Store> {
  const store = keyStore(connect(site.fetch, { now: site.now }));
  return new Map([['key', { ...store, ...changes(store) }]]);
}

const ends = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ change, status }) => `${change.action} ${change.ref.name} ${status}`);

/** A set that wants this, planned but not applied. */
async function workOn(
  site: Site,
  set: string,
  wanted: readonly Desired[],
  keyring: Keyring,
  shelf: Shelf,
): Promise<Work> {
  const surveys = new Map([['key', await keyStore(connect(site.fetch)).survey({ ids: [], names: [], all: true })]]);
  const intent = { set, isNamed: true, state: 'present', desired: wanted } as const;
  const { plan } = makePlan(
    intent,
    { surveys, kinds: KINDS, keyring: keyring.state(), version: null },
    { ...PLAIN, prune: true },
  );
  return { plan, keyring, deliverer: delivererTo(shelf), isSurveyed: true };
}

describe('a keyring that cannot be written', () => {
  const twoSets = async (ops: readonly Line['op'][]) => {
    const site = makeSite();
    const [first, second, shelf] = [memoryKeyring(), memoryKeyring(), new Map() as Shelf];
    const stores = storesWith(site, () => ({}));
    const surveys = new Map([['key', await keyStore(connect(site.fetch)).survey({ ids: [], names: [], all: true })]]);
    await applyAll([await workOn(site, 'two', [desired({ name: 'old' })], second, shelf)], ports({ stores, surveys }));
    const again = new Map([['key', await keyStore(connect(site.fetch)).survey({ ids: [], names: [], all: true })]]);
    const works = [
      await workOn(site, 'one', [desired({ name: 'a' })], failing(first, ops), shelf),
      await workOn(site, 'two', [desired({ name: 'b' })], second, shelf),
    ];
    const { applied, error } = await applyAll(works, ports({ stores, surveys: again }));
    return { site, shelf, error, ends: applied.map(({ outcomes }) => ends(outcomes)) };
  };

  it('before the first secret stops the run: nothing is made, deleted or handed out', async () => {
    const { site, shelf, ...rest } = await twoSets(['mint']);
    expect(rest).toEqual({ error: full, ends: [['create a failed'], ['create b failed', 'delete old skipped']] });
    expect([namesOf(await site.keys()), [...shelf.keys()]]).toEqual([['old'], ['old']]);
  });

  it('before a hand-out leaves the keys unfinished, which are told as failed; others are handed out', async () => {
    const { site, shelf, ...rest } = await twoSets(['placed']);
    expect(rest).toEqual({ error: null, ends: [['create a failed'], ['create b applied', 'delete old applied']] });
    expect([namesOf(await site.keys()), [...shelf.keys()]]).toEqual([['a', 'b'], ['b']]);
  });

  it('after a look that found something stops the run', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    await site.remove('a');
    const run = site.apply([desired()], { keyring: failing(keyringOn(site.disk), ['gone']) });
    await expect(run).rejects.toBe(full);
    expect(await site.keys()).toEqual([]);
  });

  it('while the server chooses the secrets fails the keys, and the next run settles them', async () => {
    for (const ops of [['ask'], ['answered']] as const) {
      const site = makeSite({ disableCustomKeys: true });
      const { outcomes } = await site.apply([desired()], { keyring: failing(keyringOn(site.disk), ops) });
      expect([ends(outcomes), outcomes[0]?.error]).toEqual([['create a failed'], full]);
      await site.apply([desired()]);
      await expectWhole(site, [desired()]);
      await expectNoMore(site);
      expect(keyringOn(site.disk).state().asked.size).toBe(0);
    }
  });
});

it('a hand-out that throws stops the hand-outs of other sets too', async () => {
  const site = makeSite();
  const broken: Deliverer = { ...delivererTo(site.shelf), places: () => Promise.reject(full) };
  const [first, second] = [memoryKeyring(), memoryKeyring()];
  const stores = storesWith(site, () => ({}));
  const surveys = new Map([['key', await keyStore(connect(site.fetch)).survey({ ids: [], names: [], all: true })]]);
  const works = [
    { ...(await workOn(site, 'one', [desired({ name: 'a' })], first, site.shelf)), deliverer: broken },
    await workOn(site, 'two', [desired({ name: 'b' })], second, site.shelf),
  ];
  const { applied, error } = await applyAll(works, ports({ stores, surveys }));
  expect([error, applied.map(({ outcomes }) => ends(outcomes)), site.shelf.size]).toEqual([
    full,
    [['create a applied'], ['create b applied']],
    0,
  ]);
  const pending = [first, second].map((keyring) => [...keyring.state().entries.values()].map((entry) => entry.pending));
  expect(pending).toEqual([[true], [true]]);
});

it('of a set that was not looked at, nothing is concluded', async () => {
  const site = makeSite();
  const keyring = memoryKeyring();
  const stores = storesWith(site, () => ({}));
  const surveys = new Map([['key', await keyStore(connect(site.fetch)).survey({ ids: [], names: [], all: true })]]);
  const first = await workOn(site, 'one', [desired()], keyring, site.shelf);
  await applyAll([first], ports({ stores, surveys }));
  const nothing = { ...first, plan: { ...first.plan, changes: [] }, isSurveyed: false };
  await applyAll([nothing], ports({ stores, surveys }));
  expect([...keyring.state().entries.values()].map(({ gone }) => gone)).toEqual([null]);
});

describe('a key that is replaced', () => {
  const ended = async (): Promise<Site> => {
    const site = makeSite();
    await site.apply([desired({ lifetime: { expires: after(60) } })]);
    site.pass(120);
    return site;
  };
  const again = desired({ lifetime: { duration: '1h' }, on_expired: 'recreate' });
  const no: Landed<never> = { is: 'refused', error: new VkeysError('api', 'No.', 'Ask.') };

  it('and whose new one is refused is handed out no more', async () => {
    const site = await ended();
    const { outcomes } = await site.apply([again], {
      stores: storesWith(site, () => ({ create: () => Promise.resolve(no) })),
    });
    expect([ends(outcomes), outcomes[0]?.live, site.shelf.size]).toEqual([['replace a failed'], null, 0]);
    expect(keyringOn(site.disk).state().entries.size).toBe(0);
    await site.apply([again]);
    await expectWhole(site, [again]);
    await expectNoMore(site);
  });

  it('and cannot be deleted stays as it is', async () => {
    const site = await ended();
    const [before] = await site.keys();
    const remove: Store['remove'] = (ids) => Promise.resolve(new Map(ids.map((id) => [id, no])));
    const { outcomes } = await site.apply([again], { stores: storesWith(site, () => ({ remove })) });
    expect([ends(outcomes), outcomes[0]?.live?.id]).toEqual([['replace a failed'], before?.id]);
    expect([(await site.keys()).length, site.shelf.size]).toEqual([1, 1]);
  });

  it('is not touched after Ctrl-C', async () => {
    const site = await ended();
    const { outcomes } = await site.apply([again], { stop: AbortSignal.abort() });
    expect([ends(outcomes), (await site.keys()).length, site.shelf.size]).toEqual([['replace a skipped'], 1, 1]);
    expect(keyringOn(site.disk).state().entries.size).toBe(1);
  });
});

describe('a deletion', () => {
  const absent = ['a', 'b'].map((name) => desired({ name, state: 'absent' }));
  const no = new VkeysError('api', 'No.', 'Ask.');

  it('that is refused for some and cannot be looked at for others tells each its own reason', async () => {
    const site = makeSite();
    await site.apply(['a', 'b'].map((name) => desired({ name })));
    let looks = 0;
    const stores = storesWith(site, (real) => ({
      survey: (wanted) => {
        looks += 1;
        return looks === 1 ? real.survey(wanted) : Promise.reject(full);
      },
      remove: (ids) =>
        Promise.resolve(
          new Map(
            ids.map((id, at): [string, Landed] => [
              id,
              at === 0 ? { is: 'refused', error: no } : { is: 'done', value: undefined },
            ]),
          ),
        ),
    }));
    const { outcomes } = await site.apply(absent, { stores });
    expect(outcomes.map(({ error }) => error)).toEqual([no, full]);
  });

  it('of what has no name is told by its id', async () => {
    const site = makeSite();
    const id = await site.make({ metadata: { vkeys: { set: 'ws' } } });
    const remove: Store['remove'] = (ids) =>
      Promise.resolve(new Map(ids.map((each): [string, Landed] => [each, { is: 'done', value: undefined }])));
    const { outcomes } = await site.apply([], { prune: true, stores: storesWith(site, () => ({ remove })) });
    expect(outcomes[0]?.error?.message).toBe(`The server said that it deleted ${id}, and still has it.`);
  });
});

describe('an update', () => {
  it('whose metadata cannot be read first is not sent', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const update = (): Promise<never> => Promise.reject(new TypeError('it was sent'));
    const stores = storesWith(site, () => ({ get: () => Promise.reject(full), update }));
    const { outcomes } = await site.apply([desired({ metadata: { team: 'x' } })], { stores });
    expect([ends(outcomes), outcomes[0]?.error]).toEqual([['update a failed'], full]);
  });

  it('of what the spec calls otherwise now is remembered, should the mark get lost', async () => {
    const site = makeSite();
    await site.apply([desired()]);
    const renamed = desired({ name: 'b', previously: ['a'] });
    const [{ id: before } = { id: '' }] = await site.keys();
    await site.apply([renamed]);
    expect([...keyringOn(site.disk).state().entries.values()].map(({ key_id, name }) => [key_id, name])).toEqual([
      [before, 'b'],
    ]);
    site.sandbox.writeRow(before, { metadata: { note: 1 }, key_alias: 'z' });
    const { plan } = await site.apply([desired({ name: 'b' })], { prune: true });
    expect(plan.changes.map(({ action, fields }) => [action, fields.map(({ field }) => field)])).toEqual([
      ['update', ['set', 'key_alias']],
    ]);
    const [after_] = await site.keys();
    expect([after_?.id, after_?.name, after_?.metadata]).toEqual([
      before,
      'b',
      { note: 1, vkeys: { set: 'ws', name: 'b' } },
    ]);
  });

  it('that changes nothing of the mark does not send it', async () => {
    const site = makeSite();
    await site.make({ key_alias: 'a', metadata: { vkeys: { set: 'ws' }, note: 1 } });
    const { plan } = await site.apply([desired({ metadata: { note: 2 } })]);
    expect(plan.changes[0]?.fields.map(({ field }) => field)).toEqual(['metadata.note']);
    expect((await site.keys())[0]?.metadata).toEqual({ vkeys: { set: 'ws' }, note: 2 });
  });
});

it('a key that lost a race and cannot be taken away again is told as failed, and its secret is kept', async () => {
  const site = makeSite();
  let made = '';
  const stores = storesWith(site, (real) => ({
    create: async (body, secret) => {
      const created = await real.create(body, secret);
      if (created.is === 'done') made = created.value.id;
      return created;
    },
    survey: async (wanted) => {
      const seen = await real.survey(wanted);
      const older = { created_at: after(-60), name: 'a', mark: { set: 'ws', name: 'a' } };
      const [first] = seen.lives;
      return first === undefined
        ? seen
        : { ...seen, lives: [...seen.lives, { ...first, ...older, id: 'f'.repeat(64) }] };
    },
    remove: (ids) => Promise.resolve(new Map(ids.map((id): [string, Landed] => [id, { is: 'refused', error: full }]))),
  }));
  const { outcomes } = await site.apply([desired()], { stores });
  expect([ends(outcomes), outcomes[0]?.error]).toEqual([['create a failed'], full]);
  expect(keyringOn(site.disk).state().entries.has(made)).toBe(true);
});

it('a set that hands nothing out keeps its secrets in the keyring', async () => {
  const site = makeSite();
  const nowhere: Deliverer = {
    ...delivererTo(site.shelf),
    places: () => Promise.resolve(new Map()),
    put: () => Promise.resolve({ placed: new Map(), others: new Map(), failed: new Map(), written: [], withdrawn: [] }),
  };
  await site.apply([desired()], { deliverer: nowhere });
  expect([...keyringOn(site.disk).state().entries.values()].map(({ pending, places }) => [pending, places])).toEqual([
    [false, []],
  ]);
});

it('a server that says of each secret that it chooses it, and does not, has a bug', async () => {
  const site = makeSite();
  const stores = storesWith(site, () => ({ create: () => Promise.resolve({ is: 'mints' }) }));
  await expect(site.apply([desired()], { stores })).rejects.toThrow('did not choose a secret for a');
});
