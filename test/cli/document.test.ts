/** With `-o json` every command prints exactly one document that is as the schema says, whatever happens; stderr has words. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseJson } from '../../src/base/json.ts';
import { Interrupted } from '../../src/base/errors.ts';
import type { Console } from '../../src/cli/console.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { OUTPUT_SCHEMA } from '../../src/view/output-schema.ts';
import { documentIn, faultsIn, type PrintedDocument } from '../support/document.ts';
import { answer } from '../support/make.ts';
import { makeHome, MASTER_KEY, type Home, type HomeOptions, type Seen } from '../support/run.ts';

const URL = 'http://litellm.test';
const NOBODY = { LITELLM_BASE_URL: URL };
const LOGIN = { LITELLM_BASE_URL: URL, LITELLM_USERNAME: 'admin', LITELLM_PASSWORD: MASTER_KEY };

/** Keys `lab-user1` and `lab-user2`, a key of others, a team, a spec that is refused, one that is wrong, and one with a wrong model. */
async function homeOf(options: HomeOptions = {}): Promise<Home> {
  const home = makeHome(options);
  const write = (name: string, value: unknown): void => writeFileSync(join(home.folder, name), JSON.stringify(value));
  const keys = [{ key_alias: 'lab', roster: { count: 2 } }];
  write('lab.json', { set: 'lab', keys, deliver: [{ dotenv: 'out/{key_alias}.env' }] });
  write('more.json', { set: 'lab', keys: [{ key_alias: 'lab', roster: { count: 14 }, max_budget: 3 }] });
  write('taken.json', { set: 'taken', keys: [{ key_alias: 'theirs' }, { key_alias: 'new' }] });
  write('wrong.json', { set: 'wrong', keys: [{ key_alias: 'a', max_bugdet: 1 }] });
  write('rules.json', { rules: { keys: { key_alias: 'lab-*' } } });
  write('people.json', {
    set: 'people',
    budgets: [{ budget_id: 'frugal', max_budget: 1 }],
    users: [{ user_id: 'ada', max_budget: 2, metadata: { course: 'ai' } }],
    teams: [{ team_alias: 't', blocked: false, members: [{ user_id: 'ada', budget: 'frugal' }] }],
  });
  write('model.json', { set: 'model', keys: [{ key_alias: 'a', models: ['nothing'] }] });
  writeFileSync(join(home.folder, 'key'), `${MASTER_KEY}\n`, { mode: 0o600 });
  await home.vkeys('create --alias theirs --set others');
  const people = { budgets: [{ budget_id: 'frugal', max_budget: 20 }], users: [{ user_id: 'ada' }] };
  const teams = [{ team_alias: 'lab', members: [{ user_id: 'ada', budget: 'frugal' }] }];
  write('people.json', { set: 'group', ...people, teams, keys: [{ key_alias: 'ada', team: 'lab', user: 'ada' }] });
  await home.vkeys('apply -f lab.json people.json');
  return home;
}

/** What was printed, held to the schema; stderr has the same error in words. */
function read({ code, stdout, stderr }: Seen): PrintedDocument {
  const document = documentIn(stdout);
  expect(stderr).not.toContain('"kind"');
  if (document.error === null) expect([0, 1, 2, 5]).toContain(code);
  else {
    expect(code).not.toBe(0);
    const { message } = document.error;
    const [first = ''] = typeof message === 'string' ? message.split('\n') : [];
    if (document['diagnostics'] === undefined) expect(stderr).toContain(`error: ${first}`);
    else expect(stderr).toContain('found.');
  }
  return document;
}

/** Command lines, what is special about the world, the exit code, and the kind of the error. */
type Case = readonly [line: string, code: number, kind: string | null, world?: (home: Home) => Partial<Console>];

const stdin = (text: string) => (): Partial<Console> => ({
  stdin: { isTTY: false, read: () => Promise.resolve(text) },
});
const env = (variables: Readonly<Record<string, string>>) => (): Partial<Console> => ({ env: variables });
const stopped = (): Partial<Console> => ({ stop: AbortSignal.abort(new Interrupted(130)) });

