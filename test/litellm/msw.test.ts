/** The port fits the global `fetch` as it is, so the client can be tried against any msw handlers. */
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/base/secret.ts';
import { connectionTo } from './ground.ts';

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
  const store = keyStore(connectionTo('http://litellm.test', 'sk-master', overMsw, now));
  const secret = new Secret(`sk-${'m'.repeat(43)}`);
  await store.create(() => ({ key_alias: 'over-msw' }), secret);
  const { lives } = await store.survey({ ids: [], names: [], all: true });
  expect(lives.map(({ id, name }) => ({ id, name }))).toEqual([{ id: secret.hash(), name: 'over-msw' }]);
});
