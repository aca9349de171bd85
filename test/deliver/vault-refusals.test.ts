/** What Vault refuses, before anything is made and in the middle of it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { release } from '../../src/base/secret.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { SinkPorts } from '../../src/deliver/sink.ts';
import type { Delivery, VaultServer } from '../../src/model/delivery.ts';
import { gone, handout, HOST, known, TO } from './handouts.ts';
import { ROOT, vaultServer, type Intercept, type Vault } from './vault-server.ts';
import { secretAt, socketPorts, vaultDeliverer, vaultDelivery } from './vaults.ts';

const ADA = handout('ada');
const HERE = vaultDelivery('secret/data/llm/{user}');
const PATH = 'secret/data/llm/ada';

const refusalsOf = async (vault: Vault, token: string, delivery = HERE, env: SinkPorts['env'] = {}) =>
  (await vaultDeliverer([delivery], vault, token, env).check([known(ADA)])).refusals.map(({ message, hint }) => [
    message,
    hint,
  ]);

/** As a run that has these variables and this home alone. */
async function withOnly(env: SinkPorts['env'], vault: VaultServer = {}, home: string | null = null) {
  const delivery = vaultDelivery('secret/data/llm/{user}', { vault });
  const ports = socketPorts(env, { home });
  const deliverer = makeDeliverer('lab', [{ delivery, to: TO }], { host: HOST, files: [] }, ports);
  const { failed } = await deliverer.put([known(ADA)]);
  return failed.get(ADA.key_id);
}

describe('is refused before anything is made', () => {
  const reading = { 'secret/data/llm/*': ['read'] };
  test.each<[string, Readonly<Record<string, readonly string[]>>, Delivery, string, string]>([
    [
      'may not create',
      reading,
      HERE,
      'The token may not create it',
      'path "secret/data/llm/*" { capabilities = ["create", "read", "update"] }',
    ],
    [
      'may not read',
      { 'secret/data/llm/*': ['create', 'update'] },
      HERE,
      'The token may not read it',
      'path "secret/data/llm/*"',
    ],
    [
      'sees no such engine',
      reading,
      vaultDelivery('nope/data/llm/{user}'),
      'Vault has nothing at nope/.',
      'vault secrets list',
    ],
    [
      'finds KV version 1',
      { 'kv1/*': ['read', 'create'] },
      vaultDelivery('kv1/data/{user}'),
      'At kv1/ Vault has version 1 of KV',
      'vault kv enable-versioning kv1/',
    ],
  ])('where the token %s', async (_, policy, delivery, message, hint) => {
    const vault = await vaultServer();
    const [[said, next] = []] = await refusalsOf(vault, await vault.token(policy), delivery);
    expect([said, next]).toEqual([expect.stringContaining(message), expect.stringContaining(hint)]);
    expect(said).toContain(`${vault.address}/v1/`);
    expect(await secretAt(vault, PATH)).toBeNull();
  });

  test('where the token may change no secret that is there', async () => {
    const vault = await vaultServer();
    await vault.admin(PATH, { data: { note: 'mine' } });
    const [[said] = []] = await refusalsOf(vault, await vault.token({ 'secret/data/llm/*': ['create', 'read'] }));
    expect(said).toContain('The token may not update it');
  });

  test.each<[string, Intercept, string]>([
    [
      'sealed',
      () => ({ status: 503, body: { errors: ['Vault is sealed'] } }),
      'Vault is sealed, or being looked after.',
    ],
    ['a standby', () => ({ status: 473, body: {} }), 'Vault is a standby here'],
    ['a standby that sends elsewhere', () => ({ status: 307 }), 'Vault is a standby here'],
    ['not initialised', () => ({ status: 501, body: { errors: [] } }), 'Vault is not initialised.'],
    ['busy for good', () => ({ status: 429, body: { errors: ['rate limit'] } }), 'Vault has too many requests.'],
    ['something else', () => ({ status: 200, body: ['<html>'] }), 'What answers here is no Vault.'],
    [
      'of an opinion',
      () => ({ status: 400, body: { errors: [`bad sk-ada-secret and ${ROOT}`] } }),
      'Vault answered 400: bad sk-[secret] and [secret].',
    ],
  ])('where the server is %s', async (_, intercept, message) => {
    const [[said] = []] = await refusalsOf(await vaultServer(intercept), ROOT);
    expect(said).toContain(message);
    release();
  });

  test('where nobody answers', async () => {
    const [[said, hint] = []] = await refusalsOf({ ...(await vaultServer()), address: 'http://127.0.0.1:9' }, ROOT);
    expect([said, hint]).toEqual([expect.stringContaining('127.0.0.1:9'), expect.stringMatching(/./)]);
  });

  test.each<[string, SinkPorts['env'], VaultServer, string]>([
    ['no address', {}, {}, 'Nobody says where Vault is.'],
    ['an address that is none', { VAULT_ADDR: 'vault.example.com' }, {}, 'VAULT_ADDR is no address of a server.'],
    [
      'another address than the token is for',
      { VAULT_ADDR: 'https://vault.example.com' },
      { address: 'https://elsewhere.example.com' },
      "The spec's address https://elsewhere.example.com is not that of VAULT_ADDR, for which the token was given.",
    ],
    ['an address with a password', { BAO_ADDR: 'https://a:b@c' }, {}, 'BAO_ADDR is no address of a server.'],
    [
      'a namespace that is none',
      { VAULT_ADDR: 'http://127.0.0.1:9', VAULT_NAMESPACE: 'a/../b' },
      {},
      'a/../b is no namespace of Vault.',
    ],
    ['no token', { VAULT_ADDR: 'http://127.0.0.1:9' }, {}, 'There is no token for Vault.'],
    [
      'no file of a token',
      { VAULT_ADDR: 'http://127.0.0.1:9' },
      { token_file: '/nowhere/token' },
      '/nowhere/token has no token in it.',
    ],
    [
      'a token that is none',
      { VAULT_ADDR: 'http://127.0.0.1:9', VAULT_TOKEN: 'a\nb' },
      {},
      'VAULT_TOKEN has something in it that is no token.',
    ],
    [
      'no file of certificates',
      { VAULT_ADDR: 'https://127.0.0.1:9', VAULT_TOKEN: 'a', VAULT_CACERT: '/nowhere.pem' },
      {},
      'VAULT_CACERT names no file',
    ],
    [
      'a file of something else',
      { VAULT_ADDR: 'https://127.0.0.1:9', VAULT_TOKEN: 'a', BAO_CLIENT_CERT: 'package.json' },
      {},
      'BAO_CLIENT_CERT names a file without',
    ],
  ])('where there is %s', async (_, env, server, message) => {
    const error = await withOnly(env, server);
    expect([error?.message, error?.hint]).toEqual([expect.stringContaining(message), expect.stringMatching(/./)]);
  });
});