const CASES: readonly Case[] = [
  ['apply -f lab.json', 0, null],
  ['apply -f more.json', 0, null],
  ['apply -f lab.json more.json', 3, 'spec'],
  ['apply -f taken.json', 6, 'refused'],
  ['plan -f people.json', 0, null],
  ['apply -f people.json', 0, null],
  ['delete -f people.json --yes', 0, null],
  ['validate -f people.json', 0, null],
  ['apply -f lab.json taken.json', 6, 'refused'],
  ['apply -f wrong.json', 3, 'spec'],
  ['apply -f missing.json', 3, 'spec'],
  ['apply -f model.json', 3, 'spec'],
  ['apply -f lab.json --prune --max-deletions many', 3, 'usage'],
  ['apply -f lab.json', 4, 'auth', env(NOBODY)],
  ['apply -f lab.json', 130, 'interrupted', stopped],
  ['apply -f lab.json --dry-run --exit-code', 0, null],
  ['apply', 3, 'usage'],
  ['plan -f lab.json', 0, null],
  ['plan -f more.json --exit-code --scan --recreate', 2, null],
  ['plan -f lab.json taken.json', 6, 'refused'],
  ['plan -f wrong.json', 3, 'spec'],
  ['plan -f lab.json', 4, 'auth', env(NOBODY)],
  ['plan -f lab.json --nonsense', 3, 'usage'],
  ['validate -f lab.json taken.json', 0, null],
  ['validate -f lab.json --print', 0, null],
  ['validate -f wrong.json', 3, 'spec'],
  ['validate -f rules.json', 0, null],
  ['deliver -f lab.json', 0, null],
  ['deliver -f lab.json --check', 0, null],
  ['deliver -f wrong.json', 3, 'spec'],
  ['deliver -f lab.json --check --keyring none', 2, null],
  ['deliver -f lab.json', 130, 'interrupted', stopped],
  ['handout -f lab.json --to people', 0, null],
  ['handout -f more.json --to people', 5, null],
  ['handout -f taken.json --to people', 6, 'refused'],
  ['handout -f wrong.json --to people', 3, 'spec'],
  ['handout -f lab.json', 3, 'usage'],
  ['handout -f lab.json --to people', 130, 'interrupted', stopped],
  ['check -f lab.json rules.json', 0, null],
  ['check -f rules.json --all', 5, null],
  ['check -f lab.json rules.json --key nobody', 1, 'protocol'],
  ['check -f wrong.json', 3, 'spec'],
  ['check --all', 3, 'usage'],
  ['check -f rules.json --all', 4, 'auth', env(NOBODY)],
  ['usage', 0, null],
  ['usage --by team,user --since 2w --set lab', 0, null],
  ['usage --by nothing', 3, 'usage'],
  ['usage --between nothing.json', 3, 'usage'],
  ['snapshot', 3, 'usage'],
  ['close -f lab.json', 6, 'refused'],
  ['status', 0, null],
  ['status --set lab', 0, null],
  ['status --watch', 3, 'usage'],
  ['rotate', 3, 'usage'],
  ['migrate', 3, 'usage'],
  ['open', 3, 'usage'],
  ['extend lab-user1', 3, 'usage'],
  ['raise lab-user1', 3, 'usage'],
  ['block lab-user1', 0, null],
  ['unblock nobody', 1, 'api'],
  ['gc', 0, null],
  ['verify nobody', 3, 'usage'],
  ['whoami', 3, 'usage'],
  ['run', 3, 'usage'],
  ['auth delegate', 3, 'usage'],
  ['export', 3, 'usage'],
  ['adopt', 3, 'usage'],
  ['usage --since yesterday', 3, 'usage'],
  ['usage', 4, 'auth', env(NOBODY)],
  ['budget forecast', 0, null],
  ['budget forecast --kind key,member --close 1 --fail', 0, null],
  ['budget forecast --key nobody', 1, 'protocol'],
  ['budget forecast --within soon', 3, 'usage'],
  ['init', 0, null],
  ['init -', 0, null],
  ['init lab.json', 6, 'refused'],
  ['init no/folder.yaml', 3, 'config'],
  ['create --alias me', 0, null],
  ['create --alias theirs', 6, 'refused'],
  ['create --alias theirs --if-absent', 1, 'delivery'],
  ['create --alias me --max-budget -1', 3, 'usage'],
  ['create --alias me --max-budget much', 3, 'usage'],
  ['create --alias me', 4, 'auth', env(NOBODY)],
  ['create --alias me', 130, 'interrupted', stopped],
  ['update lab-user1 --max-budget 3', 0, null],
  ['update nobody --max-budget 3', 1, 'api'],
  ['update lab-user1', 3, 'usage'],
  ['share lab-user1 --with ada@example.com', 0, null],
  ['share nobody --with ada@example.com', 1, 'api'],
  ['share lab-user1', 3, 'usage'],
  ['unshare lab-user1 --with ada@example.com', 0, null],
  ['list --accessible-to ada', 0, null],
  ['list --accessible-to ada --columns key_alias,access', 0, null],
  ['get lab-user1', 0, null],
  ['get lab-user1 --show-key', 0, null],
  ['get lab-user1 --show-key --keyring elsewhere', 1, 'delivery'],
  ['get nobody', 1, 'api'],
  ['history', 0, null],
  ['history lab-user1 --server', 0, null],
  ['history sk-...abcd', 3, 'usage'],
  ['delete lab-user1 nobody --yes', 5, 'api'],
  ['delete nobody --yes', 1, 'api'],
  ['delete nobody --yes --ignore-missing', 0, null],
  ['delete lab-user1', 6, 'refused'],
  ['delete -f lab.json --yes', 0, null],
  ['delete -f lab.json', 6, 'refused'],
  ['delete', 3, 'usage'],
  ['list', 0, null],
  ['ls --status active', 0, null],
  ['list --expiring soon', 3, 'usage'],
  ['list --sort nothing', 3, 'usage'],
  ['list', 4, 'auth', env(NOBODY)],
  ['team list', 0, null],
  ['team list l* nobody --columns team_alias,spend', 0, null],
  ['team list --sort nothing', 3, 'usage'],
  ['team get lab', 0, null],
  ['team get nobody', 1, 'api'],
  ['team members lab', 0, null],
  ['team members lab --columns user_id,max_budget_in_team', 0, null],
  ['team members nobody', 1, 'api'],
  ['team members lab add ada --role user', 0, null],
  ['team members lab add nobody', 1, 'api'],
  ['team members lab add', 3, 'usage'],
  ['team members lab set ada --max-budget-in-team 3', 0, null],
  ['team members lab remove ada --yes', 6, 'refused'],
  ['team members lab remove ada --cascade --yes', 0, null],
  ['team members lab forget ada', 3, 'usage'],
  ['team create class --max-budget 5 --member ada', 0, null],
  ['team create lab', 6, 'refused'],
  ['team create lab --if-absent', 0, null],
  ['team create class --max-budget much', 3, 'usage'],
  ['team update lab --max-budget 5', 0, null],
  ['team update lab', 3, 'usage'],
  ['team update nobody --max-budget 5', 1, 'api'],
  ['team block lab', 0, null],
  ['team unblock lab', 0, null],
  ['team delete lab --yes', 6, 'refused'],
  ['team delete lab nobody --cascade --yes', 5, 'api'],
  ['team delete nobody --yes', 1, 'api'],
  ['team keys lab', 0, null],
  ['team keys nobody', 1, 'api'],
  ['user list --set group', 0, null],
  ['user get ada', 0, null],
  ['user get sk-aaaaaaaaaaaaaaaaaaaaaa', 3, 'usage'],
  ['user create grace --max-budget 5', 0, null],
  ['user create ada', 6, 'refused'],
  ['user update ada --max-budget 5', 0, null],
  ['user update default_user_id --user-role internal_user', 0, null],
  ['user delete ada --cascade --yes', 0, null],
  ['user delete default_user_id --yes', 6, 'refused'],
  ['user keys ada', 0, null],
  ['user keys nobody', 1, 'api'],
  ['budget list', 0, null],
  ['budget list', 4, 'auth', env(NOBODY)],
  ['budget create small --max-budget 5', 0, null],
  ['budget create frugal', 6, 'refused'],
  ['budget update frugal --max-budget 5', 0, null],
  ['budget delete frugal', 6, 'refused'],
  ['budget delete frugal --yes', 0, null],
  ['budget get frugal', 0, null],
  ['budget get nobody', 1, 'api'],
  ['keyring list', 0, null],
  ['keyring import x', 6, 'refused', stdin('sk-nobody-has-this')],
  ['keyring import', 0, null, ({ minted }) => stdin(minted[0]?.reveal() ?? '')()],
  ['keyring import', 3, 'usage', stdin('')],
  ['keyring forget lab-user1 --yes', 0, null],
  ['keyring forget lab-user1', 6, 'refused'],
  ['keyring forget nobody --yes', 3, 'usage'],
  ['unlock lab', 0, null],
  ['models', 0, null],
  ['models', 4, 'auth', env(NOBODY)],
  ['doctor', 0, null],
  ['doctor', 4, 'auth', env({ ...NOBODY, LITELLM_MASTER_KEY: 'sk-wrong-wrong' })],
  ['auth status', 0, null],
  ['auth status', 4, 'auth', env(NOBODY)],
  [`auth login --url ${URL} --master-key-file key`, 0, null, env({})],
  [`auth login --profile work`, 0, null, env(LOGIN)],
  ['auth login --url ftp://x', 3, 'usage'],
  ['auth logout', 3, 'config'],
  ['auth profiles', 0, null],
  ['auth profiles --use nobody', 3, 'config'],
  ['sandbox --port 0', 0, null, stopped],
  ['sandbox --as 1.0.0', 3, 'usage'],
  ['completion bash', 3, 'usage'],
  ['env lab-user1', 3, 'usage'],
  ['token lab-user1', 3, 'usage'],
  ['nosuch', 3, 'usage'],
  ['auth nosuch', 3, 'usage'],
  ['list --timeout soon', 3, 'usage'],
  ['list --header nothing', 3, 'usage'],
];

