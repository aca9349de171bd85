/** `vkeys check`: live keys against rules. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { Console } from '../../src/cli/console.ts';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { makeServer } from '../support/server.ts';

const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY };
const withRules = { env: { ...env, VKEYS_RULES: 'rules.yaml' } };
const RULES = 'rules:\n  keys:\n    ends_within: 30d\n    max_budget: { most: 50 }\n';
const SPEC = `set: lab
keys:
  - { key_alias: lab-1, duration: 9d, max_budget: 10 }
  - { key_alias: lab-2, duration: 40d, max_budget: 100 }
rules: { keys: { max_budget: { most: 20 } } }
`;

/** A server with two keys of `lab`, which others changed since, and one of nobody's. */
async function makeScene(options: Parameters<typeof makeHome>[0] = {}): Promise<Home> {
  const home = makeHome(options);
  writeFileSync(join(home.folder, 'rules.yaml'), RULES);
  writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC.replace(/rules: .*/, ''));
  await home.vkeys('apply --yes');
  writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC);
  await home.vkeys('create other --max-budget 60 --keyring none');
  return home;
}

/** Past vkeys. */
function ask({ sandbox }: Home, path: string, body: JsonObject): void {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  expect(sandbox.handle({ method: 'POST', path, headers, body: JSON.stringify(body) })).toMatchObject({ status: 200 });
}

type Row = Readonly<Record<'key_alias' | 'field' | 'place', string>>;
const breachesIn = (stdout: string) => documentIn(stdout)['breaches'] as unknown as readonly Row[];
const found = (stdout: string) =>
  breachesIn(stdout).map(({ key_alias, field, place }) => `${key_alias} ${field} ${place}`);

