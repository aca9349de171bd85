/** The life of budgets, users, teams and members: made once whatever is cut, under any id, changed with their mark, and gone. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/model/kind.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { makePeopleGround, markOf, PEOPLE, wish } from './people.ts';
import { connectionTo, targets } from './targets.ts';

const KINDS = [
  { kind: 'budget', path: '/budget/new', settings: { max_budget: 5 }, other: { max_budget: 6 } },
  { kind: 'user', path: '/user/new', settings: { user_role: 'internal_user' }, other: { max_budget: 6 } },
  { kind: 'team', path: '/team/new', settings: { max_budget: 5 }, other: { max_budget: 6, blocked: true } },
] as const;

const ODD = [
  ['blanks and a slash', ' /a b/c'],
  ['Unicode', '-Zoë-学-🦊'],
  ['what addresses are made of', '-/?#&=%20+'],
  ['a comma', '-a,b'],
  ['300 characters', `-${'x'.repeat(285)}`],
  ['a backslash and wildcards', '-\\_%'],
] as const;

type Weather = 'lost before' | 'lost after';

describe.each(targets)('people on $name', (target) => {
  const ground = makePeopleGround(target);

  /** A way on which the first request to a path is lost, before or after the server has done the work. */
  const spoiled = (path: string, weather: Weather): { readonly fetch: Fetch; readonly asked: string[] } => {
    const asked: string[] = [];
    const fetch: Fetch = async (url, init) => {
      asked.push(new URL(url).pathname);
      const isFirst = asked.filter((each) => each === path).length === 1 && asked.at(-1) === path;
      if (!isFirst) return target.fetch(url, init);
      if (weather === 'lost after') await (await target.fetch(url, init)).text();
      throw new RequestError('network', 'Cut.', 'Look at the network.', { reach: 'unknown', transient: true });
    };
    return { fetch, asked };
  };
  const bodyOf = (wanted: Desired) => (now: Date) => factsOf(PEOPLE, wanted.ref.kind).make(wanted, markOf(wanted), now);

  /* Lists of 1.65 do not tell when a user was made. */
  const same = (live: Live): Partial<Live> => ({
    ...live,
    created_at: expect.toBeOneOf([live.created_at, null]) as string | null,
  });

  describe.each(KINDS)('a $kind', ({ kind, path, settings, other }) => {
    const facts = factsOf(PEOPLE, kind);
    const mark = (wanted: Desired) => (facts.marks === 'metadata' ? markOf(wanted) : null);

    it.each(ODD)('has an id with %s', async (_, odd) => {
      const id = ground.name(`${kind}${odd}`);
      const wanted = wish(kind, id, settings);
      const made = await ground.make(wanted);
      expect(made).toMatchObject({ kind, id, name: id, settings, mark: mark(wanted), spend: 0 });
      const survey = await ground.store(kind).survey({ ids: [id], names: [], all: false });
      expect(survey.lives.filter((live) => live.id === id)).toMatchObject([same(made)]);
      const byName = await ground.store(kind).survey({ ids: [], names: [id], all: false });
      expect(byName.lives.filter((live) => live.id === id)).toMatchObject([same(made)]);
      const { live } = await ground.bring(made, wish(kind, id, other));
      expect(live).toMatchObject({ id, settings: other, mark: mark(wanted) });
      expect([...(await ground.store(kind).remove([id])).values()].map(({ is }) => is)).toEqual(['done']);
      expect(await ground.store(kind).get(id)).toBeNull();
    });

    it.each(['lost before', 'lost after'] as const)(
      'is made once, when the request or its answer is %s',
      async (weather) => {
        const wanted = wish(kind, ground.name(`-${kind}-${weather.replace(' ', '-')}`), settings);
        const { fetch, asked } = spoiled(path, weather);
        const store = ground.store(kind, connectionTo({ ...target, fetch }));
        expect(await store.create(bodyOf(wanted), null)).toMatchObject({ is: 'done', value: { id: wanted.id } });
        expect(asked.filter((each) => each === path).length).toBe(weather === 'lost before' ? 2 : 1);
        expect(await store.get(wanted.id ?? '')).toMatchObject({ settings });
      },
    );

    it('is made by another run of the same set too, and refused where something else has its id', async () => {
      const wanted = wish(kind, ground.name(`-${kind}-twice`), settings);
      await ground.make(wanted);
      const again = await ground.store(kind).create(bodyOf(wanted), null);
      expect(again).toMatchObject({ is: 'done', value: { id: wanted.id } });
      const foreign = { set: 'others', name: wanted.ref.name };
      const theirs = wish(kind, wanted.ref.name, other);
      const refused = await ground.store(kind).create((now) => facts.make(theirs, foreign, now), null);
      expect(refused).toMatchObject({
        is: 'refused',
        error: { message: expect.stringContaining('already') as string },
      });
      expect(await ground.store(kind).get(wanted.id ?? '')).toMatchObject({ settings, mark: mark(wanted) });
    });

    it('is deleted with others of which one is unknown', async () => {
      const wanted = ['a', 'b'].map((each) => wish(kind, ground.name(`-${kind}-gone-${each}`), settings));
      for (const each of wanted) await ground.make(each);
      const ids = [...wanted.map(({ id = '' }) => id), ground.name('-nobody')];
      const landed = await ground.store(kind).remove(ids);
      expect([...landed].map(([id, { is }]) => [id, is])).toEqual(ids.map((id) => [id, 'done']));
      expect(
        (await ground.store(kind).survey({ ids, names: [], all: false })).lives.filter(({ id }) => ids.includes(id)),
      ).toEqual([]);
    });

    it('is not changed, nor made by that, when it is gone', async () => {
      const id = ground.name(`-${kind}-away`);
      expect(await ground.store(kind).update(id, () => ({ max_budget: 3 }))).toMatchObject({ is: 'refused' });
      expect(await ground.store(kind).get(id)).toBeNull();
    });

    it('is found among all of its kind', async () => {
      const made = await ground.make(wish(kind, ground.name(`-${kind}-among`), settings));
      const all = await ground.store(kind).survey({ ids: [], names: [], all: true });
      expect(all).toMatchObject({ kind, complete: true, isShort: false, gaps: [] });
      expect(all.lives.find(({ id }) => id === made.id)).toEqual(made);
      const keep = await ground.store(kind).survey({ ids: [made.id], names: [], all: true, keep: () => false });
      expect(keep.lives).toEqual([made]);
    });
  });

  it('a user with a blank at the end of its id is refused, since some versions take it off', async () => {
    const wanted = wish('user', `${ground.name('-blank')} `);
    expect(await ground.store('user').create(bodyOf(wanted), null)).toMatchObject({
      is: 'refused',
      error: { message: expect.stringContaining('blank') as string },
    });
  });

  it('two users do not have one e-mail address, whatever its case', async () => {
    const address = `${ground.name('-ada')}@example.com`;
    const store = ground.store('user');
    const user = (name: string, settings: Settings): Desired => wish('user', ground.name(name), settings);
    await ground.make(user('-first', { user_email: address }));
    const second = user('-second', { user_email: address.toUpperCase() });
    expect(await store.create(bodyOf(second), null)).toMatchObject({ is: 'refused' });
    const third = await ground.make(user('-third', {}));
    const error = { message: expect.stringContaining(ground.name('-first')) as string };
    const body = { user_email: address.toUpperCase() };
    expect(await store.update(third.id, () => body)).toMatchObject({ is: 'refused', error });
    expect((await store.get(third.id))?.settings).not.toHaveProperty('user_email');
    expect(await store.get(second.id ?? '')).toBeNull();
  });

  it('a team keeps its mark and the limits of its members, whatever changes', async () => {
    const name = ground.name('-kept');
    const limits = { team_member_budget: 5, team_member_rpm_limit: 7 };
    const wanted = (settings: Settings, metadata = {}): Desired =>
      wish('team', name, { ...limits, ...settings }, { metadata: { course: 1, ...metadata } });
    let live = await ground.make(wanted({}));
    const known = { ...live.settings };
    for (const [settings, metadata] of [
      [{ max_budget: 9 }, {}],
      [{}, { course: 2 }],
      [{ model_rpm_limit: { m: 1 } }, { course: 2 }],
      [{ model_rpm_limit: { m: 2 }, blocked: true }, { course: 3 }],
      [{ model_rpm_limit: null, blocked: false, team_member_budget: 6 }, { course: 3 }],
      [{ team_member_budget: 6, models: ['m'] }, { course: null }],
    ] as const) {
      ({ live } = await ground.bring(live, wanted(settings, metadata)));
      expect(live.mark).toEqual({ set: 'people', name });
      expect(live.settings['team_member_rpm_limit']).toEqual(known['team_member_rpm_limit']);
    }
    expect(live.metadata).not.toHaveProperty('course');
    expect(live.settings['team_member_budget']).toBe(known['team_member_budget'] === undefined ? undefined : 6);
  });

  it('a team is found by its alias, of which there may be several', async () => {
    const alias = ground.name('-alias_');
    const made = [];
    for (const id of ['-1', '-2', '-3']) {
      const name = id === '-3' ? `${alias}x` : alias;
      made.push(await ground.make({ ...wish('team', name), id: ground.name(id) }));
    }
    const { lives } = await ground.store('team').survey({ ids: [], names: [alias], all: false });
    expect(
      lives
        .filter(({ name }) => name === alias)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([made[0]?.id, made[1]?.id]);
  });
});