/** Commands that print something of their own: a schema is a JSON document too, the rest is for shells, or prints help. */
const OTHERS = ['schema', 'complete', 'help', 'auth', 'keyring'];

describe.each(CASES.map(([line, code, kind, world]) => ({ line, code, kind, world })))(
  '$line -o json',
  ({ line, code, kind, world }) => {
    it(`ends with ${String(code)}, and one document: ${kind ?? 'no error'}`, async () => {
      const home = await homeOf();
      const seen = await home.vkeys(`${line} -o json`, world?.(home) ?? {});
      const { error } = read(seen);
      expect([seen.code, error?.['kind'] ?? null], seen.stderr).toEqual([code, kind]);
    });
  },
);

it('each command is among them', async () => {
  const home = makeHome();
  const { program } = makeProgram({ code: 0, console: { stderr: {} } as Console }, () => undefined);
  const named = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((each) => `${command.name()} ${each.name()}`),
  );
  for (const name of named.filter((each) => !OTHERS.includes(each)))
    expect(CASES.filter(([line]) => `${line} `.startsWith(`${name} `)).length, name).toBeGreaterThan(0);
  expect(JSON.parse((await home.vkeys('schema --output')).stdout)).toEqual(OUTPUT_SCHEMA);
  expect(JSON.parse((await home.vkeys('schema -o json')).stdout)).toMatchObject({ type: 'object' });
});

