/** The operator's resources, from what kubectl prints to LiteLLM and back. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { makeServer } from '../support/server.ts';

const KUBECTL = readFileSync(new URL('../fixtures/kubernetes/kubectl.yaml', import.meta.url), 'utf8');
const SET = 'research.litellm.proxy';
const DELIVER = `set: ${SET}\nkeys: []\ndeliver: [{ dotenv: 'secrets/{namespace}/{name}-{key_alias}.env' }]\n`;
const NAMES = ['user/2b1d9c00-0000-4000-8000-000000000002', 'team/lab', 'ada-key', 'svc'];

const piped = (text: string) => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });

/** One key with this connection. */
const keyAt = (alias: string, instance: string): string =>
  `apiVersion: auth.litellm.ai/v1alpha1\nkind: VirtualKey\nmetadata: { name: ${alias}, namespace: n }\n` +
  `spec: { keyAlias: ${alias}, connectionRef: { instanceRef: { name: ${instance}, namespace: litellm } } }\n`;

describe('what kubectl prints', () => {
  it('is applied from a pipe, and the second plan is empty', async () => {
    const home = makeHome();
    const first = await home.vkeys('apply -f - -o json', piped(KUBECTL));
    expect(first.code).toBe(0);
    expect(documentIn(first.stdout)).toMatchObject({
      sets: [{ set: SET }],
      summary: { create: 5, failed: 0 },
      teams: [{ team_alias: 'lab', team_id: '7f3c2a10-0000-4000-8000-000000000001' }],
      members: [{ action: 'create' }],
    });
    const again = await home.vkeys('plan -f - --exit-code', piped(KUBECTL));
    expect([again.code, again.stdout]).toEqual([
      0,
      'No changes. 1 user, 1 team, 1 member and 2 keys are as the spec says.\n',
    ]);
    const changed = await home.vkeys('plan -f - -o json', piped(KUBECTL.replace('"2.50"', '"3.50"')));
    expect(documentIn(changed.stdout)).toMatchObject({
      summary: { update: 1, noop: 4 },
      keys: expect.arrayContaining([
        expect.objectContaining({ key_alias: 'svc', changes: [{ field: 'max_budget', from: 2.5, to: 3.5 }] }),
      ]),
    });
  });

  it('is what vkeys manages from then on: what is taken out is pruned, in its namespace alone', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'other.yaml'), keyAt('other', 'proxy'));
    await home.vkeys('apply -f - other.yaml', piped(KUBECTL));
    const items = KUBECTL.split(/(?=^- apiVersion|^kind: List)/m);
    const rest = items.filter((item) => !item.includes('keyAlias: svc')).join('');
    const { stdout } = await home.vkeys('plan -f - --prune --max-deletions 1 -o json', piped(rest));
    expect(documentIn(stdout)).toMatchObject({ sets: [{ set: SET }], summary: { delete: 1 } });
  });

  it('is pruned of what is being deleted only while its set has something else, and says so', async () => {
    const home = makeHome();
    const [gone, other] = [keyAt('gone', 'proxy'), keyAt('other', 'proxy')];
    await home.vkeys('apply -f -', piped(`${gone}---\n${other}`));
    const leaving = gone.replace('namespace: n', 'namespace: n, deletionTimestamp: "2026-11-20T08:00:00Z"');
    const alone = await home.vkeys('plan -f - --prune -o json', piped(leaving));
    expect(documentIn(alone.stdout)).toMatchObject({ summary: { delete: 0 } });
    expect(alone.stderr).toContain('unless --prune is given and its set has another resource here.');
    const beside = await home.vkeys('plan -f - --prune -o json', piped(`${leaving}---\n${other}`));
    expect(documentIn(beside.stdout)).toMatchObject({ summary: { delete: 1 } });
  });

  it('takes what the operator made over with --adopt, under the ids that it has there', async () => {
    const home = makeHome();
    await home.vkeys('apply -f -', piped(KUBECTL));
    const elsewhere = makeHome({ server: home.server, seed: 'elsewhere' });
    const native = KUBECTL.replaceAll('namespace: research', 'namespace: another');
    const refused = await elsewhere.vkeys('plan -f -', piped(native));
    expect(refused.code).toBe(6);
    const { stdout } = await elsewhere.vkeys('plan -f - --adopt -o json', piped(native));
    expect(documentIn(stdout)).toMatchObject({ summary: { adopt: 4, create: 0 } });
  });

  it.each([
    ['validate', '-f all', `${SET}: 2 keys, 1 user, 1 team and 1 member, all well.`],
    ['plan', '-f all', 'Plan: 5 to create'],
  ])('lies in a folder for %s', async (command, files, expected) => {
    const home = makeHome();
    mkdirSync(join(home.folder, 'all'));
    writeFileSync(join(home.folder, 'all', 'resources.yaml'), KUBECTL);
    const { stdout, stderr } = await home.vkeys(`${command} ${files}`);
    expect(stdout + stderr).toContain(expected);
  });

  it('is refused with its place before anything is changed', async () => {
    const home = makeHome();
    const { code, stderr, requests } = await home.vkeys('apply -f -', piped(KUBECTL.replace('"2.50"', 'a lot')));
    expect([code, requests]).toEqual([3, []]);
    expect(stderr).toContain('stdin:34:16');
    expect(stderr).toContain('maxBudget "a lot" is no amount of US dollars.');
  });
});

