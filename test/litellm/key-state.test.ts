/** What each version's answers to a key mean. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { askKey } from '../../src/litellm/key-state.ts';
import { generateKey } from '../../src/litellm/keys.ts';
import { sendOnce } from '../../src/litellm/http/request.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { connectionTo } from '../contract/targets.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';

describe.each(SANDBOX_VERSIONS)('a key of LiteLLM %s', (version) => {
  const { fetch, clock } = makeServer({ version });
  const connection = connectionTo({ url: 'http://litellm.test', masterKey: MASTER_KEY, fetch, now: clock.now });
  const ask = async (fields: JsonObject): Promise<unknown> =>
    askKey(connection, await generateKey(connection, () => fields));

  it('works, with the models that it lists and what it may read of itself', async () => {
    expect(await ask({ models: ['gpt-4o-mini'], key_alias: 'ada' })).toMatchObject({
      is: 'works',
      models: ['gpt-4o-mini'],
      live: { name: 'ada' },
    });
  });

  it('is blocked', async () => {
    expect(await ask({ blocked: true })).toEqual({ is: 'blocked', why: expect.stringContaining('Key is blocked') });
  });

  it('is over, and its budget spent', async () => {
    const secret = await generateKey(connection, () => ({ max_budget: 0 }));
    expect(await askKey(connection, secret)).toMatchObject({ is: 'over_budget' });
    const key = secret.hash();
    await sendOnce(connection, { method: 'POST', path: '/key/update', body: () => ({ key, duration: '1s' }) });
    await clock.sleep(2000);
    expect(await askKey(connection, secret)).toMatchObject({ is: 'expired' });
  });

  it('is not known', async () => {
    const { is, ...rest } = await askKey(connection, new Secret('sk-never-was-a-key-at-all'));
    expect([is, JSON.stringify(rest).includes('never-was')]).toEqual(['unknown', false]);
  });

  it('that may not list its models is known all the same, where routes are held to', async () => {
    const { is } = await askKey(
      connection,
      await generateKey(connection, () => ({ allowed_routes: ['management_routes'] })),
    );
    expect(is).toBe(version === '1.65.8' ? 'works' : 'not_allowed');
  });
});
