import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { deleteKeys, generateKey, keyInfo, listKeys, updateKey } from '../../src/litellm/keys.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { askOptional, readHealth } from '../../src/litellm/health.ts';
import { listAccessGroups, listModels } from '../../src/litellm/models.ts';
import { serverOn } from '../../src/litellm/key-store.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { after, answer, connect, hashOf, makeSite, NOW, secretFor, type Site } from '../support/make.ts';
import { aliasesOf } from '../support/whole.ts';

const connectTo = (site: Site, fetch: Fetch = site.fetch) => connect(fetch, { now: site.now });
const aliases = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `k${String(index)}`);

/** Counts requests, and lets something happen before one of them. */
function watched(site: Site, before: (request: number) => Promise<unknown> | undefined = () => undefined) {
  const seen: string[] = [];
  const fetch: Fetch = async (url, init) => {
    seen.push(new URL(url).search);
    await before(seen.length);
    return site.fetch(url, init);
  };
  return { seen, fetch };
}

async function siteWith(
  names: readonly string[],
  version: (typeof SANDBOX_VERSIONS)[number] = '1.108.7',
): Promise<Site> {
  const site = makeSite({ version });
  for (const key_alias of names) {
    await site.make({ key_alias });
    site.pass(1);
  }
  return site;
}

describe.each(SANDBOX_VERSIONS)('listing on %s', (version) => {
  it('puts all pages together, each key once', async () => {
    const site = await siteWith(aliases(201), version);
    const { seen, fetch } = watched(site);
    const { keys, now, complete } = await listKeys(connectTo(site, fetch));
    expect(aliasesOf(keys)).toEqual(aliases(201).toSorted());
    expect([seen.length, now, complete]).toEqual([3, site.now(), true]);
  });

  it('finds an alias exactly, whatever the filter of the server takes it for', async () => {
    const site = await siteWith(['svc', 'SVC', 'svc2', 's_c', '%', '', 'a\\b'], version);
    const found = async (alias: string) =>
      (await listKeys(connectTo(site), alias)).keys.map(({ key_alias }) => key_alias);
    for (const alias of ['svc', 's_c', '%', '', 'a\\b']) expect(await found(alias)).toEqual([alias]);
    expect(await found('none')).toEqual([]);
    expect((await listKeys(connectTo(site), 'svc')).complete).toBe(false);
  });

  it('survives a filter that is ignored and returns every key', async () => {
    const site = await siteWith(aliases(150), version);
    const fetch: Fetch = (url, init) => site.fetch(url.replace(/&key_alias=[^&]*/, ''), init);
    expect((await listKeys(connectTo(site, fetch), 'k7')).keys.map(({ key_alias }) => key_alias)).toEqual(['k7']);
  });
});

describe('a list that changes while it is read', () => {
  it('is read again when a key was deleted between its pages', async () => {
    const site = await siteWith(aliases(201));
    const [first] = (await listKeys(connectTo(site))).keys;
    const remove = (request: number) =>
      request === 2 ? deleteKeys(connectTo(site), [first?.key_id ?? '']) : undefined;
    const { seen, fetch } = watched(site, remove);
    const { keys } = await listKeys(connectTo(site, fetch));
    expect(keys.map(({ key_alias }) => key_alias)).toEqual(aliases(201).slice(1));
    expect(seen.length).toBe(3 + 2);
  });

  it('is read again when a key was made between its pages', async () => {
    const site = await siteWith(aliases(150));
    const { fetch } = watched(site, (request) => (request === 2 ? site.make({ key_alias: 'new' }) : undefined));
    expect((await listKeys(connectTo(site, fetch))).keys.length).toBe(151);
  });

  it('is taken as it is after the third time', async () => {
    const site = await siteWith(aliases(101));
    const { seen, fetch } = watched(site, (request) => site.make({ key_alias: `new${String(request)}` }));
    expect((await listKeys(connectTo(site, fetch))).keys.length).toBeGreaterThan(100);
    expect(seen.length).toBe(6);
  });
});