describe('-o virtualkey-status', () => {
  function prepared(): Home {
    const home = makeHome();
    writeFileSync(join(home.folder, 'resources.yaml'), KUBECTL);
    writeFileSync(join(home.folder, 'deliver.yaml'), DELIVER);
    return home;
  }
  const statusOf = (home: Home, keyAlias: string, name: string, more: object = {}) => ({
    keyAlias,
    currentSpend: 0,
    isActive: true,
    expiryDate: null,
    keySecretRef: join(home.folder, `secrets/research/${name}-${keyAlias}.env`),
    ...more,
  });

  it('of apply, list and get has each key, and where its secret went', async () => {
    const home = prepared();
    const all = [statusOf(home, 'ada-key', 'ada'), statusOf(home, 'svc', 'svc')];
    for (const command of ['apply -f resources.yaml deliver.yaml', 'apply -f resources.yaml deliver.yaml', 'list']) {
      const { stdout, code } = await home.vkeys(`${command} -o virtualkey-status`);
      expect([code, JSON.parse(stdout)]).toEqual([0, all]);
    }
    for (const { keySecretRef } of all) expect(existsSync(keySecretRef)).toBe(true);
    const one = await home.vkeys('get svc -o virtualkey-status');
    expect(JSON.parse(one.stdout)).toEqual(all[1]);
    expect(one.stdout).not.toContain('sk-');
  });

  it('of a key that is blocked, deleted or was never made is not active', async () => {
    const home = prepared();
    await home.vkeys('apply -f resources.yaml');
    await home.vkeys('update svc --field blocked=true');
    const { stdout } = await home.vkeys('list --sort -key_alias -o virtualkey-status');
    expect(JSON.parse(stdout)).toEqual([
      statusOf(home, 'svc', 'svc', { isActive: false, keySecretRef: null }),
      statusOf(home, 'ada-key', 'ada', { keySecretRef: null }),
    ]);
    const gone = await home.vkeys('delete -f resources.yaml --yes -o virtualkey-status');
    expect(JSON.parse(gone.stdout)).toEqual([
      statusOf(home, 'ada-key', 'ada', { isActive: false, keySecretRef: null }),
      statusOf(home, 'svc', 'svc', { isActive: false, keySecretRef: null }),
    ]);
    const none = await home.vkeys('list -o virtualkey-status');
    expect(JSON.parse(none.stdout)).toEqual([]);
    const failing = makeHome({
      wrap: (fetch) => (url, init) => fetch(url.replace('/key/generate', '/nowhere'), init),
    });
    writeFileSync(join(failing.folder, 'key.yaml'), keyAt('k', 'proxy'));
    const failed = await failing.vkeys('apply -f key.yaml -o virtualkey-status');
    expect(failed.code).not.toBe(0);
    expect(JSON.parse(failed.stdout)).toEqual([
      { keyAlias: 'k', currentSpend: 0, isActive: false, expiryDate: null, keySecretRef: null },
    ]);
  });

  it('is for keys, prints no key, and so is no place for one', async () => {
    const home = prepared();
    expect((await home.vkeys('team list -o virtualkey-status')).stderr).toContain('is not for this command');
    const { code, requests } = await home.vkeys('apply -f resources.yaml --keyring none -o virtualkey-status');
    expect(code).toBe(6);
    expect(requests.filter((each) => each.startsWith('POST'))).toEqual([]);
  });
});

