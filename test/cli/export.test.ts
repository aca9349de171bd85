/** What is live as a spec that plans empty once it is adopted, on every version. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { documentIn } from '../support/document.ts';
import { everyField, someMetadata } from '../support/every-field.ts';
import { objectsOf } from '../contract/read.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { makeServer, type TestServer } from '../support/server.ts';

/** Names that YAML, a template or a shell could take for something else. */
const ODD = [
  'yes',
  '1e3',
  '0x1f',
  'a: b',
  '- x',
  '{user}',
  '{{set}}',
  '${HOME}',
  '$$',
  '#7',
  "it's",
  '"q"',
  'Ä/ö',
  '~',
  '@x',
  'null',
];

async function post({ fetch }: TestServer, path: string, body: JsonObject): Promise<void> {
  const answer = await fetch(`http://litellm.test${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${MASTER_KEY}` },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal: new AbortController().signal,
  });
  if (answer.status !== 200) throw new Error(`${path}: ${await answer.text()}`);
}

const makeKey = (server: TestServer, body: JsonObject): Promise<void> => post(server, '/key/generate', body);

async function actionsIn({ vkeys }: Home, file: string): Promise<readonly unknown[]> {
  const { code, stdout, stderr } = await vkeys(`plan -f ${file} --no-model-check -o json`);
  expect(code, stderr).toBe(0);
  const { keys, ...lists } = documentIn(stdout);
  const people = ['teams', 'users', 'budgets', 'members'].flatMap((list) => objectsOf(lists[list] ?? []));
  return [...keys, ...people].filter(({ action }) => action !== 'noop');
}

