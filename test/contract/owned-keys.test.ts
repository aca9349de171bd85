/** Keys that go, or lose their limits, with teams, users and budgets, told before they do; and that they really do. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { BUDGET } from '../../src/kinds/budget.ts';
import { memberId } from '../../src/kinds/member.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { generateKey } from '../../src/litellm/keys.ts';
import { ownedKeys, type KeyOwners } from '../../src/litellm/owned-keys.ts';
import { factsOf } from '../../src/model/kind.ts';
import type { Live } from '../../src/model/resource.ts';
import { makePeopleGround, PEOPLE, wish } from './people.ts';
import { targets } from './targets.ts';

describe.each(targets)('keys on $name', (target) => {
  const ground = makePeopleGround(target);
  const key = async (of: string, fields: Readonly<Record<string, string>>): Promise<string> =>
    (await generateKey(ground.connection, () => ({ key_alias: ground.name(of), ...fields }))).hash();
  const aliasesOf = async (owners: KeyOwners): Promise<readonly string[]> => {
    const { lives, isShort, gaps } = await ownedKeys(ground.connection, owners);
    expect([isShort, gaps]).toEqual([false, []]);
    return lives.map(({ name }) => name ?? '').toSorted();
  };
  const standing = async (ids: readonly string[]): Promise<readonly Live[]> =>
    (
      await keyStore(ground.connection, { fields: new Set(['budget_id']) }).survey({ ids, names: [], all: false })
    ).lives.filter(({ id }) => ids.includes(id));

  it('are those of a team and of a user, wherever they are', async () => {
    const [team_id, user_id] = [ground.name('-t%'), ground.name('-u+_')];
    await ground.make(wish('team', team_id));
    await ground.make(wish('user', user_id));
    const ids = [await key('-k1', { team_id }), await key('-k2', { user_id }), await key('-k3', { team_id, user_id })];
    const other = await key('-k4', { user_id: `${user_id}x` });
    const named = (names: readonly string[]): readonly string[] => names.map((name) => ground.name(name));
    expect(await aliasesOf({ team_id: [team_id] })).toEqual(named(['-k1', '-k3']));
    expect(await aliasesOf({ user_id: [user_id] })).toEqual(named(['-k2', '-k3']));
    expect(await aliasesOf({ team_id: [team_id], user_id: [user_id] })).toEqual(named(['-k1', '-k2', '-k3']));
    expect(await aliasesOf({ team_id: [ground.name('-none')] })).toEqual([]);
    const takes = async (kind: string, id: string): Promise<readonly string[]> => {
      const live = await ground.store(kind).get(id);
      const ties = factsOf(PEOPLE, kind).cascades.filter((tie) => tie.kind === 'key');
      const isTaken = (one: Live): boolean => live !== null && ties.some((tie) => tie.isIn(one, live));
      return (await standing([...ids, other])).filter(isTaken).map(({ id: each }) => each);
    };
    const taken = { team: await takes('team', team_id), user: await takes('user', user_id) };
    await ground.store('team').remove([team_id]);
    expect((await standing([...ids, other])).map(({ id }) => id).toSorted()).toEqual(
      [...ids, other].filter((id) => !taken.team.includes(id)).toSorted(),
    );
    await ground.store('user').remove([user_id]);
    expect((await standing([...ids, other])).map(({ id }) => id)).toEqual([other]);
    expect(taken.user.length).toBe(2);
    await keyStore(ground.connection).remove([other]);
  });

  it('are those of a budget, which lose their limit with it', async () => {
    const budget_id = ground.name('-b');
    const budget = await ground.make(wish('budget', budget_id, { max_budget: 3 }));
    const ids = [await key('-b1', { budget_id }), await key('-b2', {})];
    expect(await aliasesOf({ budget_id: [budget_id] })).toEqual([ground.name('-b1')]);
    expect(await aliasesOf({ budget_id: [ground.name('-none')] })).toEqual([]);
    const freed = (await standing(ids)).filter((one) => BUDGET.frees[0]?.isIn(one, budget) === true);
    expect(freed.map(({ id }) => id)).toEqual(ids.slice(0, 1));
    await ground.store('budget').remove([budget_id]);
    const left = await standing(ids);
    expect(left.map(({ settings }) => settings['budget_id'])).toEqual([undefined, undefined]);
    await keyStore(ground.connection).remove(ids);
  });

  it('of a member go with the membership from 1.83 on', async () => {
    const [team_id, user_id] = [ground.name('-mt'), ground.name('-mu')];
    await ground.make(wish('team', team_id));
    const member = await ground.make(wish('member', `${team_id}/${user_id}`, { team_id, user_id }));
    const ids = [await key('-m1', { team_id, user_id }), await key('-m2', { team_id }), await key('-m3', { user_id })];
    const [tie] = factsOf(PEOPLE, 'member').cascades;
    const taken = (await standing(ids)).filter((one) => tie?.isIn(one, member) === true).map(({ id }) => id);
    expect(taken).toEqual(ids.slice(0, 1));
    await ground.store('member').remove([memberId(team_id, user_id)]);
    const left = (await standing(ids)).length;
    expect(left).toBe(isOlder(target.version, tie?.since ?? '') ? 3 : 2);
    await keyStore(ground.connection).remove(ids);
  });
});
