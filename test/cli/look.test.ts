/** Teams, users, members and budgets as people look at them, on the sandbox of each version. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';
import { documentIn } from '../support/document.ts';
import { makeServer, MASTER_KEY, type TestServer } from '../support/server.ts';
import { makeSetsHome, type SetsHome } from '../support/sets.ts';

const GROUP = {
  set: 'research',
  budgets: [{ budget_id: 'frugal', max_budget: 20 }],
  users: [{ user_id: 'ada', user_email: 'ada@example.com', user_role: 'internal_user', max_budget: 7 }],
  teams: [
    {
      team_alias: 'lab',
      models: ['gpt-4o-mini'],
      max_budget: 100,
      budget_duration: '30d',
      metadata: { course: 'ai', api_token: 'geheim-1234' },
      members: [
        { user_id: 'ada', role: 'admin' },
        { user_id: 'bob', budget: 'frugal' },
      ],
    },
    { team_alias: 'lab-2' },
  ],
  keys: [
    { key_alias: 'k1', team: 'lab', user: 'ada' },
    { key_alias: 'k2', user_id: 'ada' },
    { key_alias: 'k3', user_id: 'ghost' },
  ],
};

const NO_KEY = { auto_create_key: false };

/** A request of somebody else's. */
async function post({ fetch }: TestServer, path: string, body: JsonObject): Promise<void> {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const signal = new AbortController().signal;
  const sent = { method: 'POST', headers, body: JSON.stringify(body), redirect: 'manual', signal } as const;
  const { status } = await fetch(`http://litellm.test${path}`, sent);
  expect(status).toBe(200);
}

function homeOf(version: SandboxVersion): SetsHome {
  return makeSetsHome({ server: makeServer({ version }) });
}

async function lists(home: SetsHome, line: string): Promise<Readonly<Record<string, readonly JsonObject[]>>> {
  const seen = await home.vkeys(`${line} -o json`);
  expect([seen.code, seen.stderr]).toEqual([0, '']);
  const { teams, users, members, budgets, keys } = documentIn(seen.stdout);
  return { teams, users, members, budgets, keys } as Record<string, readonly JsonObject[]>;
}

