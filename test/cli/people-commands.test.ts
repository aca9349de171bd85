/** Single commands about people, where a run of a spec does not show it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { makeSetsHome } from '../support/sets.ts';

const CHANGES = /new|update|add|generate|delete|block/;

describe('what was made by single commands', () => {
  it('costs a key that is made by one no look at it', async () => {
    const home = makeSetsHome();
    const alone = await home.vkeys('create a');
    for (const line of ['user create ada', 'team create lab --member ada', 'budget create frugal --max-budget 5'])
      expect(await home.vkeys(line)).toMatchObject({ code: 0 });
    expect((await home.vkeys('create b')).requests).toEqual(alone.requests);
  });

  it('is not in the way of a spec of its own set, which owns it then', async () => {
    const home = makeSetsHome();
    await home.vkeys('team create lab --set research --max-budget 5');
    home.wants({ set: 'research', teams: [{ team_alias: 'lab', max_budget: 5 }] });
    const { code, stdout } = await home.vkeys('apply -f spec.yaml --yes');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing to do: 1 team is as wanted.')]);
    const update = await home.vkeys('team update lab --max-budget 7');
    expect([update.code, update.stdout]).toEqual([0, expect.stringContaining('It belongs to the set research')]);
  });

  it('has the right people under its name: neither those of another, nor a team of that id', async () => {
    const home = makeSetsHome();
    await home.vkeys('team create lab --team-id T1');
    await home.vkeys('team create T1');
    const { stdout } = await home.vkeys('team update T1 --max-budget 5 -o json');
    expect(documentIn(stdout)['teams']).toMatchObject([{ team_id: 'T1', team_alias: 'lab' }]);
  });
});

it('a team that is there without all of its members is told, and finished with --update', async () => {
  const home = makeSetsHome();
  for (const line of ['user create u1', 'user create u2', 'team create t --member u1']) await home.vkeys(line);
  const whole = 'team create t --member u1 --member u2 --max-budget 5';
  const { code, stderr } = await home.vkeys(`${whole} --if-absent`);
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('Not as it was asked for: member/t/u2, team/t; --update'),
  ]);
  expect((await home.vkeys(`${whole} --update`)).stdout).toContain('1 created, 1 updated');
  expect((await home.vkeys(`${whole} --if-absent`)).stderr).toBe('The team t is there already; nothing was changed.\n');
});

describe('rules of an organisation', () => {
  it('hold for teams and users that are made or changed one at a time, and say which flag is meant', async () => {
    const home = makeSetsHome();
    const rules = { rules: { teams: { max_budget: { most: 50 } }, users: { metadata: ['course'] } } };
    writeFileSync(join(home.folder, 'rules.json'), JSON.stringify(rules));
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY, VKEYS_RULES: 'rules.json' };
    for (const [line, way] of [
      ['team create lab --max-budget 60', '--max-budget 50'],
      ['team create lab', '--max-budget 50'],
      ['user create ada', '--metadata course='],
    ] as const) {
      const { code, stderr, requests } = await home.vkeys(line, { env });
      expect([code, stderr, requests]).toEqual([3, expect.stringContaining(way), []]);
    }
    for (const line of ['team create lab --max-budget 40', 'team update lab --rpm-limit 5', 'budget create b'])
      expect(await home.vkeys(line, { env })).toMatchObject({ code: 0 });
    expect((await home.vkeys('team update lab --max-budget 70', { env })).code).toBe(3);
  });
});

describe('a member', () => {
  it('comes in by an address, alone or on standard input, each once', async () => {
    const home = makeSetsHome();
    await home.vkeys('user create ada --user-email Ada@Example.com');
    await home.vkeys('user create bob');
    await home.vkeys('team create lab');
    const stdin = { isTTY: false, read: () => Promise.resolve('ada@example.com\n\n bob \nada\n') };
    const { code, stdout } = await home.vkeys('team members lab add -', { stdin });
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 created')]);
    expect((await home.vkeys('team members lab remove ada@example.com --yes')).code).toBe(0);
  });

  it('is not made by `set`, and nobody is removed where somebody is not in', async () => {
    const home = makeSetsHome();
    for (const line of ['user create ada', 'user create bob', 'team create lab --member ada']) await home.vkeys(line);
    for (const line of ['set bob --role user', 'remove ada bob --yes']) {
      const { code, stderr, requests } = await home.vkeys(`team members lab ${line}`);
      expect([code, stderr]).toEqual([1, expect.stringContaining('bob is not in the team lab.')]);
      expect(requests.filter((request) => CHANGES.test(request))).toEqual([]);
    }
  });

  it('with an unknown user is refused in a spec, too, with a guess', async () => {
    const home = makeSetsHome();
    await home.vkeys('user create ada@example.com');
    await home.vkeys('user create grace --user-email grace@example.com');
    for (const [user_id, guess] of [
      ['adda@example.com', 'Did you mean ada@example.com?'],
      ['grace@example.com', 'is what the user grace is called'],
    ] as const) {
      home.wants({ set: 'x', teams: [{ team_alias: 'lab', members: [{ user_id }] }] });
      const { code, stderr } = await home.vkeys('apply -f spec.yaml --yes');
      expect([code, stderr]).toEqual([6, expect.stringContaining(guess)]);
      expect(stderr).toContain('vkeys user create');
    }
    expect(documentIn((await home.vkeys('team list -o json')).stdout)['teams']).toEqual([]);
  });
});

it.each([
  'create a --team sk-abcdefghijklmnopqrstuv',
  'create a --budget sk-abcdefghijklmnopqrstuv',
  'create a --user-id sk-abcdefghijklmnopqrstuv',
  'update a --team-id sk-abcdefghijklmnopqrstuv',
  'team create t --team-id sk-abcdefghijklmnopqrstuv',
  'team create t --organization-id sk-abcdefghijklmnopqrstuv',
])('a key in the place of a name is neither sent nor shown: %s', async (line) => {
  const { code, stdout, stderr, requests } = await makeSetsHome().vkeys(`${line} -o json`);
  expect([code, `${stdout}${stderr}`]).toEqual([3, expect.not.stringContaining('abcdefghijklm')]);
  expect(requests).toEqual([]);
});

it.each([
  'team update t --field team_alias=other',
  'team update t --field team_id=other',
  'team create t --field members_with_roles=[]',
  'user update u --field user_id=other',
  'budget update b --field budget_id=other',
])('what names a thing, or is part of it, is no other field: %s', async (line) => {
  const { code, stderr, requests } = await makeSetsHome().vkeys(line);
  expect([code, stderr, requests]).toEqual([3, expect.stringContaining('is no extra: vkeys knows it.'), []]);
});

it.each([
  ['update a --unset max_budget --max-budget 3', 'max_budget'],
  ['team update t --unset metadata.x --metadata x=1', 'metadata.x'],
  ['team members t set ada --unset role --role user', 'role'],
])('a value for what is cleared is refused: %s', async (line, field) => {
  const { code, stderr, requests } = await makeSetsHome().vkeys(line);
  expect([code, stderr, requests]).toEqual([3, expect.stringContaining(`There is a value for ${field},`), []]);
});

describe('a deletion', () => {
  it('by a pattern is guarded, with what goes along', async () => {
    const home = makeSetsHome();
    for (const name of ['ada', 'bob']) await home.vkeys(`user create ${name}`);
    for (const name of ['a', 'b', 'c', 'd']) await home.vkeys(`team create lab-${name} --member ada --member bob`);
    const refused = await home.vkeys('team delete lab-* --yes');
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('--max-deletions 12')]);
    expect((await home.vkeys('team delete lab-* --yes --max-deletions 12')).code).toBe(0);
    expect((await home.vkeys('team delete lab-* --yes')).stderr).toContain('There is no team that lab-* matches.');
  });

  it('of a set takes all of it, and nothing else, where that is meant', async () => {
    const home = makeSetsHome();
    for (const name of ['a', 'b']) await home.vkeys(`team create ${name} --set retired`);
    await home.vkeys('team create c');
    expect((await home.vkeys('team delete --yes')).stderr).toContain('Nothing to delete was named.');
    expect((await home.vkeys('team delete --set retird --yes')).stdout).toContain('Did you mean retired?');
    expect((await home.vkeys('team delete c --set retired --yes')).stderr).toContain(
      'The team c is not of the set retired.',
    );
    expect((await home.vkeys('team delete --set retired --yes')).stderr).toContain('--max-deletions 2');
    const { code, stdout } = await home.vkeys('team delete --set retired --yes --max-deletions 2');
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 deleted')]);
    expect((await home.vkeys('team list')).stdout).toMatch(/^c\t/);
  });

  it('of somebody else’s team, user or budget is asked about, and says whose they are', async () => {
    const server = makeServer();
    const [home, other] = [makeSetsHome({ server }), makeSetsHome({ server, seed: 'other' })];
    for (const line of ['user create ada --set mine', 'team create lab --set mine']) await home.vkeys(line);
    const asked: string[] = [];
    const ask = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve('no');
    };
    const { code, stderr } = await other.vkeys('team delete lab', { ask });
    expect([code, stderr]).toEqual([6, expect.stringContaining('of the set mine')]);
    expect((await other.vkeys('team delete lab --yes')).code).toBe(0);
    expect((await other.vkeys('user delete ada --yes')).code).toBe(0);
  });

  it('of a budget is refused while a key has any limit from it alone', async () => {
    const home = makeSetsHome();
    await home.vkeys('budget create slow --rpm-limit 1 --max-budget 9');
    await home.vkeys('create rich --budget slow --max-budget 2');
    const { code, stderr } = await home.vkeys('budget delete slow --yes');
    expect([code, stderr]).toEqual([6, expect.stringContaining('key/rich')]);
    await home.vkeys('update rich --rpm-limit 5');
    expect((await home.vkeys('budget delete slow --yes')).code).toBe(0);
  });

  it('of a budget that a team gives its members is refused', async () => {
    const home = makeSetsHome();
    await home.vkeys('team create lab --team-member-budget 5');
    const { stdout } = await home.vkeys('budget list -o json');
    const [budget] = documentIn(stdout)['budgets'] as readonly { readonly budget_id: string }[];
    const { code, stderr } = await home.vkeys(`budget delete ${String(budget?.budget_id)} --yes`);
    expect([code, stderr]).toEqual([6, expect.stringContaining('team/lab')]);
  });
});
