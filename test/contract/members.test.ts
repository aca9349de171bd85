/** Members of teams: many at a time, with limits that stay, and without half ones. */
import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/base/json.ts';
import { isOlder } from '../../src/base/version.ts';
import { memberId } from '../../src/kinds/member.ts';
import { factsOf } from '../../src/model/kind.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { makePeopleGround, markOf, PEOPLE, wish } from './people.ts';
import { textOf } from './read.ts';
import { connectionTo, targets } from './targets.ts';

describe.each(targets)('members on $name', (target) => {
  const ground = makePeopleGround(target);
  const isFrom = (version: string): boolean => !isOlder(target.version, version);
  /* Without a licence only 1.65 makes somebody an admin later. */
  const mayPromote = !isFrom('1.77.0');

  const makeTeam = async (of: string, settings: Settings = {}): Promise<string> => {
    const team_id = ground.name(of);
    await ground.make(wish('team', team_id, settings));
    return team_id;
  };
  const member = (team_id: string, user: string, settings: Settings = {}): Desired => {
    const user_id = ground.name(user);
    return wish('member', `${team_id}/${user_id}`, { team_id, user_id, ...settings });
  };
  const bodyOf = (wanted: Desired) => (now: Date) => factsOf(PEOPLE, 'member').make(wanted, markOf(wanted), now);
  const idOf = ({ settings: { team_id, user_id } }: Desired): string => memberId(textOf(team_id), textOf(user_id));
  const membersOf = async (team_id: string): Promise<readonly Live[]> => {
    const ids = [memberId(team_id, 'anybody')];
    return (await ground.store('member').survey({ ids, names: [], all: false })).lives;
  };
  const usersOf = async (team_id: string): Promise<readonly string[]> =>
    (await membersOf(team_id)).map(({ settings }) => textOf(settings['user_id'])).filter((id) => id.startsWith('vkp-'));

  it('are added twenty at a time, with few requests, read back, and taken away again', async () => {
    const team_id = await makeTeam('-many');
    const asked: string[] = [];
    const fetch: Fetch = (url, init) => {
      asked.push(`${init.method} ${new URL(url).pathname}`);
      return target.fetch(url, init);
    };
    const store = ground.store('member', connectionTo({ ...target, fetch }));
    const wanted = Array.from({ length: 20 }, (_, index) =>
      member(team_id, `-${String(index)}`, index < 10 ? { max_budget_in_team: 4 } : {}),
    );
    const landed = await Promise.all(wanted.map((each) => store.create(bodyOf(each), null)));
    expect(landed.map(({ is }) => is)).toEqual(wanted.map(() => 'done'));
    expect(landed.map((each) => (each.is === 'done' ? each.value.id : null))).toEqual(wanted.map(idOf));
    expect(asked.length).toBeLessThanOrEqual(8);
    expect((await usersOf(team_id)).toSorted()).toEqual(
      wanted.map(({ settings }) => textOf(settings['user_id'])).toSorted(),
    );
    const ids = wanted.map(idOf);
    const { lives } = await store.survey({ ids, names: [], all: false });
    const limited = lives.filter(({ settings }) => settings['max_budget_in_team'] === 4).map(({ id }) => id);
    expect(limited.toSorted()).toEqual(ids.slice(0, 10).toSorted());
    const removed = await store.remove([...ids, memberId(team_id, 'nobody')]);
    expect([...removed.values()].every(({ is }) => is === 'done')).toBe(true);
    expect(await usersOf(team_id)).toEqual([]);
  });

  it('are all there when several machines add to one team at once', async () => {
    const team_id = await makeTeam('-machines');
    const machines = [0, 1, 2].map((machine) =>
      ['a', 'b', 'c'].map((each) => member(team_id, `-${String(machine)}${each}`)),
    );
    const ends = await Promise.all(
      machines.map((wanted) => {
        const store = ground.store('member', { ...connectionTo(target), random: Math.random });
        return Promise.all(wanted.map((each) => store.create(bodyOf(each), null)));
      }),
    );
    expect(ends.flat().filter(({ is }) => is === 'done').length).toBe(9);
    expect((await usersOf(team_id)).length).toBe(9);
  });

  it.each(['lost before', 'lost after'] as const)(
    'are added once when the request or its answer is %s',
    async (weather) => {
      const team_id = await makeTeam(`-${weather.replace(' ', '-')}`);
      let adds = 0;
      const fetch: Fetch = async (url, init) => {
        if (!url.endsWith('/team/member_add')) return target.fetch(url, init);
        adds += 1;
        if (adds > 1) return target.fetch(url, init);
        if (weather === 'lost after') await (await target.fetch(url, init)).text();
        throw new RequestError('network', 'Cut.', 'Look at the network.', { reach: 'unknown', transient: true });
      };
      const store = ground.store('member', connectionTo({ ...target, fetch }));
      const wanted = [member(team_id, '-x'), member(team_id, '-y')];
      const landed = await Promise.all(wanted.map((each) => store.create(bodyOf(each), null)));
      expect(landed.map(({ is }) => is)).toEqual(['done', 'done']);
      expect((await usersOf(team_id)).toSorted()).toEqual(wanted.map(({ settings }) => settings['user_id']));
    },
  );

  it('who are in already are left as they are, and do not keep others out', async () => {
    const team_id = await makeTeam('-again');
    const first = await ground.make(member(team_id, '-in', { max_budget_in_team: 4 }));
    const store = ground.store('member');
    const landed = await Promise.all(
      [member(team_id, '-in'), member(team_id, '-new')].map((each) => store.create(bodyOf(each), null)),
    );
    expect(landed.map(({ is }) => is)).toEqual(['done', 'done']);
    expect(await store.get(first.id)).toEqual(first);
    expect((await usersOf(team_id)).length).toBe(2);
  });

  it('of a team that is not there are refused by name', async () => {
    const wanted = member(ground.name('-no-team'), '-x');
    const store = ground.store('member');
    expect(await store.create(bodyOf(wanted), null)).toMatchObject({ is: 'refused' });
    expect(await store.update(idOf(wanted), () => ({ max_budget_in_team: 3 }))).toMatchObject({ is: 'refused' });
    expect([...(await store.remove([idOf(wanted)])).values()]).toMatchObject([{ is: 'done' }]);
    expect(await store.get(idOf(wanted))).toBeNull();
  });

  it('are not made by half, by an update of somebody who is none', async () => {
    const team_id = await makeTeam('-half');
    const wanted = member(team_id, '-stranger');
    const landed = await ground.store('member').update(idOf(wanted), () => ({ max_budget_in_team: 3 }));
    expect(landed).toMatchObject({ is: 'refused' });
    const info = await ground.ask('GET', '/team/info', { team_id });
    expect(JSON.stringify(isObject(info) ? info['team_memberships'] : null)).not.toContain('stranger');
  });

  it('keep their other limits when one is changed, goes, or their role changes', async () => {
    const team_id = await makeTeam('-limits', { admins: [ground.name('-boss')] });
    const boss = await ground.store('member').get(memberId(team_id, ground.name('-boss')));
    expect(boss?.settings['role']).toBe('admin');
    const limits: Settings = isFrom('1.77.0')
      ? {
          max_budget_in_team: 4,
          tpm_limit: 1000,
          rpm_limit: 10,
          ...(isFrom('1.83.0') ? { allowed_models: ['m'] } : {}),
        }
      : {};
    const wanted = (more: Settings): Desired => member(team_id, '-boss', { role: 'admin', ...limits, ...more });
    let { live } = await ground.bring(boss as Live, wanted({}));
    expect(live.settings).toMatchObject({ role: 'admin', ...limits });
    for (const more of isFrom('1.77.0') ? [{ tpm_limit: 2000 }, { tpm_limit: 2000, rpm_limit: null }] : []) {
      ({ live } = await ground.bring(live, wanted(more)));
      const { rpm_limit, ...others } = { ...limits, ...more };
      expect(live.settings).toMatchObject(others);
      expect(live.settings['rpm_limit'] ?? null).toBe(rpm_limit);
    }
    const before = live.settings;
    ({ live } = await ground.bring(live, wanted({ role: 'user', tpm_limit: 2000, rpm_limit: null })));
    expect(live.settings).toEqual({ ...before, role: 'user' });
    const promotion = await ground.store('member').update(live.id, () => ({ role: 'admin' }));
    expect(promotion.is).toBe(mayPromote ? 'done' : 'refused');
    if (promotion.is === 'refused') expect(promotion.error.message).toMatch(/premium|licen|enterprise/i);
  });

  it.runIf(isFrom('1.77.0'))('have limits of their own, beside those that a team gives to all', async () => {
    const team_id = await makeTeam('-shared', { team_member_budget: 3 });
    const own = await ground.make(member(team_id, '-own', { max_budget_in_team: 8 }));
    expect(own.settings['max_budget_in_team']).toBe(8);
    const plain = await ground.make(member(team_id, '-plain'));
    /* 1.83 gives each a copy, which looks like a limit of their own. */
    const isCopied = isFrom('1.83.0') && !isFrom('1.108.0');
    expect(plain.settings['max_budget_in_team']).toBe(isCopied ? 3 : undefined);
    await ground.bring(plain, member(team_id, '-plain', { max_budget_in_team: 5 }));
    const team = await ground.store('team').get(team_id);
    expect(team?.settings['team_member_budget']).toBe(3);
    expect((await ground.store('member').get(own.id))?.settings['max_budget_in_team']).toBe(8);
  });

  it('of every team are found when all are asked for', async () => {
    const team_id = await makeTeam('-every/team');
    const made = await ground.make(member(team_id, '-odd/ user'));
    const all = await ground.store('member').survey({
      ids: [],
      names: [],
      all: true,
      keep: ({ settings }) => settings['team_id'] === team_id,
    });
    expect(all).toMatchObject({ complete: true, isShort: false });
    expect(all.lives.filter(({ id }) => id === made.id)).toEqual([made]);
    expect(all.lives.every(({ settings }) => settings['team_id'] === team_id)).toBe(true);
    expect(made).toMatchObject({ name: `${team_id}/${ground.name('-odd/ user')}`, mark: null, metadata: {} });
  });
});
