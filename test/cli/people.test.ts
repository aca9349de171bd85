/** Budgets, users, teams and members through whole runs, on the sandbox of each version. */
import { describe, expect, it } from 'vitest';
import { isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/versions.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { makeSetsHome, type Document, type SetsHome } from '../support/sets.ts';

const APPLY = 'apply -f spec.yaml --yes';
const PEOPLE = Array.from({ length: 6 }, (_, index) => `p${String(index)}@example.com`);

/** A research group: a team with a budget, six members with one of their own, and a key for each. */
function group(more: JsonObject = {}, team: JsonObject = {}, keys: JsonObject = {}): Document {
  const roster = PEOPLE.map((user) => ({ user }));
  return {
    set: 'research',
    budgets: [{ budget_id: 'frugal', max_budget: 20 }],
    users: [
      { user_id: 'boss@example.com', user_role: 'internal_user' },
      { user_id: '{user}', roster },
    ],
    teams: [
      {
        team_alias: 'lab',
        models: ['gpt-4o-mini'],
        max_budget: 100,
        metadata: { course: 'ai' },
        members: [
          { user_id: 'boss@example.com', role: 'admin' },
          { user_id: '{user}', roster, budget: 'frugal' },
        ],
        ...team,
      },
    ],
    keys: [{ key_alias: 'lab-{user}', roster, team: 'lab', user_id: '{user}', ...keys }],
    ...more,
  };
}

const homeOf = (version: SandboxVersion): SetsHome => makeSetsHome({ server: makeServer({ version }) });

async function planned(home: SetsHome, flags = ''): Promise<readonly string[]> {
  const { stdout } = await home.vkeys(`plan -f spec.yaml -o json ${flags}`);
  const document = parseJson(stdout);
  const lists = ['budgets', 'users', 'teams', 'members', 'keys'];
  return lists.flatMap((list) => {
    const items = isObject(document) && Array.isArray(document[list]) ? document[list].filter(isObject) : [];
    const actions = items.flatMap(({ action }) => (typeof action === 'string' && action !== 'noop' ? [action] : []));
    return actions.map((action) => `${action} ${list}`);
  });
}

/** What the server has, as its own routes tell it. */
async function ask({ server }: SetsHome, path: string, body?: JsonObject): Promise<string> {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const init = {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    body: JSON.stringify(body),
    redirect: 'manual',
  } as const;
  const { body: _none, ...plain } = init;
  const sent = body === undefined ? plain : init;
  const signal = new AbortController().signal;
  return (await server.fetch(`http://litellm.test${path}`, { ...sent, signal })).text();
}

describe.each(SANDBOX_VERSIONS)('people on %s', (version) => {
  it('are made in one run, and the next has nothing to do', async () => {
    const home = homeOf(version);
    home.wants(group());
    const made = await home.vkeys(APPLY);
    expect([made.code, made.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    const again = await home.vkeys(APPLY);
    expect([again.code, again.requests.filter((request) => /new|update|add|generate|delete/.test(request))]).toEqual([
      0,
      [],
    ]);
    expect(again.stdout).toContain('Nothing to do: 1 budget, 7 users, 1 team, 7 members and 6 keys are as wanted.');
  });

  it('follow their spec, field by field, and nothing else is touched', async () => {
    const home = homeOf(version);
    home.wants(group());
    await home.vkeys(APPLY);
    home.wants(
      group({ budgets: [{ budget_id: 'frugal', max_budget: 30 }] }, { max_budget: 120, metadata: { course: 'ml' } }),
    );
    const changed = version === '1.65.8' ? [] : Array.from({ length: 6 }, () => 'update members');
    expect(await planned(home)).toEqual(['update budgets', 'update teams', ...changed]);
    expect((await home.vkeys(APPLY)).code).toBe(0);
    expect(await planned(home)).toEqual([]);
  });

  it('go together, and leave nothing', async () => {
    const home = homeOf(version);
    home.wants(group());
    await home.vkeys(APPLY);
    expect((await home.vkeys('delete -f spec.yaml --yes')).code).toBe(0);
    expect((await home.keys()).size).toBe(0);
    expect(await ask(home, '/team/list')).toBe('[]');
    expect(await ask(home, '/user/list')).not.toContain('boss@example.com');
    expect(await ask(home, '/budget/list')).not.toContain('frugal');
    expect((await home.vkeys('delete -f spec.yaml --yes')).stdout).toBe('Nothing to do: 22 are not there.\n');
  });

  it('keep members that the spec does not name, unless it names all', async () => {
    const home = homeOf(version);
    home.wants(group());
    await home.vkeys(APPLY);
    const team = /"team_id":"([^"]+)"/.exec(await ask(home, '/team/list'))?.[1] ?? '';
    await ask(home, '/team/member_add', { team_id: team, member: { user_id: 'guest', role: 'user' } });
    expect(await planned(home)).toEqual([]);
    home.wants(
      group(
        {},
        {
          members: { only: [{ user_id: 'boss@example.com' }, { user_id: '{user}', roster: PEOPLE, budget: 'frugal' }] },
        },
      ),
    );
    expect(await planned(home)).toEqual(['delete members']);
    expect((await home.vkeys(APPLY)).code).toBe(0);
    const info = await ask(home, `/team/info?team_id=${team}`);
    expect([info.includes('"guest"'), info.includes('p0@example.com'), info.includes('default_user_id')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

it.each(SANDBOX_VERSIONS)('a budget that was deleted by hand is given to its keys again on %s', async (version) => {
  const home = homeOf(version);
  home.wants({ set: 'x', budgets: [{ budget_id: 'b', max_budget: 2 }], keys: [{ key_alias: 'a', budget: 'b' }] });
  await home.vkeys(APPLY);
  await ask(home, '/budget/delete', { id: 'b' });
  expect(await planned(home)).toEqual(['create budgets', 'update keys']);
  expect((await home.vkeys(APPLY)).code).toBe(0);
  const { keys = [] } = JSON.parse(await ask(home, '/key/list')) as { keys?: readonly string[] };
  expect(await ask(home, `/key/info?key=${String(keys[0])}`)).toContain('"budget_id":"b"');
  expect(await planned(home)).toEqual([]);
});

describe('what goes along', () => {
  it('is in the plan, needs --cascade where it is not of the run, and goes first', async () => {
    const home = makeSetsHome();
    home.wants(group());
    await home.vkeys(APPLY);
    home.wants({ set: 'research', teams: [{ team_alias: 'lab', state: 'absent' }] });
    const refused = await home.vkeys('plan -f spec.yaml');
    expect(refused.code).toBe(6);
    expect(refused.stdout).toContain('--cascade');
    expect(refused.stdout).toContain('key/lab-p0@example.com');
    expect(await planned(home, '--cascade')).toEqual(['delete teams', ...PEOPLE.map(() => 'delete keys')]);
    const { code, requests } = await home.vkeys(`${APPLY} --cascade`);
    expect(code).toBe(0);
    expect(requests.indexOf('POST /key/delete')).toBeLessThan(requests.indexOf('POST /team/delete'));
    expect((await home.keys()).size).toBe(0);
  });

  it.each(SANDBOX_VERSIONS)('is with a member what the server deletes with a membership, on %s', async (version) => {
    const home = homeOf(version);
    const team = (...members: JsonObject[]): Document => ({
      set: 'x',
      users: [{ user_id: 'ada' }, { user_id: 'guest' }],
      teams: [{ team_alias: 'lab', team_id: 'T1', members: { only: [{ user_id: 'ada' }, ...members] } }],
    });
    home.wants(team({ user_id: 'guest' }));
    await home.vkeys(APPLY);
    await ask(home, '/key/generate', { key_alias: 'theirs', team_id: 'T1', user_id: 'guest' });
    await ask(home, '/key/generate', { key_alias: 'others', team_id: 'T1', user_id: 'ada' });
    home.wants(team());
    const { code, stderr } = await home.vkeys(APPLY);
    const taken = version === '1.65.8' || version === '1.77.7' ? [] : ['theirs'];
    expect([code, stderr.includes('key/theirs')]).toEqual(taken.length > 0 ? [6, true] : [0, false]);
    expect((await home.vkeys(`${APPLY} --cascade`)).code).toBe(0);
    const left = await home.keys();
    expect(['theirs', 'others'].filter((name) => !left.has(name))).toEqual(taken);
  });

  it('goes with what a file is deleted for, too, with --cascade', async () => {
    const home = makeSetsHome();
    home.wants({ set: 'x', teams: [{ team_alias: 'lab', team_id: 'T1' }] });
    await home.vkeys(APPLY);
    await ask(home, '/key/generate', { key_alias: 'theirs', team_id: 'T1' });
    expect((await home.vkeys('delete -f spec.yaml --yes')).stderr).toContain('If that is meant: --cascade');
    expect((await home.vkeys('delete -f spec.yaml --yes --cascade')).code).toBe(0);
    expect([(await home.keys()).size, await ask(home, '/team/list')]).toEqual([0, '[]']);
  });

  it('takes hand-outs back', async () => {
    const home = makeSetsHome();
    home.wants(group({ deliver: [{ csv: 'all.csv' }] }));
    await home.vkeys(APPLY);
    home.wants({
      set: 'research',
      teams: [{ team_alias: 'lab', state: 'absent' }],
      keys: [],
      deliver: [{ csv: 'all.csv' }],
    });
    const { stdout } = await home.vkeys(`${APPLY} --cascade`);
    expect(stdout).toContain('Keys taken out of all.csv');
  });

  it('is a limit that keys would lose with their budget: refused until they have another', async () => {
    const home = makeSetsHome();
    const keys = [{ key_alias: 'a', budget: 'frugal' }];
    home.wants({ set: 'x', budgets: [{ budget_id: 'frugal', max_budget: 1 }], keys });
    expect((await home.vkeys(APPLY)).code).toBe(0);
    home.wants({ set: 'x', budgets: [{ budget_id: 'frugal', state: 'absent' }], keys: [{ key_alias: 'a' }] });
    const { code, stderr } = await home.vkeys(`${APPLY} --cascade`);
    expect([code, stderr]).toEqual([6, expect.stringContaining('would go on without any: key/a')]);
    home.wants({
      set: 'x',
      budgets: [{ budget_id: 'frugal', state: 'absent' }],
      keys: [{ key_alias: 'a', max_budget: 2, budget_id: null }],
    });
    expect((await home.vkeys(APPLY)).code).toBe(0);
    expect(await ask(home, '/budget/list')).not.toContain('frugal');
  });
});

describe.each(SANDBOX_VERSIONS)('a budget that goes, on %s', (version) => {
  const wants = (budgets: readonly JsonObject[], ...keys: JsonObject[]): Document => ({ set: 'x', budgets, keys });

  it('is refused while a key names it, also one whose spec does not say so', async () => {
    const home = homeOf(version);
    home.wants(wants([{ budget_id: 'b', max_budget: 1 }], { key_alias: 'a', budget: 'b' }, { key_alias: 'c' }));
    await home.vkeys(APPLY);
    home.wants(wants([], { key_alias: 'a' }, { key_alias: 'c' }));
    const { code, stderr } = await home.vkeys(`${APPLY} --prune`);
    expect([code, stderr]).toEqual([6, expect.stringContaining('would go on without any: key/a')]);
  });

  it('is refused where the limit that a key has beside it goes too, or its next budget', async () => {
    const home = homeOf(version);
    const budgets = [
      { budget_id: 'b', max_budget: 1 },
      { budget_id: 'd', max_budget: 1 },
    ];
    home.wants(wants(budgets, { key_alias: 'a', budget: 'b', max_budget: 3 }));
    await home.vkeys(APPLY);
    home.wants(wants([], { key_alias: 'a', max_budget: null }));
    expect((await home.vkeys(`${APPLY} --prune`)).stderr).toContain('would go on without any: key/a');
    home.wants(wants([], { key_alias: 'a', max_budget: null, budget_id: 'd' }));
    expect((await home.vkeys(`${APPLY} --prune`)).stderr).toContain('Its budget d is to be deleted.');
  });

  it('is refused while a key of others names it', async () => {
    const home = homeOf(version);
    home.wants(wants([{ budget_id: 'b', max_budget: 1 }]));
    await home.vkeys(APPLY);
    await ask(home, '/key/generate', { key_alias: 'theirs', budget_id: 'b' });
    expect((await home.vkeys('delete -f spec.yaml --yes')).stderr).toContain('would go on without any: key/theirs');
  });

  it('goes although a key that has nothing to do with it could not be made', async () => {
    const home = makeSetsHome({
      server: makeServer({ version }),
      wrap: (fetch) => (url, init) =>
        url.endsWith('/key/generate') ? fetch(url, { ...init, body: '{"models":5}' }) : fetch(url, init),
    });
    home.wants(wants([{ budget_id: 'b', max_budget: 1 }]));
    await home.vkeys(APPLY);
    home.wants(wants([], { key_alias: 'a' }));
    expect((await home.vkeys(`${APPLY} --prune`)).code).toBe(5);
    expect(await ask(home, '/budget/list')).not.toContain('"b"');
  });

  it('stays where its key could not be given another limit', async () => {
    const server = makeServer({ version });
    const home = makeSetsHome({
      server,
      wrap: (fetch) => (url, init) =>
        url.endsWith('/key/update') ? fetch(url, { ...init, body: '{"key":5}' }) : fetch(url, init),
    });
    home.wants(wants([{ budget_id: 'b', max_budget: 1 }], { key_alias: 'a', budget: 'b' }));
    expect((await home.vkeys(APPLY)).code).toBe(0);
    home.wants(wants([], { key_alias: 'a', max_budget: 2 }));
    const { code, stdout } = await home.vkeys(`${APPLY} --prune`);
    expect([code, stdout]).toEqual([1, expect.stringContaining('It stays: key/a has its limits from it')]);
    expect(await ask(home, '/budget/list')).toContain('"b"');
  });
});

it.each(SANDBOX_VERSIONS)(
  'a team that is called anew keeps its members and keys without a change on %s',
  async (version) => {
    const home = homeOf(version);
    home.wants(group());
    await home.vkeys(APPLY);
    home.wants(group({}, { team_alias: 'new', previously: 'lab' }, { team: 'new' }));
    expect(await planned(home)).toEqual(['update teams']);
    expect((await home.vkeys(APPLY)).code).toBe(0);
    expect(await planned(home)).toEqual([]);
  },
);

it.each(SANDBOX_VERSIONS)(
  'what a version does not know of a new member is told and not tried again on %s',
  async (version) => {
    const home = homeOf(version);
    const budgets = [{ budget_id: 'b', max_budget: 2, budget_duration: '30d' }];
    const users = [{ user_id: 'ada' }];
    home.wants({ set: 'x', budgets, users, teams: [{ team_alias: 't', members: [{ user_id: 'ada', budget: 'b' }] }] });
    const { code, requests } = await home.vkeys(APPLY);
    expect([code, requests.filter((request) => request.endsWith('/team/member_update'))]).toEqual([0, []]);
    expect(await planned(home)).toEqual([]);
  },
);

describe('names', () => {
  const wants = (team: JsonObject): Document => ({ set: 'x', keys: [{ key_alias: 'a', ...team }] });

  it('of teams of the server are looked up, and what is nowhere is refused with what was meant', async () => {
    const home = makeSetsHome();
    await ask(home, '/team/new', { team_id: 'T1', team_alias: 'research' });
    home.wants(wants({ team: 'research' }));
    expect((await home.vkeys(APPLY)).code).toBe(0);
    expect((await home.keys()).get('a')?.['team_id']).toBe('T1');
    home.wants(wants({ team: 'reserch' }));
    const { code, stderr, requests } = await home.vkeys(APPLY);
    expect([code, requests.filter((request) => /new|update|generate/.test(request))]).toEqual([6, []]);
    expect(stderr).toContain('There is no team reserch, neither in the spec nor on the server. Did you mean research?');
  });

  it('that several teams have are refused with their ids', async () => {
    const home = makeSetsHome();
    for (const team_id of ['T1', 'T2']) await ask(home, '/team/new', { team_id, team_alias: 'twin' });
    home.wants(wants({ team: 'twin' }));
    const { code, stderr } = await home.vkeys(APPLY);
    expect([code, stderr]).toEqual([6, expect.stringMatching(/2 teams of the server are called twin: T\d, T\d/)]);
  });

  it('of a user are those of the spec or of the server', async () => {
    const home = makeSetsHome();
    home.wants(wants({ user: 'nobody' }));
    expect((await home.vkeys(APPLY)).stderr).toContain('There is no user nobody');
    home.wants({ ...wants({ user: 'ada' }), users: [{ user_id: 'ada' }] });
    expect((await home.vkeys(APPLY)).code).toBe(0);
    expect((await home.keys()).get('a')?.['user_id']).toBe('ada');
  });

  it('of what is to be deleted are refused', async () => {
    const home = makeSetsHome();
    home.wants({ ...wants({ team: 't' }), teams: [{ team_alias: 't', state: 'absent' }] });
    expect((await home.vkeys(APPLY)).stderr).toContain('Its team t is to be deleted.');
  });

  it.each<[string, Document, Document]>([
    [
      'team t',
      { set: 'x', teams: [{ team_alias: 't', team_id: 'T1' }] },
      { set: 'x', teams: [], keys: [{ key_alias: 'a', team_id: 'T1' }] },
    ],
    [
      'user ada',
      { set: 'x', users: [{ user_id: 'ada' }], keys: [{ key_alias: 'a' }] },
      { set: 'x', users: [{ user_id: 'ada', state: 'absent' }], keys: [{ key_alias: 'a', user_id: 'ada' }] },
    ],
    [
      'user ada',
      { set: 'x', users: [{ user_id: 'ada' }] },
      {
        set: 'x',
        users: [{ user_id: 'ada', state: 'absent' }],
        teams: [{ team_alias: 't', members: [{ user_id: 'ada' }] }],
      },
    ],
    [
      'budget b',
      { set: 'x', budgets: [{ budget_id: 'b', max_budget: 1 }] },
      { set: 'x', budgets: [], keys: [{ key_alias: 'a', budget_id: 'b' }] },
    ],
  ])('of what is to be deleted are refused by id, too: %s', async (name, before, after) => {
    const home = makeSetsHome();
    home.wants(before);
    expect((await home.vkeys(APPLY)).code).toBe(0);
    home.wants(after);
    const { code, stderr } = await home.vkeys(`${APPLY} --prune --cascade`);
    expect([code, stderr]).toEqual([6, expect.stringContaining(`Its ${name} is to be deleted.`)]);
  });
});

describe('whose they are', () => {
  it('is not settled by a name: what others made is taken over with --adopt alone', async () => {
    const home = makeSetsHome();
    await ask(home, '/team/new', { team_id: 'T1', team_alias: 'lab' });
    await ask(home, '/user/new', { user_id: 'ada', auto_create_key: false });
    await ask(home, '/budget/new', { budget_id: 'b', max_budget: 1 });
    home.wants({
      set: 'x',
      budgets: [{ budget_id: 'b', max_budget: 2 }],
      users: [{ user_id: 'ada', user_alias: 'Ada' }],
      teams: [{ team_alias: 'lab', max_budget: 3, members: [{ user_id: 'ada' }] }],
    });
    const refused = await home.vkeys(APPLY);
    expect([refused.code, refused.stderr.match(/--adopt/g)?.length]).toEqual([6, expect.any(Number)]);
    expect((await home.vkeys(`${APPLY} --adopt`)).code).toBe(0);
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
    expect(await ask(home, '/team/info?team_id=T1')).toContain('"max_budget":3');
    expect(await ask(home, '/team/list')).toMatch(/^\[(?!.*team_id.*team_id":"(?!T1))/);
  });

  it('stays theirs where the spec says that it is to go, or where two have the name', async () => {
    const home = makeSetsHome();
    await ask(home, '/team/new', { team_id: 'T1', team_alias: 'lab' });
    home.wants({ set: 'x', teams: [{ team_alias: 'lab', state: 'absent' }] });
    const { code, stdout, stderr } = await home.vkeys(APPLY);
    expect([code, `${stdout}${stderr}`]).toEqual([
      0,
      expect.stringMatching(/To delete it all the same: vkeys (user|team) delete/),
    ]);
    await ask(home, '/team/new', { team_id: 'T2', team_alias: 'lab' });
    home.wants({ set: 'x', teams: [{ team_alias: 'lab' }] });
    const refused = await home.vkeys(`${APPLY} --adopt`);
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('Say which, by its id')]);
  });

  it('is told by the mark on another machine, and by the keyring where there is none', async () => {
    const home = makeSetsHome();
    home.wants(group());
    await home.vkeys(APPLY);
    const other = makeSetsHome({ server: home.server, seed: 'other' });
    other.wants(group());
    const { code, stderr } = await other.vkeys('plan -f spec.yaml');
    expect([code, stderr.includes('team/lab')]).toEqual([6, false]);
    expect((await other.vkeys('plan -f spec.yaml --adopt')).code).toBe(0);
  });

  it('is told by the keyring where a team that was renamed has lost its mark, with its members and keys', async () => {
    const home = makeSetsHome();
    home.wants(group());
    await home.vkeys(APPLY);
    home.wants(group({}, { team_alias: 'new', previously: 'lab' }, { team: 'new' }));
    expect((await home.vkeys(APPLY)).code).toBe(0);
    const team_id = /"team_id":"([^"]+)"/.exec(await ask(home, '/team/list'))?.[1] ?? '';
    await ask(home, '/team/update', { team_id, metadata: { course: 'ai' } });
    expect(await planned(home)).toEqual(['update teams']);
    expect((await home.vkeys(APPLY)).code).toBe(0);
    expect(await planned(home)).toEqual([]);
  });

  it('is not settled by an id either, and what has it stays', async () => {
    const home = makeSetsHome();
    await ask(home, '/team/new', { team_id: 'T1', team_alias: 'theirs', models: ['gpt-4o-mini'] });
    home.wants({ set: 'x', teams: [{ team_alias: 'lab', team_id: 'T1', max_budget: 3 }] });
    const refused = await home.vkeys(APPLY);
    expect(refused).toMatchObject({ code: 6, stderr: expect.stringContaining('A team with the id T1 is there') });
    expect(refused.stderr).toContain('Give the team of the spec another id, or take this one over with --adopt.');
    expect(await ask(home, '/team/info?team_id=T1')).toContain('"team_alias":"theirs"');
    expect((await home.vkeys(`${APPLY} --adopt`)).code).toBe(0);
    expect(await ask(home, '/team/info?team_id=T1')).toMatch(/"team_alias":"lab".*"models":\["gpt-4o-mini"\]/);
    expect(await planned(home)).toEqual([]);
  });

  it('lets no run take the last admin away', async () => {
    const home = makeSetsHome();
    home.wants({
      set: 'x',
      users: [
        { user_id: 'root', user_role: 'proxy_admin' },
        { user_id: 'ada', user_role: 'internal_user' },
      ],
    });
    expect((await home.vkeys(APPLY)).code).toBe(0);
    home.wants({
      set: 'x',
      users: [
        { user_id: 'root', user_role: 'internal_user' },
        { user_id: 'ada', user_role: 'internal_user' },
      ],
    });
    expect((await home.vkeys(APPLY)).stderr).toContain('It is the last proxy_admin of the server');
    home.wants({
      set: 'x',
      users: [
        { user_id: 'root', state: 'absent' },
        { user_id: 'ada', user_role: 'proxy_admin' },
      ],
    });
    expect((await home.vkeys(APPLY)).stderr).toContain('It is the last proxy_admin of the server');
    home.wants({
      set: 'x',
      users: [
        { user_id: 'root', user_role: 'proxy_admin' },
        { user_id: 'ada', user_role: 'proxy_admin' },
      ],
    });
    await home.vkeys(APPLY);
    home.wants({
      set: 'x',
      users: [
        { user_id: 'root', state: 'absent' },
        { user_id: 'ada', user_role: 'proxy_admin' },
      ],
    });
    expect((await home.vkeys(APPLY)).code).toBe(0);
  });
});

it('--only takes a kind and a name', async () => {
  const home = makeSetsHome();
  home.wants(group());
  expect((await home.vkeys(`${APPLY} --only team/* --only budget/*`)).code).toBe(0);
  expect((await home.keys()).size).toBe(0);
  expect(await ask(home, '/team/list')).toContain('"team_alias":"lab"');
  expect((await home.vkeys('plan -f spec.yaml --only team/*')).stderr).toBe('');
  const { stderr } = await home.vkeys('plan -f spec.yaml --only teams/*');
  expect(stderr).toContain(
    'Nothing in the spec matches --only teams/*: there are budget/frugal, user/boss@example.com',
  );
});

it('a team that cannot be made fails its members and keys by name, and nothing else', async () => {
  const home = makeSetsHome({
    wrap: (fetch) => (url, init) =>
      url.endsWith('/team/new') ? fetch(url, { ...init, body: '{"team_id":"x","models":5}' }) : fetch(url, init),
  });
  home.wants(group({ keys: [{ key_alias: 'alone' }, { key_alias: 'within', team: 'lab' }] }));
  const { code, stdout } = await home.vkeys(APPLY);
  expect(code).toBe(5);
  expect(stdout).toContain('team/lab');
  expect([...(await home.keys()).keys()]).toContain('alone');
  expect([...(await home.keys()).keys()]).not.toContain('within');
});

it('a user who cannot be made fails the team whose admin it is to be, so that the server does not make it', async () => {
  let isAway = true;
  const home = makeSetsHome({
    wrap: (fetch) => (url, init) =>
      isAway && url.endsWith('/user/new') ? fetch(url, { ...init, body: '{"models":5}' }) : fetch(url, init),
  });
  home.wants(group());
  const { code, stdout } = await home.vkeys(APPLY);
  expect([code, stdout]).toEqual([5, expect.stringContaining('Its user boss@example.com could not be made.')]);
  expect(await ask(home, '/user/list')).not.toContain('boss@example.com');
  isAway = false;
  expect((await home.vkeys(APPLY)).code).toBe(0);
  expect(await planned(home)).toEqual([]);
});

/** On 1.65.8 the limits of each member cost a request. */
it.each(SANDBOX_VERSIONS.filter((version) => version !== '1.65.8'))(
  'a team of 60 and their keys cost few requests on %s',
  async (version) => {
    const home = homeOf(version);
    const roster = Array.from({ length: 60 }, (_, index) => ({ user: `p${String(index)}` }));
    const members = [{ user_id: '{user}', roster }];
    const keys = [{ key_alias: 'lab-{user}', roster, team: 'lab' }];
    home.wants({ set: 'people', users: members });
    await home.vkeys(APPLY);
    home.wants({ set: 'research', teams: [{ team_alias: 'lab', members }], keys });
    const [made, again] = [await home.vkeys(APPLY), await home.vkeys(APPLY)];
    const gone = await home.vkeys('delete -f spec.yaml --yes');
    expect([made.code, again.code, gone.code]).toEqual([0, 0, 0]);
    expect(made.requests.length).toBeLessThanOrEqual(60 + 60 + 20);
    expect(again.requests.length).toBeLessThanOrEqual(8);
    expect(gone.requests.length).toBeLessThanOrEqual(20);
  },
);