describe('a token', () => {
  test('comes from the variable of OpenBao, then of Vault, a file of the spec, or what `vault login` left', async () => {
    const vault = await vaultServer();
    const home = await mkdtemp(join(tmpdir(), 'vkeys-vault-'));
    const token_file = join(home, 'token');
    await writeFile(token_file, `${ROOT}\n`);
    const env = { VAULT_ADDR: vault.address };
    expect(await withOnly({ ...env, BAO_TOKEN: ROOT, VAULT_TOKEN: 'old' })).toBeUndefined();
    expect(await withOnly({ ...env, VAULT_TOKEN: 'old' }, { token_file })).toBeUndefined();
    expect(await withOnly({ BAO_ADDR: `${vault.address}/` }, { token_file })).toBeUndefined();
    await writeFile(join(home, '.vault-token'), ROOT);
    expect(await withOnly(env, {}, home)).toBeUndefined();
    expect(await withOnly(env, { address: vault.address }, home)).toBeUndefined();
    expect(await withOnly({ ...env, VAULT_TOKEN: 'hvs.old-token' })).toBeInstanceOf(VkeysError);
  });

  test('is got with that of the pod, and nobody else learns either', async () => {
    const seen: string[] = [];
    const vault = await vaultServer(({ method, path, headers }) => {
      seen.push(`${method} ${path} ${String(headers['x-vault-token'])} ${String(headers['x-vault-request'])}`);
      return undefined;
    });
    const file = join(await mkdtemp(join(tmpdir(), 'vkeys-vault-')), 'token');
    await writeFile(file, 'eyJ.pod.jwt');
    const env = { VAULT_ADDR: vault.address, VKEYS_SERVICEACCOUNT_TOKEN_FILE: file };
    const pod = (role: string) => ({ kubernetes: { role, mount: 'kubernetes' } });
    expect(await withOnly(env, pod('vkeys'))).toBeUndefined();
    expect(seen.filter((each) => each.includes('login'))).toEqual(['POST auth/kubernetes/login undefined true']);
    expect(seen.at(-1)).toBe('POST secret/data/llm/ada hvs.of-the-pod true');
    expect(await withOnly(env, pod('other'))).toMatchObject({
      message: expect.stringContaining('Vault does not let this pod log in as the role other.'),
    });
    await writeFile(file, 'eyJ.other.jwt');
    const error = await withOnly(env, pod('vkeys'));
    expect(error?.message).toContain('does not let this pod log in');
    expect(JSON.stringify([error?.message, error?.hint, error?.facts, error?.stack])).not.toContain('other.jwt');
    expect(await withOnly({ VAULT_ADDR: vault.address }, pod('vkeys'))).toMatchObject({
      message: expect.stringContaining('/var/run/secrets/kubernetes.io/serviceaccount/token has no token in it.'),
    });
  });

  test('is remembered by the way it is got, for when the spec says nothing any more', async () => {
    const vault = await vaultServer();
    const file = join(await mkdtemp(join(tmpdir(), 'vkeys-vault-')), 'token');
    await writeFile(file, 'eyJ.pod.jwt');
    const delivery = vaultDelivery('secret/data/llm/{user}', {
      vault: { address: vault.address, kubernetes: { role: 'vkeys', mount: 'kubernetes' } },
    });
    const run = (deliveries: readonly Delivery[]) =>
      makeDeliverer(
        'lab',
        deliveries.map((each) => ({ delivery: each, to: TO })),
        { host: HOST, files: [] },
        socketPorts({ VKEYS_SERVICEACCOUNT_TOKEN_FILE: file }),
      );
    const places = (await run([delivery]).put([known(ADA)])).placed.get(ADA.key_id) ?? [];
    expect(JSON.stringify(places)).not.toMatch(/sk-ada|eyJ|hvs/);
    expect((await run([]).remove([gone(ADA, places)])).failed.size).toBe(0);
    expect((await secretAt(vault, PATH))?.data).toBeNull();
  });
});