describe.each(SANDBOX_VERSIONS)('people on %s', (version) => {
  let home: SetsHome;
  beforeEach(async () => {
    home = homeOf(version);
    await post(home.server, '/user/new', { user_id: 'bob', ...NO_KEY });
    home.wants(GROUP);
    expect(await home.vkeys('apply -f spec.yaml --yes')).toMatchObject({ code: 0 });
  });

  /** What a member has spent: 1.65 does not tell it, and until 1.83 the others only of those with a limit. */
  const spendOf = (isLimited: boolean): number | null =>
    version === '1.65.8' || (!isLimited && ['1.77.7', '1.83.14'].includes(version)) ? null : 0;

  it('are listed with whose they are and what they spent', async () => {
    const { teams } = await lists(home, 'team list');
    const counted = ['1.77.7', '1.83.14'].includes(version) ? null : 1;
    expect(teams).toMatchObject([
      { team_alias: 'lab', owned_by: 'research', members_count: 3, keys_count: counted, max_budget: 100, spend: 0 },
      { team_alias: 'lab-2', owned_by: 'research', members_count: 1, models: [], blocked: false },
    ]);
    const { users } = await lists(home, 'user list ada bob');
    expect(users).toMatchObject([
      { user_id: 'ada', user_email: 'ada@example.com', owned_by: 'research', key_count: 2, max_budget: 7 },
      { user_id: 'bob', owned_by: null },
    ]);
    expect(await lists(home, 'budget list frugal')).toMatchObject({
      budgets: [{ budget_id: 'frugal', max_budget: 20 }],
    });
  });

  it('are shown in full: a team with its members, a user with what it is in each team', async () => {
    const { teams = [], members = [] } = await lists(home, 'team get lab');
    expect(teams).toMatchObject([{ team_alias: 'lab', keys_count: 1, budget_duration: '30d', members_count: 3 }]);
    expect(teams[0]?.['budget_reset_at']).toMatch(/^2026-/);
    expect(members).toMatchObject([
      { user_id: 'ada', role: 'admin', spend: spendOf(false), max_budget_in_team: null, budget_source: 'none' },
      { user_id: 'bob', role: 'user', spend: spendOf(true), max_budget_in_team: 20, budget_source: 'custom' },
      { user_id: 'default_user_id', role: 'admin' },
    ]);
    expect(await lists(home, 'user get ada')).toMatchObject({
      users: [{ user_id: 'ada', key_count: 2, teams: [teams[0]?.['team_id']] }],
      members: [{ team_alias: 'lab', user_id: 'ada', role: 'admin' }],
    });
    expect(await lists(home, 'budget get frugal')).toMatchObject({
      budgets: [{ budget_id: 'frugal', max_budget: 20 }],
    });
  });

  it('have their keys listed', async () => {
    const aliases = async (line: string) => (await lists(home, line))['keys']?.map(({ key_alias }) => key_alias);
    expect(await aliases('team keys lab')).toEqual(['k1']);
    expect(await aliases('team keys lab-2')).toEqual([]);
    expect(await aliases('user keys ada')).toEqual(['k1', 'k2']);
    expect(await aliases('user keys ghost')).toEqual(['k3']);
  });

  it('are named by a pattern, a name that is unique, and always by their id', async () => {
    await post(home.server, '/team/new', { team_id: 'other', team_alias: 'lab' });
    await post(home.server, '/team/new', { team_id: 'lab-2', team_alias: 'x' });
    expect((await home.vkeys('team list lab* --columns team_alias -o csv')).stdout.split(/\r?\n/)).toEqual([
      'team_alias',
      'lab',
      'lab',
      'lab-2',
      'x',
      '',
    ]);
    const seen = await home.vkeys('team get lab');
    expect(seen.code).toBe(6);
    expect(seen.stderr).toMatch(/There are 2 teams that are called lab:\n.*research.*\n +other {2}not made by vkeys/);
    expect(await lists(home, 'team get other')).toMatchObject({ teams: [{ team_id: 'other' }] });
    expect(await lists(home, 'team get lab-2')).toMatchObject({ teams: [{ team_alias: 'x' }] });
  });

  it('are users by address and alias, too', async () => {
    await post(home.server, '/user/new', {
      ...NO_KEY,
      user_id: 'u-1',
      user_email: 'Eve@example.com',
      user_alias: 'Eve',
    });
    await post(home.server, '/user/new', { ...NO_KEY, user_id: 'u-2', user_alias: 'Eve' });
    await post(home.server, '/key/generate', { key_alias: 'k4', user_id: 'u-1' });
    expect(await lists(home, 'user get eve@EXAMPLE.com')).toMatchObject({ users: [{ user_id: 'u-1' }] });
    expect(await lists(home, 'user keys eve@example.com')).toMatchObject({ keys: [{ key_alias: 'k4' }] });
    expect(await lists(home, 'user list *@example.com')).toMatchObject({
      users: [{ user_id: 'ada' }, { user_id: 'u-1' }],
    });
    const { code, stdout } = await home.vkeys('user get Eve -o json');
    expect([code, documentIn(stdout).error?.['user_ids']]).toEqual([6, ['u-1', 'u-2']]);
  });

  it.each([
    ['team get labb', 'There is no team labb. Did you mean lab?', 'vkeys team list'],
    ['team members labb', 'There is no team labb. Did you mean lab?', 'vkeys team list'],
    ['team keys labb', 'There is no team labb. Did you mean lab?', 'vkeys team list'],
    ['user get adda', 'There is no user adda. Did you mean ada?', 'vkeys user list'],
    ['user keys nobody', 'There is no user nobody.', 'vkeys user list'],
    ['budget get frugl', 'There is no budget frugl. Did you mean frugal?', 'vkeys budget list'],
  ])('%s ends with 1 and a guess', async (line, message, hint) => {
    const { code, stdout, stderr } = await home.vkeys(line);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(message)]);
    expect(stderr).toContain(hint);
  });

  it('show what a person of the team may spend there', async () => {
    const stdout = { isTTY: true, columns: 160, write: (text: string) => void written.push(text) };
    const written: string[] = [];
    expect(await home.vkeys('team get lab --no-color', { stdout })).toMatchObject({ code: 0, stderr: '' });
    const text = written.join('');
    expect(text).toMatch(
      /^lab\n\n {2}team_id +\S+\n {2}status +active\n {2}models +gpt-4o-mini\n {2}spend +0.00 \/ 100.00/,
    );
    const spent = spendOf(true) === null ? String.raw`\?` : '0.00';
    expect(text).toMatch(new RegExp(String.raw`\nUSER_ID +ROLE +SPEND .*\n(.*\n)?bob +user +${spent} / 20\.00`));
    expect(text.endsWith(spendOf(false) === null ? '\n3 members\n' : '\n3 members, 0.00 US dollars spent\n')).toBe(
      true,
    );
    await home.vkeys('team get lab', { stdout: { ...stdout, columns: 60 } });
    await home.vkeys('user get ada', { stdout: { ...stdout, columns: 60 } });
    expect(written.join('')).toMatch(
      /allowed_models\. See them with vkeys team members --columns\.[^]*See them with -o json\./,
    );
  });

  it('keep what nobody is shown to themselves', async () => {
    for (const line of ['team list', 'team get lab']) {
      for (const format of ['table', 'json', 'yaml', 'csv'].slice(0, line === 'team list' ? 4 : 3)) {
        const { stdout } = await home.vkeys(`${line} -o ${format}`);
        expect(stdout).not.toContain('geheim');
        if (line === 'team get lab' || format !== 'table') expect(stdout).toContain('(secret)');
      }
    }
  });
});