describe('help and the version', () => {
  const ASKED = [
    '--version',
    '-V',
    '--help',
    'help',
    'help apply',
    'help auth login',
    'apply --help',
    'ls -h',
    'auth --help',
    'keyring list --help',
    'sandbox --help',
    'schema --help',
  ];

  it.each(ASKED)('%s are a document where a flag asks for one', async (line) => {
    const { vkeys } = makeHome();
    const text = await vkeys(line, { env: { VKEYS_OUTPUT: 'json' } });
    expect([text.code, text.stderr, faultOf(text.stdout)]).toEqual([0, '', 'no JSON']);
    const member = line.startsWith('-') && line !== '--help' ? { vkeys: text.stdout.trim() } : { help: text.stdout };
    for (const asked of [`${line} -o json`, `-o json ${line}`, `${line} --output=json`, `${line} -o csv -o json`]) {
      const { code, stdout, stderr } = await vkeys(asked);
      expect([code, stderr], asked).toEqual([0, '']);
      expect(documentIn(stdout), asked).toMatchObject({ ...member, changed: false, error: null });
    }
    const yaml: unknown = parseYaml((await vkeys(`${line} -o yaml`)).stdout);
    expect([faultsIn(yaml), yaml]).toMatchObject([[], member]);
    expect((await vkeys(`${line} -o csv`)).stdout).toBe(text.stdout);
  });
});

