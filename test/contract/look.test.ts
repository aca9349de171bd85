/** Teams, users and budgets as the commands show them: what the server has, and what was spent. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { makeGround } from './ground.ts';
import { makePeopleGround, wish } from './people.ts';
import { objectsOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('people are looked at on $name', (target) => {
  const ground = makeGround(target);
  const people = makePeopleGround(target);
  const isFrom = (version: string): boolean => !isOlder(target.version, version);

  /** Two teams of one name, a user in one of them with limits of their own, another without, and their keys. */
  async function makeTeams(): Promise<{ readonly [name in 'alias' | 'team' | 'other' | 'ada' | 'bob']: string }> {
    const names = { alias: people.name('-lab'), team: people.name('-lab'), other: people.name('-other') };
    const [ada, bob] = [people.name('-ada'), people.name('-bob')];
    await people.make(wish('user', ada, { user_email: `${ada}@example.com`, max_budget: 7 }));
    await people.make(wish('team', names.team, { max_budget: 100, budget_duration: '30d', models: ['gpt-4o-mini'] }));
    await people.ask('POST', '/team/new', { team_id: names.other, team_alias: names.alias, blocked: true });
    await people.make(
      wish('member', `${names.team}/${ada}`, { team_id: names.team, user_id: ada, max_budget_in_team: 4 }),
    );
    await people.make(wish('member', `${names.team}/${bob}`, { team_id: names.team, user_id: bob }));
    await ground.make('-k1', { team_id: names.team, user_id: ada });
    await ground.make('-k2', { user_id: ada });
    return { ...names, ada, bob };
  }

  it('with their members, their limits and their keys', async () => {
    const { alias, team, other, ada, bob } = await makeTeams();
    const person = ground.person();
    const list = async (line: readonly string[], of: string): Promise<readonly JsonObject[]> =>
      objectsOf((await person.json(line))[of] ?? null);
    const teams = await list(['team', 'list', `${alias}*`, other, '--sort', 'status'], 'teams');
    expect(teams.map(({ team_id, status }) => [team_id, status])).toEqual([
      [team, 'active'],
      [other, 'blocked'],
    ]);
    expect((await person.vkeys(['team', 'get', people.name('-nobody')])).code).toBe(1);
    expect((await person.vkeys(['team', 'get', other])).code).toBe(0);
    const shown = await person.json(['team', 'get', team]);
    expect(objectsOf(shown['teams'] ?? null)).toMatchObject([
      { team_id: team, team_alias: alias, max_budget: 100, models: ['gpt-4o-mini'], keys_count: 1, members_count: 3 },
    ]);
    expect(objectsOf(shown['teams'] ?? null)[0]?.['budget_reset_at']).toMatch(/^\d{4}-/);
    const members = objectsOf(shown['members'] ?? null).filter(({ user_id }) => user_id === ada || user_id === bob);
    expect(members).toMatchObject([
      {
        user_id: ada,
        role: 'user',
        max_budget_in_team: 4,
        budget_source: 'custom',
        spend: isFrom('1.77.0') ? 0 : null,
      },
      {
        user_id: bob,
        role: 'user',
        max_budget_in_team: null,
        budget_source: 'none',
        spend: isFrom('1.108.0') ? 0 : null,
      },
    ]);
    expect(await list(['team', 'members', team], 'members')).toEqual(objectsOf(shown['members'] ?? null));
    const user = await person.json(['user', 'get', ada]);
    expect(user).toMatchObject({
      users: [{ user_id: ada, key_count: 2, teams: [team], max_budget: 7, user_email: `${ada}@example.com` }],
      members: [{ team_id: team, team_alias: alias, user_id: ada, max_budget_in_team: 4 }],
    });
    const aliases = async (line: readonly string[]) => (await list(line, 'keys')).map(({ key_alias }) => key_alias);
    expect(await aliases(['team', 'keys', team])).toEqual([ground.name('-k1')]);
    expect(await aliases(['user', 'keys', ada])).toEqual([ground.name('-k1'), ground.name('-k2')]);
    expect(await list(['user', 'list', ada], 'users')).toEqual(objectsOf(user['users'] ?? null));
  });

  it('with the limits that members have from their team', async () => {
    const [team, ada, frugal] = [people.name('-shared'), people.name('-eve'), people.name('-frugal')];
    await people.make(wish('budget', frugal, { max_budget: 20, budget_duration: '30d' }));
    const person = ground.person();
    expect(await person.json(['budget', 'get', frugal])).toMatchObject({
      budgets: [{ budget_id: frugal, max_budget: 20 }],
    });
    expect(await person.json(['budget', 'list', frugal])).toMatchObject({
      budgets: [{ budget_id: frugal, max_budget: 20 }],
    });
    if (!isFrom('1.77.0')) return;
    await people.make(wish('team', team, { team_member_budget: 3 }));
    await people.make(wish('member', `${team}/${ada}`, { team_id: team, user_id: ada }));
    const members = objectsOf((await person.json(['team', 'members', team]))['members'] ?? null);
    /* 1.83 gives each a copy of it. */
    const budget_source = isFrom('1.108.0') || !isFrom('1.83.0') ? 'team_default' : 'custom';
    expect(members.filter(({ user_id }) => user_id === ada)).toMatchObject([{ max_budget_in_team: 3, budget_source }]);
  });
});