describe('a row', () => {
  const page =
    (row: unknown): Fetch =>
    () =>
      answer(200, { keys: [row], total_count: 1, total_pages: 1 });
  const row = { token: hashOf('a'), key_alias: 'a', metadata: null, created_at: '2026-11-21T10:00:00.123456+00:00' };

  it('is read in one form, whatever form its times have', async () => {
    const { keys } = await listKeys(
      connect(page({ ...row, expires: '2026-11-21T11:00:00Z', org_id: 'o', models: [] })),
    );
    expect(keys).toEqual([
      {
        key_id: hashOf('a'),
        key_alias: 'a',
        key_name: null,
        settings: { organization_id: 'o' },
        metadata: {},
        mark: null,
        created_at: '2026-11-21T10:00:00.123Z',
        expires: after(3600),
        budget_reset_at: null,
        spend: 0,
      },
    ]);
  });

  it('has its fields without what the server adds to them', async () => {
    const more = {
      budget_limits: [{ max_budget: 1, reset_at: '2026-12-01' }, 'odd'],
      object_permission: { object_permission_id: 'p', agents: ['a'], models: [] },
      litellm_budget_table: { soft_budget: 3 },
      soft_budget: null,
    };
    const [{ settings } = { settings: {} }] = (await listKeys(connect(page({ ...row, ...more })))).keys;
    expect(settings).toEqual({
      budget_limits: [{ max_budget: 1 }, 'odd'],
      object_permission: { agents: ['a'] },
      soft_budget: 3,
    });
  });

  it('may have no alias', async () => {
    expect((await listKeys(connect(page({ token: hashOf('a'), metadata: null })))).keys[0]?.key_alias).toBeNull();
  });

  it('of a session of the user interface is left out, without reading the list again', async () => {
    let requests = 0;
    const fetch: Fetch = (...request) => {
      requests += 1;
      return page({ ...row, team_id: 'litellm-dashboard' })(...request);
    };
    expect((await listKeys(connect(fetch))).keys).toEqual([]);
    expect(requests).toBe(1);
  });

  it.each<[string, unknown, object | null]>([
    ['ours', { set: 'ws' }, { set: 'ws' }],
    ['ours, made by the server', { set: 'ws', mint: 'm' }, { set: 'ws', mint: 'm' }],
    ['of another shape', 'ws', null],
    ['without a set', { v: 1 }, null],
    ['of a set that would be another file', { set: '../../etc/passwd' }, null],
  ])('with a mark %s', async (_, vkeys, mark) => {
    expect((await listKeys(connect(page({ ...row, metadata: { vkeys } })))).keys[0]?.mark).toEqual(mark);
  });

  it.each([
    ['no hash', { ...row, token: 'sk-a-secret-in-its-place' }],
    ['no token', { ...row, token: null }],
    ['a number for its alias', { ...row, key_alias: 7 }],
    ['no shape at all', 'HASH'],
  ])('with %s is no row of LiteLLM', async (_, odd) => {
    await expect(listKeys(connect(page(odd)))).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.not.stringContaining('sk-a-secret'),
    });
  });

  it('says which fields this server has', async () => {
    const old = await siteWith(['a'], '1.65.8');
    const { listed } = await listKeys(connectTo(old));
    expect([listed?.has('max_budget'), listed?.has('allowed_routes'), listed?.has('tags')]).toEqual([
      true,
      false,
      true,
    ]);
    expect((await listKeys(connectTo(makeSite()))).listed).toBeNull();
  });
});

it.each([[{}], [{ keys: {}, total_count: 0, total_pages: 0 }], [[]], ['text']])('%j is no list', async (body) => {
  await expect(listKeys(connect(() => answer(200, body)))).rejects.toMatchObject({ kind: 'protocol' });
});

it('takes its own clock where the server tells none', async () => {
  const { now } = await listKeys(connect(() => answer(200, { keys: [], total_count: 0, total_pages: 0 })));
  expect(now).toEqual(NOW);
});