async function works({ vkeys }: Home, line: string): Promise<string> {
  const { code, stdout, stderr } = await vkeys(line);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe.each(SANDBOX_VERSIONS)('on LiteLLM %s', (version) => {
  it('keys made by hand with every field, folded or not, plan empty once adopted', async () => {
    const server = makeServer({ version, tick: 1 });
    const home = makeHome({ server });
    await post(server, '/team/new', {
      team_id: 't1',
      team_alias: 'research',
      max_budget: 9,
      metadata: { cost: '{x}' },
    });
    await post(server, '/user/new', { user_id: 'ada@example.com', auto_create_key: false });
    await post(server, '/team/member_add', { team_id: 't1', member: { role: 'user', user_id: 'ada@example.com' } });
    await post(server, '/budget/new', { budget_id: 'frugal', max_budget: 3 });
    const made = fc.sample(fc.record({ settings: everyField, metadata: someMetadata }), {
      numRuns: version === '1.110.2' ? 200 : 40,
      seed: 7,
    });
    for (const [index, { settings, metadata }] of made.entries()) {
      const odd = ODD[index];
      const { soft_budget, ...rest } = settings;
      await makeKey(server, {
        ...rest,
        ...(soft_budget === undefined ? {} : { soft_budget }),
        metadata: { ...metadata, odd: [odd ?? 'plain', { [odd ?? 'x']: true }] },
        key_alias: odd ?? `lab-user${String(index)}`,
        ...(index % 9 === 0 ? { team_id: 't1', user_id: 'ada@example.com' } : {}),
        ...(index % 11 === 0 && soft_budget === undefined ? { budget_id: 'frugal' } : {}),
        ...(index % 2 === 0 ? { duration: '30d' } : {}),
      });
    }
    for (const flags of ['', ' --fold']) {
      const file = `keys${flags.trim()}.yaml`;
      await works(home, `export --all${flags} --out ${file}`);
      await works(home, `adopt -f ${file}`);
      expect(await actionsIn(home, file)).toEqual([]);
    }
    expect(documentIn(await works(home, 'adopt -f keys.yaml -o json'))).toMatchObject({ changed: false });
  });
});

describe('an export', () => {
  async function someKeys(): Promise<Home> {
    const home = makeHome();
    await makeKey(home.server, { key_alias: 'lab-1', max_budget: 5, metadata: { api_key: 'hunter2' } });
    await makeKey(home.server, { key_alias: 'other', user_id: 'ada' });
    await makeKey(home.server, { duration: '1d' });
    await post(home.server, '/user/new', { user_id: 'ada', auto_create_key: false });
    await works(home, 'create --alias made --set own --max-budget 3');
    return home;
  }

  it('has the keys that are named, each in its set, no secret, and says what is left out', async () => {
    const home = await someKeys();
    expect(await works(home, 'export lab-* made --as lab')).toMatchInlineSnapshot(`
      "# What http://litellm.test has, exported by vkeys. Where it is no set's yet: vkeys adopt -f FILE
      # Left out: lab-1: metadata.api_key has a secret in it, so it is not in the spec.
      version: 1
      set: lab
      keys:
        - key_alias: lab-1
          max_budget: 5
          expires: null
      ---
      version: 1
      set: own
      keys:
        - key_alias: made
          max_budget: 3
          expires: null
      "
    `);
    const { stdout, stderr } = await home.vkeys('export --all --as lab -o json');
    const { spec, file, notices, changed } = documentIn(stdout);
    expect({ file, changed, notices: notices.length }).toEqual({ file: null, changed: false, notices: 2 });
    expect(spec).toContain('user_id: ada');
    expect(stdout + stderr).not.toMatch(/hunter2|sk-[A-Za-z0-9_-]{20}/);
  });

  it.each([
    ['', 3, 'No key was named'],
    ['--all lab-1', 3, 'Either name keys or give --all'],
    ['lab-1 --as a/b', 3, 'no name of a set'],
    ['nobody', 1, 'There is no key'],
    ['lab-1 --out there.yaml', 6, 'is there already'],
    ['lab-1 --out nowhere/keys.yaml', 3, 'cannot be written'],
  ])('refuses %j', async (flags, code, message) => {
    const home = await someKeys();
    writeFileSync(join(home.folder, 'there.yaml'), '');
    const seen = await home.vkeys(`export ${flags}`);
    expect(seen).toMatchObject({ code, stdout: '' });
    expect(seen.stderr).toContain(message);
  });

  it('of a set whose spec was lost plans empty at once, with its own people alone', async () => {
    const home = makeHome();
    writeFileSync(
      join(home.folder, 'lab.yaml'),
      'set: lab\nbudgets: [{budget_id: b, max_budget: 1}]\nteams: [{team_alias: t, members: [{user_id: ada}]}]\n' +
        'keys: [{key_alias: a, team: t, budget: b, user_id: bob, shared_with: [{user_id: eve}], duration: 1d}]\n',
    );
    await post(home.server, '/user/new', { user_id: 'ada', auto_create_key: false });
    await post(home.server, '/user/new', { user_id: 'bob', auto_create_key: false });
    await works(home, 'apply -f lab.yaml');
    await works(home, 'export --set lab --out again.yaml');
    expect(await actionsIn(home, 'again.yaml')).toEqual([]);
    expect(readFileSync(join(home.folder, 'again.yaml'), 'utf8')).not.toContain('users:');
  });
});

describe('adopt', () => {
  const SPEC =
    'set: lab\nkeys:\n  - { key_alias: a, max_budget: 7 }\n  - { key_alias: gone }\ndeliver: [{ dotenv: "{key_alias}.env" }]\n';

  it('marks what is there, changes nothing else, and tells what is missing; a second time it does nothing', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
    await makeKey(home.server, { key_alias: 'a', max_budget: 5, metadata: { mine: 1 } });
    const dry = documentIn(await works(home, 'adopt -f lab.yaml --dry-run -o json'));
    expect(dry).toMatchObject({ changed: false, summary: { adopt: 1, create: 0, update: 0 } });
    const { code, stdout } = await home.vkeys('adopt -f lab.yaml -o json');
    expect(code).toBe(0);
    expect(documentIn(stdout)).toMatchObject({ summary: { adopt: 1, create: 0 }, changed: true });
    const [row] = documentIn(await works(home, 'list -o json')).keys;
    expect(row).toMatchObject({ max_budget: 5, metadata: { mine: 1, vkeys: { set: 'lab', name: 'a' } } });
    expect(documentIn(await works(home, 'adopt -f lab.yaml -o json'))).toMatchObject({ changed: false });
    expect(existsSync(join(home.folder, 'a.env'))).toBe(false);
  });

  it('asks on a terminal, and takes a key from another set', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
    await works(home, 'create --alias a --set other');
    const asked: string[] = [];
    const attended = {
      stdin: { isTTY: true, read: () => Promise.resolve('') },
      stderr: { isTTY: true, columns: 80, write: (text: string) => void asked.push(text) },
    };
    const no = { ...attended, ask: () => Promise.resolve('no') };
    expect(await home.vkeys('adopt -f lab.yaml', no)).toMatchObject({ code: 6 });
    expect(asked.join('')).toContain('other → lab');
    expect(await home.vkeys('adopt -f lab.yaml', { ...attended, ask: () => Promise.resolve('yes') })).toMatchObject({
      code: 0,
    });
    expect(documentIn(await works(home, 'list --set lab -o json')).keys).toHaveLength(1);
  });

  it('leads with export and keyring import to hand-outs', async () => {
    const home = makeHome();
    await makeKey(home.server, { key_alias: 'a', key: 'sk-somebody-has-this-one' });
    await works(home, 'export a --as lab --out lab.yaml');
    await works(home, 'adopt -f lab.yaml');
    const stdin = { isTTY: false, read: () => Promise.resolve('sk-somebody-has-this-one\n') };
    expect(await home.vkeys('keyring import', { stdin })).toMatchObject({ code: 0 });
    await works(home, 'deliver -f lab.yaml --deliver dotenv={key_alias}.env');
    expect(readFileSync(join(home.folder, 'a.env'), 'utf8')).toContain('sk-somebody-has-this-one');
    expect(await actionsIn(home, 'lab.yaml')).toEqual([]);
  });
});