describe('many users', () => {
  const count = 450;

  it('are read page by page, and printed in order', async () => {
    const home = homeOf('1.110.2');
    for (let index = 1; index <= count; index += 1) {
      await post(home.server, '/user/new', { user_id: `u${String(index)}`, ...NO_KEY });
    }
    const { code, stdout, requests } = await home.vkeys('user list --columns user_id,teams');
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect([code, ids.length, ids[0], ids[1], ids.at(-1)]).toEqual([0, count, 'u1', 'u2', `u${String(count)}`]);
    expect(requests).toEqual(Array.from({ length: 5 }, () => 'GET /user/list'));
  });

  it('are not read where one is asked for', async () => {
    const home = homeOf('1.110.2');
    for (let index = 1; index <= 520; index += 1) {
      await post(home.server, '/user/new', { user_id: `u${String(index)}`, ...NO_KEY });
    }
    const { code, stdout, requests } = await home.vkeys('user get u7 -o json');
    expect([code, documentIn(stdout)['users']]).toMatchObject([0, [{ user_id: 'u7' }]]);
    expect(requests).toEqual(['GET /user/list', 'GET /user/list']);
    await post(home.server, '/user/update', { user_id: 'u7', user_email: 'seven@example.com' });
    const found = await home.vkeys('user get seven@example.com -o json');
    expect([documentIn(found.stdout)['users'], found.requests.length]).toMatchObject([[{ user_id: 'u7' }], 3]);
  });
});

it.each(['team get', 'user get', 'budget get', 'team members', 'team keys', 'user keys'])(
  'a key in the place of a name is no name: vkeys %s',
  async (line) => {
    const home = homeOf('1.110.2');
    const key = 'sk-abcdefghijklmnopqrstuv';
    const { code, stdout, stderr, requests } = await home.vkeys([...line.split(' '), key]);
    expect([code, stdout, requests]).toEqual([3, '', []]);
    expect(stderr).toMatch(/A key stands where a (team|user|budget) belongs\./);
    expect(stderr).not.toContain(key);
    expect((await home.vkeys([...line.split(' '), ''])).code).toBe(3);
  },
);

it('what a filter leaves out is told, with the set that was meant', async () => {
  const home = homeOf('1.110.2');
  await post(home.server, '/user/new', { user_id: 'bob', ...NO_KEY });
  home.wants(GROUP);
  await home.vkeys('apply -f spec.yaml --yes');
  const { code, stderr } = await home.vkeys('team list --set reserch');
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('None of the 2 teams matches --set reserch. Did you mean research?'),
  ]);
  expect((await home.vkeys('team list labb x*')).stderr).toMatch(
    /There is no team labb\. Did you mean lab\?[^]*There is no team that x\* matches\./,
  );
});
