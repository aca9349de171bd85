import { describe, expect, it } from 'vitest';
import type { Password } from '../../src/auth/credential.ts';
import { explainRefusal } from '../../src/auth/refusal.ts';
import { endSession, logIn, type LoginSession } from '../../src/auth/login.ts';
import { keyStore } from '../../src/litellm/key-store.ts';
import type { Fetch, HttpInit, HttpResponse } from '../../src/litellm/http/fetch.ts';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import type { Connection, Trace } from '../../src/litellm/http/request.ts';
import { sandboxFetch } from '../../src/sandbox/port.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { Secret } from '../../src/base/secret.ts';
import { connect, NOW } from '../support/make.ts';

const ALL = { ids: [], names: [], all: true };
const traces: Trace[] = [];

function connectWith(fetch: Fetch, secret: Secret | null = null): Connection {
  return connect(fetch, {
    secret,
    headers: { 'x-gateway': 'yes' },
    trace: (line) => traces.push(line),
    refused: (problem) => explainRefusal(problem, { kind: 'login', source: 'a session' }, 'http://litellm.test'),
  });
}

const password = (value: string): Password => ({
  kind: 'password',
  source: 'LITELLM_USERNAME and LITELLM_PASSWORD',
  username: 'admin',
  password: new Secret(value),
});

describe('a session on the sandbox', () => {
  const server = createSandbox({ now: () => NOW, masterKey: 'sk-master-of-tests' });
  const fetch = sandboxFetch(server);
  const open = (): Promise<LoginSession> => logIn(connectWith(fetch), password('sk-master-of-tests'));

  it('has a key that works until the session is ended', async () => {
    const session = await open();
    expect(session).toMatchObject({ user_id: 'default_user_id', user_role: 'proxy_admin' });
    expect(session.expires).toEqual(new Date('2026-11-22T10:00:00Z'));
    const connection = connectWith(fetch, session.secret);
    const store = keyStore(connection);
    expect((await store.get(session.secret.hash()))?.id).toBe(session.secret.hash());
    expect((await store.survey(ALL)).lives).toEqual([]);
    await endSession(connection, session);
    await expect(store.survey(ALL)).rejects.toMatchObject({ kind: 'auth' });
    await endSession(connection, session);
  });

  it('is refused with a wrong password, which is not shown', async () => {
    const error: unknown = await logIn(connectWith(fetch), password('wr0ng')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'auth',
      message: 'http://litellm.test refused the password of admin (LITELLM_USERNAME and LITELLM_PASSWORD).',
    });
    expect(JSON.stringify(error)).not.toContain('wr0ng');
  });
});