describe.each(SANDBOX_VERSIONS)('one key on %s', (version) => {
  it('is created with our secret, found by its hash, changed and deleted', async () => {
    const site = makeSite({ version });
    const connection = connectTo(site);
    const secret = secretFor('one');
    expect((await generateKey(connection, { key: secret.reveal(), key_alias: 'one' })).hash()).toBe(secret.hash());
    expect(await keyInfo(connection, secret.hash())).toMatchObject({ key_id: secret.hash(), key_alias: 'one' });
    const changed = await updateKey(connection, secret.hash(), { max_budget: 5 });
    expect(changed).toMatchObject({ key_id: secret.hash(), settings: { max_budget: 5 } });
    await deleteKeys(connection, [secret.hash(), hashOf('unknown')]);
    expect(await keyInfo(connection, secret.hash())).toBeNull();
    await deleteKeys(connection, [secret.hash()]);
  });

  it('that is not there is null when it is read, and an error when it is changed', async () => {
    const connection = connectTo(makeSite({ version }));
    expect(await keyInfo(connection, hashOf('none'))).toBeNull();
    await expect(updateKey(connection, hashOf('none'), {})).rejects.toMatchObject({
      details: { code: 'key_not_found' },
    });
  });
});

it('deletes many keys with few requests', async () => {
  const site = await siteWith(aliases(401));
  const { seen, fetch } = watched(site);
  await deleteKeys(
    connectTo(site, fetch),
    (await site.keys()).map(({ key_id }) => key_id),
  );
  expect([seen.length, (await site.keys()).length]).toEqual([3, 0]);
});

it.each([
  ['a key', (fetch: Fetch) => keyInfo(connect(fetch), hashOf('a'))],
  ['a deletion', (fetch: Fetch) => deleteKeys(connect(fetch), [hashOf('a')])],
  ['what is optional', (fetch: Fetch) => askOptional(connect(fetch), '/health/readiness')],
])('does not take a server that cannot be reached for the absence of %s', async (_, ask) => {
  const cut = new VkeysError('network', 'Cut.', 'Look at the network.', { details: { permanent: true } });
  await expect(ask(() => Promise.reject(cut))).rejects.toBe(cut);
});

it('lists models and access groups, each once', async () => {
  expect(await listModels(connectTo(makeSite()))).toEqual(['gpt-4o-mini', 'claude-sonnet', 'llama-3-8b']);
  const data = [
    { model_info: { access_groups: ['g', 'h'] } },
    { model_info: { access_groups: ['g'] } },
    { model_info: null },
    {},
  ];
  expect(await listAccessGroups(connect(() => answer(200, { data })))).toEqual(['g', 'h']);
});

describe('the health of a server', () => {
  it.each([
    ['1.65.8', '1.65.8'],
    ['1.77.7', '1.77.7'],
    ['1.83.14', '1.83.14'],
    ['1.108.7', '1.108.7'],
  ] as const)('has the version of %s', async (version, told) => {
    expect(await readHealth(connectTo(makeSite({ version })))).toEqual({ version: told, database: 'connected' });
  });

  it('is asked without the credential, and may be hidden', async () => {
    const headers: string[] = [];
    const fetch: Fetch = (_, init) => {
      headers.push(...Object.keys(init.headers));
      return answer(404, { detail: 'Not Found' });
    };
    expect(await readHealth(connect(fetch))).toEqual({ version: null, database: null });
    expect(headers).not.toContain('Authorization');
  });
});

it('is the server that apply needs', async () => {
  const site = makeSite();
  const server = serverOn(connectTo(site));
  const secret = secretFor('server');
  await server.create(secret, { key_alias: 'a' });
  const minted = await server.createMinted({ key_alias: 'b' });
  await server.update(minted.hash(), { max_budget: 1 });
  expect((await server.info(minted.hash()))?.settings.max_budget).toBe(1);
  expect((await serverOn(connectTo(site), 'a').list()).keys.map(({ key_id }) => key_id)).toEqual([secret.hash()]);
  await server.delete([secret.hash(), minted.hash()]);
  expect((await server.list()).keys).toEqual([]);
});
