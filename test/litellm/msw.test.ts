/** The port fits the global `fetch` as it is, so the client can be tried against any msw handlers. */
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listKeys } from '../../src/litellm/keys.ts';
import { createKey } from '../../src/litellm/create-once.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/base/secret.ts';
import { connect } from '../support/make.ts';

const now = () => new Date('2026-11-21T10:00:00Z');
const sandbox = createSandbox({ now, masterKey: 'sk-master' });
const server = setupServer(
  http.all('http://litellm.test/*', async ({ request }) => {
    const { pathname, search } = new URL(request.url);
    const { status, headers, body } = sandbox.handle({
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
    return new HttpResponse(body, { status, headers });
  }),
);

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

it('creates and lists over the global fetch', async () => {
  const overMsw: Fetch = globalThis.fetch;
  const connection = connect(overMsw, { secret: new Secret('sk-master'), timeout: 5000 });
  const secret = new Secret(`sk-${'m'.repeat(43)}`);
  await createKey(connection, secret, { key_alias: 'over-msw' });
  const { keys } = await listKeys(connection);
  expect(keys.map(({ key_id, key_alias }) => ({ key_id, key_alias }))).toEqual([
    { key_id: secret.hash(), key_alias: 'over-msw' },
  ]);
});
