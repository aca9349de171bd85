/** What is a secret by its name, or came from the environment, is shown nowhere, and its changes are seen. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { answer } from '../support/make.ts';
import { makeHome, MASTER_KEY, type HomeOptions } from '../support/run.ts';

const SPEC = `
set: lab
defaults:
  metadata:
    logging:
      - callback_name: langfuse
        callback_vars: { langfuse_secret_key: '\${LF_SECRET}', langfuse_host: 'https://\${LF_HOST}' }
    stage: 'of-{user}-\${STAGE}'
    api_token: token-by-its-name
    open: nothing special
  config: { upstream_password: password-by-its-name, region: eu }
keys:
  - key_alias: lab
    roster: { count: 2 }
`;
const ENV = { LF_SECRET: 'lfsecret-one', LF_HOST: 'lf-host.of-the-environment', STAGE: 'stage-of-the-environment' };
const SECRETS = /lfsecret|lf-host|stage-of-the|-by-its-name|litellm_enc/;

function homeWith(options: HomeOptions = {}) {
  const home = makeHome(options);
  writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
  const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: MASTER_KEY, ...ENV };
  return {
    ...home,
    run: (line: string, more: Readonly<Record<string, string>> = {}) => home.vkeys(line, { env: { ...env, ...more } }),
  };
}

let seals = 0;

/** Encrypts callback variables before they are stored, each time otherwise, as LiteLLM does from 1.108 on. */
const sealing =
  (fetch: Fetch): Fetch =>
  (url, init) => {
    const body: Json = JSON.parse(init.body ?? 'null');
    return fetch(url, {
      ...init,
      ...(isObject(body) && isObject(body['metadata'])
        ? { body: JSON.stringify({ ...body, metadata: sealed(body['metadata']) }) }
        : {}),
    });
  };

function sealed(metadata: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(metadata), (name, value: unknown) => {
    if (name !== 'langfuse_secret_key' || String(value).startsWith('litellm_enc::')) return value;
    seals += 1;
    return `litellm_enc::${String(seals)}${Buffer.from(String(value)).toString('base64')}`;
  });
}

/** Refuses every change, and repeats it. */
const echoing =
  (fetch: Fetch): Fetch =>
  (url, init) =>
    init.method === 'POST'
      ? answer(400, { error: { message: `Bad body: ${String(init.body)}`, type: 'bad_request_error' } })
      : fetch(url, init);

const READING = [
  'get lab-user1',
  'get lab-user1 -o json',
  'get lab-user1 -o yaml',
  'list',
  'list -o json',
  'list -o yaml',
  'list --columns key_alias,metadata,config',
];

describe.each([
  ['keeps', (fetch: Fetch) => fetch],
  ['encrypts', sealing],
])('on a server that %s callback variables', (_, wrap) => {
  it('no secret of a spec is shown', async () => {
    const home = homeWith({ wrap });
    const lines = [
      'validate -f lab.yaml --print',
      'validate -f lab.yaml -o json',
      'plan -f lab.yaml',
      'plan -f lab.yaml -o json',
      'apply -f lab.yaml --debug',
      'plan -f lab.yaml -o json',
      ...READING,
      'apply -f lab.yaml -o json',
      'update lab-user1 --metadata open=else -o json',
      'delete -f lab.yaml --yes -o json',
    ];
    for (const line of lines) {
      const { stdout, stderr, code } = await home.run(line);
      expect([line, code]).toEqual([line, 0]);
      expect(stdout + stderr).not.toMatch(SECRETS);
    }
  });

  it('the second plan is empty, and a change of a secret is seen and applied, once', async () => {
    const home = homeWith({ wrap });
    expect((await home.run('apply -f lab.yaml')).stdout).toContain('Applied: 2 created');
    expect((await home.run('plan -f lab.yaml')).stdout).toContain('No changes');
    for (const more of [
      { LF_SECRET: 'lfsecret-two' },
      { LF_SECRET: 'lfsecret-two', STAGE: 'stage-of-the-other' },
      { LF_HOST: 'lf-host.elsewhere' },
    ]) {
      const { stdout } = await home.run('plan -f lab.yaml', more);
      expect(stdout).toContain('2 to update');
      expect(stdout).toContain(' changed\n');
      expect(stdout).not.toMatch(SECRETS);
      const applied = await home.run('apply -f lab.yaml', more);
      expect(applied.stdout).toContain('Applied: 2 updated');
      expect(applied.stdout + applied.stderr).not.toMatch(/The server took|lfsecret|stage-of/);
      expect((await home.run('plan -f lab.yaml', more)).stdout).toContain('No changes');
    }
    for (const line of READING) {
      const { stdout } = await home.run(line);
      expect(stdout).not.toMatch(SECRETS);
      if (line.includes('json')) expect(stdout).toContain('(secret)');
    }
  });
});