describe('the connection', () => {
  const save = (home: Home, name: string, url: string) => {
    writeFileSync(join(home.folder, 'key'), `${MASTER_KEY}\n`, { mode: 0o600 });
    return home.vkeys(`auth login --profile ${name} --url ${url} --master-key-file key`);
  };
  /** A home that says to which server each request went. */
  function listening(): { readonly home: Home; readonly hosts: Set<string> } {
    const hosts = new Set<string>();
    const server = makeServer();
    const wrap = (fetch: typeof server.fetch) => (url: string, init: Parameters<typeof fetch>[1]) => {
      hosts.add(new URL(url).host);
      return fetch(url, init);
    };
    return { home: makeHome({ server, wrap }), hosts };
  }

  it.each(['litellm/prod', 'prod'])('is the profile %s, with its address and credential', async (profile) => {
    const { home, hosts } = listening();
    await save(home, profile, 'http://prod.test');
    hosts.clear();
    writeFileSync(join(home.folder, 'key.yaml'), keyAt('k', 'prod'));
    const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: 'sk-of-another-server' };
    const { code, stderr } = await home.vkeys('apply -f key.yaml', { env });
    expect([code, stderr, [...hosts]]).toEqual([0, '', ['prod.test']]);
  });

  it.each([
    ['--url http://here.test', 'here.test'],
    ['--profile other', 'other.test'],
  ])('gives way to %s', async (flag, host) => {
    const { home, hosts } = listening();
    await save(home, 'prod', 'http://prod.test');
    await save(home, 'other', 'http://other.test');
    hosts.clear();
    writeFileSync(join(home.folder, 'key.yaml'), keyAt('k', 'prod') + '---\n' + keyAt('l', 'dev'));
    const { code, stderr } = await home.vkeys(`apply -f key.yaml ${flag}`);
    expect([code, stderr, [...hosts]]).toEqual([0, '', [host]]);
  });

  it('without a profile is the server of the environment, which is said once', async () => {
    const home = makeHome();
    const moved = keyAt('l', 'proxy').replace('namespace: n', 'namespace: m');
    writeFileSync(join(home.folder, 'key.yaml'), `${keyAt('k', 'proxy')}---\n${moved}`);
    const { code, stderr } = await home.vkeys('apply -f key.yaml');
    expect([code, stderr]).toEqual([
      0,
      'warning: There is no profile litellm/proxy, so the server is http://litellm.test. To save one: vkeys auth login --profile litellm/proxy --url http://litellm.test\n',
    ]);
    const nowhere = await home.vkeys('plan -f key.yaml', { env: {} });
    expect(nowhere.stderr).toContain('Save its profile: vkeys auth login --profile litellm/proxy --url URL');
  });

  it('that is another one is never the same server by chance', async () => {
    const { home, hosts } = listening();
    writeFileSync(join(home.folder, 'keys.yaml'), `${keyAt('k', 'prod')}---\n${keyAt('l', 'dev')}`);
    const { code, stderr, requests } = await home.vkeys('apply -f keys.yaml');
    expect([code, requests]).toEqual([3, []]);
    expect(stderr).toContain(
      'The connections litellm/prod and litellm/dev would both be http://litellm.test, and there is no profile litellm/dev.',
    );
    await save(home, 'litellm/dev', 'http://litellm.test');
    const half = await home.vkeys('apply -f keys.yaml');
    expect(half.stderr).toContain('there is no profile litellm/prod');
    await save(home, 'litellm/prod', 'http://litellm.test');
    hosts.clear();
    expect((await home.vkeys('apply -f keys.yaml', { env: {} })).code).toBe(0);
    expect([...hosts]).toEqual(['litellm.test']);
  });
});

it('names of things in a plan are those of LiteLLM', async () => {
  const home = makeHome();
  const { stdout } = await home.vkeys('plan -f -', piped(KUBECTL));
  for (const name of NAMES) expect(stdout).toContain(name);
});