function faultOf(text: string): string {
  return parseJson(text) === undefined ? 'no JSON' : 'JSON';
}

describe('the document', () => {
  it.each(['-o json', '-ojson', '-qo json', '--output json', '--output=json', '-o yaml -o json'])(
    'is asked for by %s, also where the rest is not understood',
    async (flag) => {
      const { code, stdout } = await makeHome().vkeys(`list --nonsense ${flag}`);
      expect([code, documentIn(stdout).error?.['kind']]).toEqual([3, 'usage']);
    },
  );

  it('is asked for by VKEYS_OUTPUT, also in --env-file', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'vars'), 'VKEYS_OUTPUT=json\n');
    expect(documentIn((await home.vkeys('list --env-file vars', { env: {} })).stdout).error).toMatchObject({
      kind: 'usage',
    });
    expect((await home.vkeys('list -o table', { env: { VKEYS_OUTPUT: 'json' } })).stdout).toBe('');
  });

  it('is the same in YAML', async () => {
    const home = await homeOf();
    for (const line of ['apply -f lab.json', 'plan -f taken.json', 'list', 'nosuch', 'validate -f wrong.json']) {
      const value: unknown = parseYaml((await home.vkeys(`${line} -o yaml`)).stdout);
      expect(faultsIn(value), line).toEqual([]);
    }
  });

  it('of a spec that is wrong has every problem with its place', async () => {
    const { stdout } = await (await homeOf()).vkeys('validate -f wrong.json -o json');
    expect(documentIn(stdout)).toMatchObject({
      error: { kind: 'spec' },
      diagnostics: [{ file: 'wrong.json', line: 1, message: expect.stringContaining('max_bugdet') as string }],
    });
  });

  it('of a refused run has all sets, what would have been done, and why not', async () => {
    const { stdout } = await (await homeOf()).vkeys('apply -f more.json taken.json -o json');
    const { changed, sets, keys, notices } = documentIn(stdout);
    expect([changed, sets.map(({ set }) => set)]).toEqual([false, ['lab', 'taken']]);
    expect(new Set(keys.map(({ status }) => status))).toEqual(new Set(['planned']));
    expect(notices).toMatchObject([{ level: 'refusal', code: 'foreign', set: 'taken', ref: 'key/theirs' }]);
  });

  it.each([
    ['plan -f form.json -o json', 0],
    ['apply -f form.json -o json', 0],
    ['apply -f form.json --dry-run -o json', 0],
    ['apply -f form.json taken.json -o json', 6],
    ['delete -f form.json --yes -o json', 0],
    ['validate -f form.json -o json', 0],
  ])('of %s has what was said of the spec', async (line, exit) => {
    const home = await homeOf();
    writeFileSync(join(home.folder, 'form.csv'), 'E-Mail,max_budget\nada@example.org,5\n');
    const keys = [{ key_alias: 'form', roster: { file: 'form.csv' } }];
    writeFileSync(join(home.folder, 'form.json'), JSON.stringify({ set: 'form', keys }));
    const said = await home.vkeys(line);
    const { notices } = documentIn(said.stdout);
    const ofSpec = notices.filter(({ code }) => code === 'spec');
    expect(said.code).toBe(exit);
    expect(ofSpec.map(({ level, set }) => [level, set])).toEqual([
      ['notice', null],
      ['notice', null],
    ]);
    for (const { message } of ofSpec) expect(said.stderr).toContain(message);
  });

  it('says of a filter that fits no key that it does', async () => {
    const { stdout } = await (await homeOf()).vkeys('plan -f lab.json --only nobody -o json');
    const message = expect.stringContaining('Nothing in the spec matches --only nobody') as string;
    expect(documentIn(stdout).notices).toMatchObject([{ level: 'notice', code: 'spec', message }]);
  });

  it('of a run that is refused for many keys says the reason once, in words too', async () => {
    const home = await homeOf();
    const keys = [{ key_alias: 'lab', roster: { count: 14 } }];
    writeFileSync(join(home.folder, 'other.json'), JSON.stringify({ set: 'other', keys }));
    await home.vkeys('apply -f more.json');
    const { stderr, stdout } = await home.vkeys('apply -f other.json -o json');
    expect(stderr.match(/belongs to the set lab/g)).toHaveLength(1);
    expect(stderr).toContain('lab-user5 and 9 more: ');
    expect(documentIn(stdout).notices).toHaveLength(14);
  });

  it('of a run of which a part failed has each key, and ends with 5', async () => {
    const home = await homeOf({
      wrap: (fetch) => (url, init) =>
        init.body?.includes('lab-user7') === true ? answer(400, { detail: 'No.' }) : fetch(url, init),
    });
    const { code, stdout } = await home.vkeys('apply -f more.json -o json');
    const { summary, keys } = documentIn(stdout);
    expect([code, summary]).toEqual([5, expect.objectContaining({ create: 11, update: 2, failed: 1 })]);
    expect(keys.find(({ status }) => status === 'failed')).toMatchObject({
      key_alias: 'lab-user7',
      error: { kind: 'api' },
    });
  });

  it('of a run that was interrupted says what landed', async () => {
    const stop = new AbortController();
    const home = await homeOf({
      wrap: (fetch) => (url, init) => {
        if (init.body?.includes('lab-user7') === true) stop.abort(new Interrupted(143));
        return fetch(url, init);
      },
    });
    const seen = await home.vkeys('apply -f more.json -o json --concurrency 1', { stop: stop.signal });
    expect(seen.code).toBe(143);
    expect(read(seen)).toMatchObject({ changed: true, error: { kind: 'interrupted' } });
  });

  it('of a bug is one too', async () => {
    const transport = (): never => {
      throw new TypeError('x is not a function');
    };
    const seen = await makeHome().vkeys('list -o json', { transport });
    expect([seen.code, read(seen).error]).toMatchObject([1, { kind: 'internal' }]);
  });
});