describe('a login', () => {
  const claims = Buffer.from(JSON.stringify({ key: 'sk-of-the-session' })).toString('base64url');
  const jwt = `head.${claims}.signature`;

  /** Answers each path with a status and a body; others are 404. Remembers what it was asked. */
  function stub(answers: Readonly<Record<string, readonly [number, string, cookies?: string[]]>>) {
    const asked: (readonly [string, HttpInit])[] = [];
    const fetch: Fetch = async (url, init): Promise<HttpResponse> => {
      const { pathname } = new URL(url);
      asked.push([pathname, init]);
      const [status, text, cookies = []] = answers[pathname] ?? [404, '{"detail":"Not Found"}'];
      return { status, headers: { get: () => null, getSetCookie: () => cookies }, text: async () => text };
    };
    return { asked, door: connectWith(fetch) };
  }

  it('sends a form and takes the key out of the cookie', async () => {
    const { asked, door } = stub({ '/login': [303, '', ['other=1', `token="${jwt}"; Path=/; SameSite=lax`]] });
    const session = await logIn(door, password('a&b'));
    expect(session.secret.reveal()).toBe('sk-of-the-session');
    expect(session).toMatchObject({ user_id: null, user_role: null, expires: null });
    expect(asked[0]?.[1]).toMatchObject({
      body: 'username=admin&password=a%26b',
      redirect: 'manual',
      headers: { 'x-gateway': 'yes', 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(traces.at(-1)).toMatchObject({ method: 'POST', path: '/login', status: 303 });
  });

  it.each([
    ['more lines', 'sk-a\r\nx-evil: 1'],
    ['blanks', 'sk-a b'],
    ['other letters', 'sk-ä'],
    ['nothing', ''],
    ['a number', 7],
    ['what JSON calls a prototype', { __proto__: { length: 3 } }],
  ])('takes no key that cannot be a header: %s', async (_, key) => {
    const hostile = `head.${Buffer.from(JSON.stringify({ key })).toString('base64url')}.signature`;
    for (const door of [
      stub({ '/login': [303, '', [`token=${hostile}; Path=/`]] }).door,
      stub({ '/v2/login': [200, JSON.stringify({ token: hostile })] }).door,
    ]) {
      await expect(logIn(door, password('p'))).rejects.toMatchObject({
        kind: 'protocol',
        message: expect.stringContaining('without a session'),
      });
    }
  });

  it('goes on to the newer paths where the older ones are gone', async () => {
    const { asked, door } = stub({ '/login': [405, ''], '/v3/login': [200, JSON.stringify({ token: jwt })] });
    expect((await logIn(door, password('p'))).secret.reveal()).toBe('sk-of-the-session');
    expect(asked.map(([path]) => path)).toEqual(['/login', '/v2/login', '/v3/login']);
    expect(asked[2]?.[1].body).toBe('{"username":"admin","password":"p"}');
  });

  it.each<[string, Parameters<typeof stub>[0], string, string]>([
    ['there is none', {}, 'auth', 'has no login'],
    ['another page answers', { '/login': [200, '<html>SSO</html>'] }, 'protocol', 'without a session'],
    ['the token has no key', { '/v2/login': [200, '{"token":"a.b.c"}'] }, 'protocol', 'without a session'],
    [
      'there is no database',
      { '/login': [400, '{"error":{"message":"Authentication Error, Not connected to DB!","type":"auth_error"}}'] },
      'api',
      'no connection to its database',
    ],
    ['the server fails', { '/login': [500, 'Internal Server Error'] }, 'api', '500: Internal Server Error'],
  ])('is told as failed when %s', async (_, answers, kind, words) => {
    const { door } = stub(answers);
    await expect(logIn(door, password('p'))).rejects.toMatchObject({ kind, message: expect.stringContaining(words) });
  });

  it.each<[string, readonly [number, string]]>([
    ['is busy', [503, 'Service Unavailable']],
    ['asks for a pause', [429, '{"detail":"slow down"}']],
    ['is overloaded', [529, '']],
    [
      'does not reach its database',
      [401, '{"error":{"message":"Authentication Error, All connection attempts failed"}}'],
    ],
  ])('is repeated while the server %s', async (_, first) => {
    let left = 3;
    const { asked, door } = stub({ '/login': [303, '', [`token=${jwt}`]] });
    const flaky: Fetch = async (url, init) => {
      const answered = await door.fetch(url, init);
      left -= 1;
      return left < 0
        ? answered
        : { status: first[0], headers: { get: () => null, getSetCookie: () => [] }, text: async () => first[1] };
    };
    const session = await logIn({ ...door, fetch: flaky }, password('p'));
    expect([session.secret.reveal(), asked.map(([path]) => path)]).toEqual([
      'sk-of-the-session',
      Array(4).fill('/login'),
    ]);
  });

  it('is repeated after a connection that was cut, and not after a refusal', async () => {
    const cut = new RequestError('network', 'Cut.', 'Look at the network.', { reach: 'unsent', transient: true });
    const { asked, door } = stub({ '/login': [401, '{"error":{"message":"Invalid credentials used to access UI."}}'] });
    let cuts = 2;
    const fetch: Fetch = (url, init) => ((cuts -= 1) >= 0 ? Promise.reject(cut) : door.fetch(url, init));
    await expect(logIn({ ...door, fetch }, password('p'))).rejects.toMatchObject({ kind: 'auth' });
    expect(asked).toHaveLength(1);
  });

  it('tells when its session cannot be ended', async () => {
    const { door } = stub({ '/key/delete': [500, 'Internal Server Error'] });
    await expect(endSession(door, { secret: new Secret('sk-of-the-session') })).rejects.toMatchObject({ kind: 'api' });
  });

  it('does not blame the credential when the database is away', async () => {
    const message = 'Authentication Error, All connection attempts failed';
    const { door } = stub({ '/key/list': [401, JSON.stringify({ error: { message, type: 'auth_error' } })] });
    await expect(keyStore(door).survey(ALL)).rejects.toMatchObject({
      kind: 'api',
      message: expect.stringContaining('database'),
    });
  });
});