describe('a server that fails in the middle', () => {
  /** Requests of one put to an empty place: the engine, the secret, the write. */
  test.each([
    [1, 'before'],
    [2, 'before'],
    [3, 'before'],
    [1, 'after'],
    [2, 'after'],
    [3, 'after'],
  ])('at request %i, %s it is done: the next run comes to the same end', async (fatal, when) => {
    let count = Number.NEGATIVE_INFINITY;
    let inner: Vault | null = null;
    const vault = await vaultServer(async ({ path, method, body, query }) => {
      count += 1;
      if (count !== fatal) return undefined;
      if (when === 'after' && inner !== null)
        await inner.admin(`${path}?${String(query)}`, method === 'POST' ? body : undefined).catch(() => null);
      return { status: 500, body: { errors: [] } };
    });
    inner = vault;
    count = 0;
    const first = await vaultDeliverer([HERE], vault, ROOT).put([known(ADA)]);
    expect(first.failed.get(ADA.key_id)?.message).toContain('Vault could not answer.');
    const places = first.placed.get(ADA.key_id) ?? [];
    const second = await vaultDeliverer([HERE], vault, ROOT).put([known(ADA, places)]);
    expect([second.failed.size, await secretAt(vault, PATH)]).toEqual([
      0,
      { data: { key: 'sk-ada-secret', url: TO.api_base_url }, version: 1 },
    ]);
  });

  test.each([1, 2, 3, 4, 5, 6])('at request %i of taking a key back: the next run takes it', async (fatal) => {
    let count = Number.NEGATIVE_INFINITY;
    const vault = await vaultServer(() => {
      count += 1;
      return count === fatal ? { status: 500, body: { errors: [] } } : undefined;
    });
    const places = (await vaultDeliverer([HERE], vault, ROOT).put([known(ADA)])).placed.get(ADA.key_id) ?? [];
    const there = vaultDelivery('secret/data/there/{user}');
    await vaultDeliverer([there], vault, ROOT).put([known(ADA)]);
    count = -2;
    const first = await vaultDeliverer([there], vault, ROOT).put([known(ADA, places)]);
    expect(first.failed.size).toBe(1);
    const second = await vaultDeliverer([there], vault, ROOT).put([known(ADA, first.placed.get(ADA.key_id))]);
    expect([second.failed.size, (await secretAt(vault, `${PATH}?version=1`))?.data]).toEqual([0, null]);
    expect(second.placed.get(ADA.key_id)?.map(({ path }) => path)).toEqual([
      `${vault.address}/v1/secret/data/there/ada`,
    ]);
  });

  test('is asked again where that passes', async () => {
    let busy = 3;
    const vault = await vaultServer(() => {
      busy -= 1;
      return busy >= 0 ? { status: [412, 429, 502][busy] ?? 0, body: { errors: [] } } : undefined;
    });
    expect((await vaultDeliverer([HERE], vault, ROOT).put([known(ADA)])).failed.size).toBe(0);
  });

  test('gives way to somebody who writes each time, in words', async () => {
    const vault: Vault = await vaultServer(async ({ method, path, headers }) => {
      if (method === 'POST' && path === PATH && headers['x-vault-request'] !== undefined)
        await vault.admin(path, { data: { theirs: 1 } });
      return undefined;
    });
    const { failed } = await vaultDeliverer([HERE], vault, ROOT).put([known(ADA)]);
    expect(failed.get(ADA.key_id)?.message).toContain('Another program wrote it each time');
    expect((await secretAt(vault, PATH))?.data).toEqual({ theirs: 1 });
  });
});