describe('what cannot be printed', () => {
  const full = {
    isTTY: false,
    columns: null,
    write: () => {
      throw new Error('no room');
    },
  };
  const NO_C =
    (fetch: Parameters<NonNullable<HomeOptions['wrap']>>[0]): typeof fetch =>
    (url, init) =>
      init.body?.includes('lab-user7') === true ? answer(400, { detail: 'Not this one.' }) : fetch(url, init);

  it.each(['table', 'json', 'yaml', 'csv', 'env'])(
    'as %s is no reason to be silent about what was done and what failed',
    async (format) => {
      const home = await homeOf({ wrap: NO_C });
      const { code, stderr } = await home.vkeys(`apply -f more.json -o ${format}`, { stdout: full });
      expect(code).toBe(5);
      expect(stderr).toContain('Not this one.');
      expect(stderr).toContain('could not be written to stdout (no room)');
      for (const secret of home.minted) expect(stderr).not.toContain(secret.reveal());
    },
  );

  it.each(['create --alias me', 'create --alias me -o json', 'list', 'list -o json', 'nosuch -o json'])(
    'ends %s, and says why',
    async (line) => {
      const { code, stderr } = await makeHome().vkeys(line, { stdout: full });
      expect([1, 3]).toContain(code);
      expect(stderr).toMatch(/no room|unknown command/);
    },
  );

  it('as variables is refused before the first change: two keys of one name, and two servers', async () => {
    const home = makeHome();
    const twice = { set: 'one', keys: [{ key_alias: 'a-b' }, { key_alias: 'a_b' }] };
    writeFileSync(join(home.folder, 'twice.json'), JSON.stringify(twice));
    const refused = await home.vkeys('apply -f twice.json -o env');
    expect([refused.code, refused.requests]).toEqual([3, ['GET /key/list']]);
    expect(refused.stderr).toContain('would both be A_B_API_KEY');
    mkdirSync(join(home.folder, 'two'));
    const on = (set: string) => ({ set, server: { url: `http://${set}.test` }, keys: [{ key_alias: set }] });
    for (const set of ['a', 'b']) writeFileSync(join(home.folder, 'two', `${set}.json`), JSON.stringify(on(set)));
    writeFileSync(join(home.folder, 'key'), `${MASTER_KEY}\n`, { mode: 0o600 });
    const servers = await home.vkeys('apply -f two/a.json two/b.json -o env --master-key-file key');
    expect([servers.code, servers.stderr.includes('for several servers')], servers.stderr).toEqual([3, true]);
    expect(servers.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });
});
