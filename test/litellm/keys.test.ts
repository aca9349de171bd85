import { describe, expect, it } from 'vitest';
import { startClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { askOptional, readHealth } from '../../src/litellm/health.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import { deleteKeys, generateKey, keyInfo, updateKey } from '../../src/litellm/keys.ts';
import { listDeployments, listModels } from '../../src/litellm/models.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { answer, connectionTo, makeGround, MASTER_KEY, newSecret } from './ground.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const NONE = 'f'.repeat(64);
const connect = (fetch: Fetch) => connectionTo('http://litellm.test', MASTER_KEY, fetch, () => NOW);
const reply = (body: Parameters<typeof answer>[1], status = 200) =>
  connect(() => Promise.resolve(answer(status, body)));

it.each([[{}], [{ keys: {}, total_count: 0, total_pages: 0 }], [[]], ['"text"']])('%j is no list', async (body) => {
  const survey = keyStore(reply(body)).survey({ ids: [], names: [], all: false });
  await expect(survey).rejects.toMatchObject({ kind: 'protocol' });
});

it('takes its own clock where the server tells none', async () => {
  const connection = { ...reply({ keys: [], total_count: 0, total_pages: 0 }), clock: startClock(() => NOW) };
  expect((await keyStore(connection).survey({ ids: [], names: [], all: false })).now).toEqual(NOW);
});

describe.each(SANDBOX_VERSIONS)('one key on %s', (version) => {
  it('is created with our secret, found by its hash, changed and deleted', async () => {
    const { connection } = makeGround(version);
    const secret = new Secret(newSecret());
    const made = await generateKey(connection, () => ({ key: secret.reveal(), key_alias: 'one' }));
    expect(made.hash()).toBe(secret.hash());
    expect(await keyInfo(connection, secret.hash())).toMatchObject({ id: secret.hash(), name: 'one' });
    const changed = await updateKey(connection, secret.hash(), () => ({ max_budget: 5 }));
    expect(changed).toMatchObject({ id: secret.hash(), settings: { max_budget: 5 } });
    await deleteKeys(connection, [secret.hash(), NONE]);
    expect(await keyInfo(connection, secret.hash())).toBeNull();
    await deleteKeys(connection, [secret.hash()]);
  });

  it('that is not there is null when it is read, and an error when it is changed', async () => {
    const { connection } = makeGround(version);
    expect(await keyInfo(connection, NONE)).toBeNull();
    await expect(updateKey(connection, NONE, () => ({}))).rejects.toMatchObject({ code: 'key_not_found' });
  });

  it('comes back from the store as it was made, changed and removed', async () => {
    const { connection } = makeGround(version);
    const store = keyStore(connection);
    const secret = new Secret(newSecret());
    expect(await store.create(() => ({ key_alias: 'a' }), secret)).toEqual({
      is: 'done',
      value: { id: secret.hash(), secret },
    });
    const minted = await store.create(() => ({ key_alias: 'b' }), null);
    if (minted.is !== 'done') throw new Error(minted.is);
    const { id } = minted.value;
    expect(await store.update(id, () => ({ max_budget: 1 }))).toMatchObject({ is: 'done', value: { id } });
    expect((await store.get(id))?.settings['max_budget']).toBe(1);
    expect(await store.update(NONE, () => ({ max_budget: 1 }))).toMatchObject({ is: 'refused' });
    await store.remove([id, secret.hash()]);
    expect((await store.survey({ ids: [id], names: ['a'], all: false })).lives).toEqual([]);
  });
});

it('deletes many keys with few requests', async () => {
  const { connection, make, asked, forget } = makeGround('1.110.2');
  const ids: string[] = [];
  for (let index = 0; index < 401; index += 1) ids.push(await make({ key_alias: `k${String(index)}` }));
  forget();
  await deleteKeys(connection, ids);
  expect(asked.length).toBe(3);
});

it.each([
  ['a key', (fetch: Fetch) => keyInfo(connect(fetch), NONE)],
  ['what is optional', (fetch: Fetch) => askOptional(connect(fetch), '/health/readiness')],
  ['keys', (fetch: Fetch) => keyStore(connect(fetch)).survey({ ids: [NONE], names: [], all: false })],
])('does not take a server that cannot be reached for the absence of %s', async (_, ask) => {
  const cut = new RequestError('network', 'Cut.', 'Look at the network.', { reach: 'unknown' });
  await expect(ask(() => Promise.reject(cut))).rejects.toBe(cut);
});

it('tells a deletion that may have been done from one that was refused', async () => {
  const cut = new RequestError('network', 'Cut.', 'Look at the network.', { reach: 'unknown' });
  const ends = async (fetch: Fetch) => [...(await deleteKeys(connect(fetch), [NONE])).values()].map(({ is }) => is);
  expect(await ends(() => Promise.reject(cut))).toEqual(['unsettled']);
  expect(await ends(() => Promise.resolve(answer(403, { detail: 'no' })))).toEqual(['refused']);
});

it('lists models, and deployments with their access groups', async () => {
  expect(await listModels(makeGround('1.110.2').connection)).toEqual(['gpt-4o-mini', 'claude-sonnet', 'llama-3-8b']);
  const data = [{ model_name: 'gpt-4o', model_info: { access_groups: ['g', 'h'] } }, { model_info: null }, {}];
  const nameless = { name: '', groups: [] };
  expect(await listDeployments(reply({ data }))).toEqual([{ name: 'gpt-4o', groups: ['g', 'h'] }, nameless, nameless]);
});

describe('the health of a server', () => {
  it.each(SANDBOX_VERSIONS)('has the version of %s', async (version) => {
    expect(await readHealth(makeGround(version).connection)).toEqual({
      version,
      database: 'connected',
      isLiteLLM: true,
    });
  });

  it('is asked without the credential, and may be hidden', async () => {
    const headers: string[] = [];
    const fetch: Fetch = (_, init) => {
      headers.push(...Object.keys(init.headers));
      return Promise.resolve(answer(404, { detail: 'Not Found' }));
    };
    expect(await readHealth(connect(fetch))).toEqual({ version: null, database: null, isLiteLLM: false });
    expect(headers).not.toContain('Authorization');
  });
});