describe('vkeys check', () => {
  it("holds the specs' keys against their own rules and those for all", async () => {
    const home = await makeScene();
    const own = await home.vkeys('check -o json', { env });
    expect([own.code, found(own.stdout)]).toEqual([5, ['lab-2 max_budget vkeys.yaml:5:38']]);
    expect(documentIn(own.stdout)).toMatchObject({ checked: 2, error: null, changed: false });
    const all = await home.vkeys('check -o json', withRules);
    expect([all.code, found(all.stdout)]).toEqual([
      5,
      ['lab-2 expires rules.yaml:3:18', 'lab-2 max_budget rules.yaml:4:25', 'lab-2 max_budget vkeys.yaml:5:38'],
    ]);
    expect(all.requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
  });

  it('looks at what is named, or at all, and says where no rules hold', async () => {
    const home = await makeScene();
    const names = async (line: string, world: Partial<Console> = withRules) => {
      const { code, stdout } = await home.vkeys(`check -o json ${line}`, world);
      const { checked } = documentIn(stdout);
      return [code, checked, [...new Set(breachesIn(stdout).map(({ key_alias }) => key_alias))]];
    };
    expect(await names('--all')).toEqual([5, 3, ['lab-2', 'other']]);
    expect(await names('--set adhoc')).toEqual([5, 1, ['other']]);
    expect(await names('--key lab-1')).toEqual([0, 1, []]);
    expect(await names('--key lab-* --status active')).toEqual([5, 2, ['lab-2']]);
    expect(await names('--user nobody')).toEqual([0, 0, []]);
    expect(await names('-f rules.yaml --all', { env })).toEqual([5, 3, ['lab-2', 'other']]);
    expect(await names('-f rules.yaml --status active', { env })).toEqual([5, 3, ['lab-2', 'other']]);
    const { code, stderr } = await home.vkeys('check --all', { env });
    expect([code, stderr]).toEqual([5, expect.stringContaining('No rules hold for 1 of the 3 keys')]);
  });

  it('is a table on a terminal, lines in a pipe, and CSV', async () => {
    const home = await makeScene();
    const written: string[] = [];
    const stdout = { isTTY: true, columns: 120, write: (text: string) => void written.push(text) };
    const { stderr } = await home.vkeys('check --all --no-color', { ...withRules, stdout });
    expect(written.join('') + stderr).toMatchInlineSnapshot(`
      "KEY_ALIAS  OWNED_BY  FOUND                                RULE             PLACE
      lab-2      lab       expires is 2026-12-31T10:00:01.000Z  ends within 30d  rules.yaml:3:18
      lab-2      lab       max_budget is 100                    at most 50       rules.yaml:4:25
      lab-2      lab       max_budget is 100                    at most 20       vkeys.yaml:5:38
      other      adhoc     expires is not set                   ends within 30d  rules.yaml:3:18
      other      adhoc     max_budget is 60                     at most 50       rules.yaml:4:25
      2 of 3 keys break rules.
      "
    `);
    const piped = await home.vkeys('check --set adhoc', withRules);
    expect(piped.stdout).toBe(
      'other\tadhoc\texpires is not set\tends within 30d\trules.yaml:3:18\nother\tadhoc\tmax_budget is 60\tat most 50\trules.yaml:4:25\n',
    );
    const csv = await home.vkeys('check --key lab-2 -o csv', { env });
    expect(csv.stdout).toMatch(
      /^key_alias,key_id,owned_by,field,found,rule,place\nlab-2,[0-9a-f]{64},lab,max_budget,max_budget is 100,at most 20,vkeys.yaml:5:38\n$/,
    );
    const yaml = await home.vkeys('check --key lab-1 -o yaml', { env });
    expect([yaml.code, yaml.stdout]).toEqual([0, expect.stringContaining('checked: 1\nbreaches: []\n')]);
  });

  it('ends with 0, and says so, where all keep to the rules', async () => {
    const home = await makeScene();
    for (const [line, words] of [
      ['check --key lab-1', 'The key keeps to the rules.'],
      ['check --user nobody', '0 keys keep to the rules.'],
    ] as const) {
      const seen = await home.vkeys(line, { env });
      expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, '', `${words}\n`]);
    }
    const written: string[] = [];
    const stdout = { isTTY: true, columns: 120, write: (text: string) => void written.push(text) };
    expect([(await home.vkeys('check --key lab-1', { env, stdout })).code, written]).toEqual([0, ['']]);
  });

  it('says what could not be looked at, and does not call it sound', async () => {
    const home = await makeScene();
    const { code, stderr, stdout } = await home.vkeys('check --key lab-1 --key none -o json', { env });
    expect(code).toBe(1);
    expect(documentIn(stdout)).toMatchObject({ checked: 1, breaches: [], error: { kind: 'protocol' } });
    expect(stderr).toContain('Not everything that was meant could be looked at.');
  });

  it('says which fields the rows of a server do not have', async () => {
    const home = await makeScene({ server: makeServer({ version: '1.83.14' }) });
    writeFileSync(join(home.folder, 'rules.yaml'), 'rules: { keys: { key_type: llm_api, required: [team_id] } }');
    const { code, stdout, stderr } = await home.vkeys('check -f rules.yaml --all -o json', { env });
    expect([code, found(stdout).filter((each) => each.includes('key_type'))]).toEqual([5, []]);
    expect(stderr).toContain('This server does not tell key_type of every key');
  });

  it('holds teams and users that have rules, of all pages, and keys only where those are named', async () => {
    const home = makeHome();
    const write = (name: string, text: string): void => writeFileSync(join(home.folder, name), text);
    const people = (team: number): string => `set: group
teams: [{ team_alias: lab, max_budget: ${String(team)}, metadata: { cost_center: 7 } }, { team_alias: free }]
users: [{ user_id: ada@example.com, max_budget: 5 }]
`;
    write(
      'people.yaml',
      `${people(10)}keys: [{ key_alias: theirs, user: ada@example.com }]\ndeliver: [{ dotenv: x.env }]`,
    );
    expect(await home.vkeys('apply -f people.yaml --yes')).toMatchObject({ code: 0 });
    for (let user = 0; user < 120; user += 1)
      ask(home, '/user/new', { user_id: `user-${String(user)}`, max_budget: 60, auto_create_key: false });
    const rules =
      'rules:\n  teams: { max_budget: { most: 50 }, metadata: [cost_center] }\n  users: { max_budget: { most: 50 } }\n';
    write('rules.yaml', rules);
    const all = await home.vkeys('check --all -o json', withRules);
    const rows = breachesIn(all.stdout) as unknown as readonly JsonObject[];
    const teams = rows.filter(({ team_id }) => team_id !== null);
    const made = rows.filter((row) => row['found'] === 'max_budget is 60' && row['user_id'] !== null);
    expect([all.code, made.length]).toEqual([5, 120]);
    expect(teams.map(({ team_alias, owned_by, found: words }) => [team_alias, owned_by, words])).toEqual([
      ['free', 'group', 'metadata.cost_center is not set'],
      ['free', 'group', 'max_budget is not set'],
    ]);
    expect(all.stderr).toBe('1 of 2 teams breaks rules.\n121 of 122 users break rules.\n');
    expect(all.requests.filter((each) => !/^GET \/(v2\/team|user)\/list$/.test(each))).toEqual([]);
    const csv = (await home.vkeys('check --set group -o csv', withRules)).stdout;
    expect(csv).toMatch(
      /^team_alias,team_id,user_id,owned_by,field,found,rule,place\nfree,[0-9a-f-]{36},,group,metadata.cost_center,/,
    );
    const named = async (line: string) => {
      const { code, stdout } = await home.vkeys(`check ${line}`, withRules);
      return [code, stdout.split('\n').map((row) => row.split('\t')[0])];
    };
    expect(await named('--user user-7')).toEqual([5, ['user user-7', '']]);
    expect(await named('--user ada@example.com')).toEqual([0, ['']]);
    expect(await named('--team nowhere')).toEqual([0, ['']]);
    expect(await named('-f people.yaml')).toEqual([5, ['team free', 'team free', '']]);
    expect(await home.vkeys('check --key theirs', withRules)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('There are no rules for keys.'),
    });
  });

  it("holds a spec's teams and users against its own rules", async () => {
    const home = await makeScene();
    const text = 'set: group\nteams: [{ team_alias: lab, max_budget: 10 }]\nusers: [{ user_id: ada, max_budget: 5 }]\n';
    writeFileSync(join(home.folder, 'people.yaml'), text);
    expect(await home.vkeys('apply -f people.yaml --yes')).toMatchObject({ code: 0 });
    writeFileSync(
      join(home.folder, 'people.yaml'),
      `${text}rules: { teams: { max_budget: { most: 10 } }, users: { user_id: a* } }`,
    );
    const kept = await home.vkeys('check -f people.yaml', { env });
    expect([kept.code, kept.stderr]).toEqual([0, 'The team keeps to the rules.\nThe user keeps to the rules.\n']);
    const team = documentIn((await home.vkeys('team list -o json')).stdout)['teams'] as readonly JsonObject[];
    ask(home, '/team/update', { team_id: team[0]?.['team_id'] ?? '', max_budget: 11 });
    const broken = await home.vkeys('check -f people.yaml', { env });
    expect([broken.code, broken.stdout]).toEqual([
      5,
      'team lab\tgroup\tmax_budget is 11\tat most 10\tpeople.yaml:4:39\n',
    ]);
  });

  it.each([
    ['check', {}, 'Nothing was named.'],
    ['check --all', { env }, 'There are no rules.'],
    ['check -f none.yaml', {}, 'There is no file none.yaml.'],
  ])('%s: %j is refused: %s', async (line, world, words) => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'rules.yaml'), RULES);
    const { code, stderr, requests } = await home.vkeys(line, { ...withRules, ...world });
    expect([code, stderr, requests]).toEqual([3, expect.stringContaining(words), []]);
  });

  it('looks at each server that the specs name', async () => {
    const hosts = new Set<string>();
    const home = await makeScene({
      wrap: (fetch) => (url, init) => {
        hosts.add(new URL(url).host);
        return fetch(url, init);
      },
    });
    writeFileSync(join(home.folder, 'key.txt'), MASTER_KEY, { mode: 0o600 });
    for (const name of ['one', 'two']) {
      const text = SPEC.replace('set: lab', `set: ${name}\nserver: { url: "http://${name}.test" }`);
      writeFileSync(join(home.folder, `${name}.yaml`), text);
    }
    hosts.clear();
    const { code, stdout } = await home.vkeys('check -f one.yaml two.yaml --master-key-file key.txt --all -o json', {
      env: { VKEYS_RULES: 'rules.yaml' },
    });
    expect([code, documentIn(stdout)['checked'], [...hosts]]).toEqual([5, 6, ['one.test', 'two.test']]);
  });
});
