/** Teams, users, members and budgets made, changed and deleted by single commands. The tests of one target build on each other. */
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { makeGround } from './ground.ts';
import { makePeopleGround } from './people.ts';
import { objectsOf } from './read.ts';
import { targets } from './targets.ts';

const CHANGES = /new|update|add|generate|delete|block/;

describe.each(targets)('single commands about people on $name', (target) => {
  const ground = makeGround(target);
  const people = makePeopleGround(target);
  const person = ground.person();
  const [lab, frugal] = [people.name('-lab'), people.name('-frugal')];
  const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((name) => people.name(`-${name}@example.com`));
  const isFrom = (version: string): boolean => !isOlder(target.version, version);

  const run = async (line: string, ...more: readonly string[]) => person.vkeys([...line.split(' '), ...more]);
  /** Does it, and shows that doing it again changes nothing. */
  const twice = async (line: string, ...more: readonly string[]): Promise<void> => {
    const first = await run(line, ...more);
    expect([first.code, first.stderr], line).toEqual([0, expect.not.stringContaining('error')]);
    const again = await run(line, ...more);
    expect([again.code, again.requests.filter((request) => CHANGES.test(request))], line).toEqual([0, []]);
  };
  const listed = async (line: string, of: string): Promise<readonly JsonObject[]> =>
    objectsOf((await person.json(line))[of] ?? null);
  const membersOf = async (): Promise<readonly JsonObject[]> =>
    (await listed(`team members ${lab}`, 'members')).filter(({ user_id }) => user_id !== 'default_user_id');

  it('make what is not there, and nothing that is', async () => {
    for (const user of [ada, bob]) await twice(`user create ${user} --max-budget 20 --if-absent`);
    await twice(`budget create ${frugal} --max-budget 20 --budget-duration 30d --if-absent`);
    await twice(`team create ${lab} --max-budget 100 --models gpt-4o-mini --member ${ada} --if-absent`);
    expect(await listed(`team get ${lab}`, 'teams')).toMatchObject([
      { team_alias: lab, max_budget: 100, models: ['gpt-4o-mini'], owned_by: 'adhoc' },
    ]);
    const again = await run(`team create ${lab} --max-budget 5`);
    expect([again.code, again.stderr]).toEqual([6, expect.stringContaining(`vkeys team update ${lab}`)]);
    expect((await listed(`user list ${ada}`, 'users')).map(({ key_count }) => key_count ?? 0)).toEqual([0]);
  });

  it('change just what is named', async () => {
    await twice(`team update ${lab} --max-budget 120 --metadata course=ai`);
    await twice(`user update ${ada} --max-budget 30`);
    await twice(`budget update ${frugal} --max-budget 25`);
    expect(await listed(`team get ${lab}`, 'teams')).toMatchObject([
      { max_budget: 120, models: ['gpt-4o-mini'], metadata: { course: 'ai' } },
    ]);
    expect(await listed(`user get ${ada}`, 'users')).toMatchObject([{ max_budget: 30 }]);
    expect(await listed(`budget get ${frugal}`, 'budgets')).toMatchObject([{ max_budget: 25, budget_duration: '30d' }]);
  });

  it('take users into a team who are there, and nobody else', async () => {
    const unknown = await run(`team members ${lab} add ${bob} ${eve}`);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining(`There is no user ${eve}.`)]);
    expect(await membersOf()).toHaveLength(1);
    await twice(`team members ${lab} add ${bob} --max-budget-in-team 5`);
    expect(await listed('user list', 'users')).not.toContainEqual(expect.objectContaining({ user_id: eve }));
    if (isFrom('1.77.0')) await twice(`team members ${lab} set ${bob} --max-budget-in-team 7`);
    const limit = isFrom('1.77.0') ? 7 : 5;
    expect((await membersOf()).find(({ user_id }) => user_id === bob)).toMatchObject({ max_budget_in_team: limit });
    const other = await run(`team members ${lab} add ${bob} --max-budget-in-team 9`);
    const said = isFrom('1.77.0') ? `vkeys team members ${lab} set ${bob}` : 'takes it only at creation';
    expect([other.code, other.stdout]).toEqual([0, expect.stringContaining(said)]);
  });

  it('block a team and let it be used again', async () => {
    const { key } = await person.one(`create ${ground.name('-in')} --team ${lab} --user-id ${bob}`);
    expect(key).toMatch(/^sk-/);
    await twice(`team block ${lab}`);
    expect(await listed(`team get ${lab}`, 'teams')).toMatchObject([{ status: 'blocked', max_budget: 120 }]);
    await twice(`team unblock ${lab}`);
    expect(await listed(`team get ${lab}`, 'teams')).toMatchObject([{ status: 'active', metadata: { course: 'ai' } }]);
  });

  it('tell what goes along before a member, a team or a user goes', async () => {
    const takes = isFrom('1.83.0');
    const removal = await run(`team members ${lab} remove ${bob} --yes`);
    expect([removal.code, removal.stderr.includes(ground.name('-in'))]).toEqual(takes ? [6, true] : [0, false]);
    expect(await membersOf()).toHaveLength(takes ? 2 : 1);
    const removing = await run(`team members ${lab} remove ${ada} --yes`);
    expect(removing).toMatchObject({ code: 0 });
    expect((await run(`team members ${lab} remove ${ada} --yes`)).code).toBe(1);
    expect((await run(`team members ${lab} remove ${ada} --yes --ignore-missing`)).code).toBe(0);
    const refused = await run(`team delete ${lab} --yes`);
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('--cascade')]);
    expect(await ground.named(ground.name('-in'))).toHaveLength(1);
    const { code, requests } = await run(`team delete ${lab} --yes --cascade`);
    expect(code).toBe(0);
    expect(requests.indexOf('POST /key/delete')).toBeLessThan(requests.indexOf('POST /team/delete'));
    expect(await ground.named(ground.name('-in'))).toEqual([]);
    expect((await run(`team get ${lab}`)).code).toBe(1);
  });

  it('do not take a budget from what would go on without limits', async () => {
    await person.one(`create ${ground.name('-poor')} --budget ${frugal}`);
    const refused = await run(`budget delete ${frugal} --yes`);
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining(ground.name('-poor'))]);
    expect((await run(`delete ${ground.name('-poor')} --yes`)).code).toBe(0);
    expect((await run(`budget delete ${frugal} --yes`)).code).toBe(0);
    for (const user of [ada, bob]) expect((await run(`user delete ${user} --yes`)).code).toBe(0);
    expect((await run(`user delete ${ada} --yes`)).code).toBe(1);
    const root = await run('user delete default_user_id --yes --cascade');
    expect(root.code).not.toBe(0);
  });
});