describe('an encrypted secret that somebody changes on the server', () => {
  /** Makes the key's metadata something else past vkeys, as the UI does: what it was not asked to change it sends back. */
  async function edit(home: ReturnType<typeof homeWith>, change: (metadata: JsonObject) => JsonObject): Promise<void> {
    const headers = { authorization: `Bearer ${MASTER_KEY}` };
    const { fetch } = home.server;
    const signal = new AbortController().signal;
    const url = 'http://litellm.test/key';
    const read = await fetch(`${url}/list?return_full_object=true`, {
      method: 'GET',
      headers,
      redirect: 'manual',
      signal,
    });
    const { keys } = JSON.parse(await read.text()) as {
      keys: { token: string; key_alias: string; metadata: JsonObject }[];
    };
    for (const { token, metadata } of keys.filter(({ key_alias }) => key_alias === 'lab-user1')) {
      const body = JSON.stringify({ key: token, metadata: change(metadata) });
      await fetch(`${url}/update`, { method: 'POST', headers, body, redirect: 'manual', signal });
    }
  }
  const other = (metadata: JsonObject): JsonObject => ({
    ...metadata,
    logging: [
      {
        callback_name: 'langfuse',
        callback_vars: { langfuse_secret_key: 'lfsecret-of-another', langfuse_host: `https://${ENV.LF_HOST}` },
      },
    ],
  });
  const settle = async (home: ReturnType<typeof homeWith>): Promise<readonly string[]> => {
    const words: string[] = [];
    for (const line of ['plan -f lab.yaml', 'apply -f lab.yaml', 'plan -f lab.yaml', 'apply -f lab.yaml'])
      words.push(
        (
          (await home.run(line)).stdout
            .trimEnd()
            .split('\n')
            .findLast((text) => !/^\d{4}-/.test(text)) ?? ''
        ).replace(/ in .* s\.$/, ''),
      );
    return words;
  };
  const STANDING = 'Nothing to do: 2 keys are as wanted.';
  const SAME = ['No changes. 2 keys are as the spec says.', STANDING];
  const REPAIRED = [
    'Plan: 0 to create, 1 to update, 0 to delete, 1 unchanged.',
    'Applied: 1 updated, 1 unchanged',
    ...SAME,
  ];

  it('is seen and taken back, once, and shown to nobody', async () => {
    const home = homeWith();
    await home.run('apply -f lab.yaml');
    expect(await settle(home)).toEqual([...SAME, ...SAME]);
    await edit(home, other);
    const { stdout } = await home.run('plan -f lab.yaml');
    expect(stdout).toContain('metadata.logging');
    expect(stdout).not.toMatch(SECRETS);
    expect(await settle(home)).toEqual(REPAIRED);
  });

  it('is seen again, also where the keyring was shortened meanwhile, and not where nothing of it was changed', async () => {
    const home = homeWith();
    await home.run('apply -f lab.yaml');
    for (const change of [other, other]) {
      await edit(home, change);
      expect(await settle(home)).toEqual(REPAIRED);
      await edit(home, (metadata) => ({ ...metadata, room: 'B12' }));
      expect(await settle(home)).toEqual([...SAME, ...SAME]);
    }
  });

  it('is taken back by one machine and left alone by another', async () => {
    const [here, there] = [homeWith(), homeWith()];
    const elsewhere = homeWith({ server: here.server, seed: 'elsewhere' });
    await there.run('apply -f lab.yaml');
    await here.run('apply -f lab.yaml');
    expect(await settle(elsewhere)).toEqual([...SAME, ...SAME]);
    await edit(here, other);
    expect(await settle(here)).toEqual(REPAIRED);
    expect(await settle(elsewhere)).toEqual([...SAME, ...SAME]);
    expect(await settle(here)).toEqual([...SAME, ...SAME]);
  });

  it('is not thought of where a run was cut before it could note what the server made of it', async () => {
    const home = homeWith();
    await home.run('apply -f lab.yaml');
    const folder = join(home.folder, 'state');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.jsonl'),
    )) {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      writeFileSync(join(folder, name), lines.filter((each) => !each.includes('"encrypted"')).join('\n'));
    }
    expect(await settle(home)).toEqual([...SAME, ...SAME]);
    await edit(home, other);
    expect(await settle(home)).toEqual(REPAIRED);
  });
});

it('what a server makes of a secret is told without it', async () => {
  const changing =
    (fetch: Fetch): Fetch =>
    (url, init) =>
      fetch(url, {
        ...init,
        ...(init.body === undefined
          ? {}
          : { body: init.body.replaceAll(/(token|stage)-(by-its|of-the)/g, 'other-$2') }),
      });
  const { stdout } = await homeWith({ wrap: changing }).run('apply -f lab.yaml');
  expect(stdout).toContain('The server took metadata.api_token "(secret)" and has another instead.');
  expect(stdout).toContain('The server took metadata.stage "(secret)" and has another instead.');
  expect(stdout).not.toMatch(/by-its-name|of-the-environment/);
});

it('an error that repeats the request shows none', async () => {
  const home = homeWith({ wrap: echoing });
  for (const line of [
    'apply -f lab.yaml',
    'apply -f lab.yaml -o json --debug',
    'create --alias x --metadata api_token=token-by-its-name',
  ]) {
    const { stdout, stderr, code } = await home.run(line);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('Bad body');
    expect(stdout + stderr).not.toMatch(SECRETS);
  }
  const { stdout } = await home.run('apply -f lab.yaml');
  for (const secret of home.minted) expect(stdout).not.toContain(secret.reveal());
});

it('a master key that does not look like one is in no words of a server', async () => {
  const key = 'company-master-key';
  const repeating: Fetch = (_, init) =>
    answer(500, { error: { message: `Who is ${JSON.stringify(init.headers)} or compa****-key?` } });
  const { stderr } = await makeHome({ wrap: () => repeating }).vkeys('list', {
    env: { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: key },
  });
  expect(stderr).toContain('Who is');
  const { stderr: more } = await makeHome({ wrap: () => repeating }).vkeys(
    'list --header x-gateway-token=for-the-gateway',
  );
  expect(more).toContain('Who is');
  expect(more).not.toContain('for-the-gateway');
  expect(stderr).not.toMatch(/company|compa|-key\?/);
});
