import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../../src/base/errors.ts';
import type { Fetch, HttpInit } from '../../../src/litellm/http/fetch.ts';
import { send, sendOnce, type Connection, type Request, type Trace } from '../../../src/litellm/http/request.ts';
import { RequestError, type Reach } from '../../../src/litellm/http/request-error.ts';
import { Secret } from '../../../src/base/secret.ts';
import { answer, connect, NOW } from '../../support/make.ts';

const READ: Request = { method: 'GET', path: '/key/info', query: { key: 'a b&c' } };
const WRITE: Request = { method: 'POST', path: '/key/generate', body: () => ({ key: 'sk-own-secret' }) };
const OK = { fine: true };
const POOL_DRY = 'Authentication Error, Timed out fetching a new connection from the connection pool';

type Sent = HttpInit & { readonly url: string };

/** Answers in turn, and goes on with the last; notes what was sent, waited and traced. */
function script(answers: readonly (() => ReturnType<Fetch>)[], changes: Partial<Connection> = {}) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const traces: Trace[] = [];
  const connection = connect(
    (url, init) => {
      sent.push({ ...init, url });
      return (answers[sent.length - 1] ?? answers.at(-1) ?? (() => answer(200, OK)))();
    },
    {
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      trace: (line) => traces.push(line),
      ...changes,
    },
  );
  return { connection, sent, waits, traces };
}

const cut =
  (reach: Reach, transient = true) =>
  () =>
    Promise.reject(new RequestError('network', 'Cut.', 'Look at the network.', { reach, transient }));
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('a request', () => {
  it('carries the credential in a header, and says who changes things', async () => {
    const { connection, sent } = script([], { headers: { 'x-team': 'ops' } });
    await send(connection, WRITE);
    expect(sent[0]).toMatchObject({
      url: 'http://litellm.test/key/generate',
      method: 'POST',
      body: '{"key":"sk-own-secret"}',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'litellm-changed-by': 'vkeys',
        'x-team': 'ops',
        Authorization: 'Bearer sk-sandbox',
      },
    });
  });

  it('escapes its query and has no body where there is none', async () => {
    const { connection, sent } = script([]);
    await send(connection, READ);
    expect(sent[0]?.url).toBe('http://litellm.test/key/info?key=a+b%26c');
    expect(sent[0]).not.toHaveProperty('body');
    expect(sent[0]?.headers).not.toHaveProperty('content-type');
  });

  it('puts the credential bare into another header, and none into none', async () => {
    const { connection, sent } = script([], { keyHeader: 'x-api-key' });
    await send(connection, READ);
    await send({ ...connection, secret: null }, READ);
    expect(sent.map(({ headers }) => [headers['x-api-key'], headers['Authorization']])).toEqual([
      ['sk-sandbox', undefined],
      [undefined, undefined],
    ]);
  });

  it('tells the clock what time it is at the server, where the server tells it', async () => {
    const date = new Date(NOW.getTime() + 60_000).toUTCString();
    const { connection } = script([() => answer(200, OK, { date }), () => answer(200, OK, { date: 'soon' })]);
    expect(await send(connection, READ)).toMatchObject({ body: OK, length: 13 });
    const after = connection.clock.server();
    expect(Math.abs(after.getTime() - NOW.getTime() - 60_000)).toBeLessThanOrEqual(1000);
    await send(connection, READ);
    expect(connection.clock.server()).toEqual(after);
  });
});

describe('a request that may be done twice', () => {
  it.each([
    ['429', () => answer(429, {})],
    ['502', () => answer(502, '<html>')],
    ['503', () => answer(503, {})],
    ['504', () => answer(504, {})],
    ['408', () => answer(408, {})],
    ['529', () => answer(529, {})],
    ['a 503 for want of a database', () => answer(503, { error: { message: 'x', type: 'no_db_connection' } })],
    ['a 401 for want of a connection to the database', () => answer(401, { error: { message: POOL_DRY } })],
    ['a 400 for want of the database', () => answer(400, { error: { message: 'All connection attempts failed' } })],
    ['a connection that was cut', cut('unknown')],
    ['a timeout', () => Promise.reject(new DOMException('late', 'TimeoutError'))],
  ])('is sent again after %s', async (_, failure) => {
    const { connection, sent, waits } = script([failure, failure, () => answer(200, OK)]);
    expect((await send(connection, READ)).body).toEqual(OK);
    expect([sent.length, waits]).toEqual([3, [150, 300]]);
  });

  it('is sent five times at most where the server never answered', async () => {
    const { connection, sent } = script([() => answer(503, { detail: 'busy' })]);
    expect(await errorOf(send(connection, READ))).toMatchObject({
      kind: 'api',
      status: 503,
      code: 'busy',
    });
    expect(sent.length).toBe(5);
  });

  it('comes back when the server says so', async () => {
    const { connection, waits } = script([() => answer(429, {}, { 'retry-after': '3' }), () => answer(200, OK)]);
    await send(connection, READ);
    expect(waits).toEqual([3150]);
  });

  it.each([
    ['a refusal', () => answer(400, {})],
    ['a 500', () => answer(500, {})],
    ['a server without a database', () => answer(500, { error: { message: 'DB not connected' } })],
    ['what is no JSON', () => answer(200, '<html>')],
    ['a host that nobody knows', cut('unsent', false)],
  ])('is not sent again after %s', async (_, failure) => {
    const { connection, sent } = script([failure]);
    expect(await errorOf(send(connection, READ))).toBeInstanceOf(VkeysError);
    expect(sent.length).toBe(1);
  });

  it.each([
    ['before', AbortSignal.abort(), 0],
    ['during', null, 1],
  ])('is not sent again after Ctrl-C %s the wait', async (_, stopped, waits) => {
    const stop = new AbortController();
    const seen: number[] = [];
    const sleep = (milliseconds: number): Promise<void> => {
      seen.push(milliseconds);
      stop.abort();
      return Promise.resolve();
    };
    const { connection, sent } = script([() => answer(503, {})], { stop: stopped ?? stop.signal, sleep });
    expect(await errorOf(send(connection, READ))).toMatchObject({ status: 503 });
    expect([sent.length, seen.length]).toEqual([1, waits]);
  });
});

describe('a request that must not be done twice', () => {
  it.each([
    ['cannot have arrived', cut('unsent')],
    ['may have arrived', cut('unknown')],
    ['finds the server busy', () => answer(503, {})],
  ])('is sent once when it %s', async (_, failure) => {
    const { connection, sent } = script([failure, () => answer(200, OK)]);
    expect(await errorOf(sendOnce(connection, WRITE))).toBeInstanceOf(VkeysError);
    expect(sent.length).toBe(1);
  });
});

describe('an error', () => {
  it.each<[string, () => ReturnType<Fetch>, string, RegExp]>([
    [
      'a redirect',
      () => answer(307, '', { location: 'https://evil.example' }),
      'protocol',
      /redirects \/key\/info elsewhere \(307\)/,
    ],
    ['no JSON', () => answer(200, '<html>login</html>'), 'protocol', /something that is not JSON/],
    ['a bomb of lists', () => answer(200, '['.repeat(101)), 'protocol', /JSON that has too many lists in it/],
    [
      'no answer in time',
      () => Promise.reject(new DOMException('late', 'TimeoutError')),
      'timeout',
      /did not answer within 1 s/,
    ],
    [
      'no database',
      () => answer(500, { error: { message: 'DB not connected.' } }),
      'api',
      /no connection to its database/,
    ],
    [
      'a licence',
      () => answer(403, { error: { message: 'only available for LiteLLM Enterprise users: tags' } }),
      'api',
      /answered 403: only available/,
    ],
    [
      'a taken alias',
      () => answer(400, { error: { message: "Key with alias 'a' already exists. Unique key aliases are required." } }),
      'api',
      /already exists/,
    ],
    ['an unknown key', () => answer(404, { error: { message: 'Key not found.' } }), 'api', /Key not found/],
    ['a missing route', () => answer(404, { detail: 'Not Found' }), 'api', /answered 404: Not Found/],
    ['a wrong value', () => answer(422, { detail: [{ loc: ['body', 'x'], msg: 'bad' }] }), 'api', /x: bad/],
    ['a wrong credential', () => answer(401, { error: { message: 'No.' } }), 'auth', /No\./],
    ['too few rights', () => answer(403, { detail: 'Not you.' }), 'auth', /Not you\./],
    ['a crash', () => answer(500, 'Internal Server Error'), 'api', /answered 500: Internal Server Error/],
  ])('says %s in words, with a next step', async (_, failure, kind, message) => {
    const { connection } = script([failure], { stop: AbortSignal.abort() });
    const error = await errorOf(send(connection, READ));
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message), hint: expect.stringMatching(/\w/) });
  });

  it('never follows a redirect, so the credential goes nowhere else', async () => {
    const { connection, sent } = script([() => answer(302, '', { location: 'https://evil.example/key/list' })]);
    expect(await errorOf(send(connection, READ))).toMatchObject({ message: expect.not.stringContaining('evil') });
    expect(sent.length).toBe(1);
  });

  it('has the facts for scripts', async () => {
    const { connection } = script([() => answer(400, { error: { message: 'x', type: 'bad_request_error' } })]);
    expect(await errorOf(send(connection, READ))).toMatchObject({
      facts: { status: 400, code: 'invalid', type: 'bad_request_error', path: '/key/info' },
    });
  });

  it('shows neither the credential nor what was sent, though the server repeats them', async () => {
    const secret = new Secret('plain master key');
    const said = { error: { message: `Malformed API Key plain master key; body {"key":"sk-own-secret"}` } };
    const { connection } = script([() => answer(400, said)], { secret });
    const error = await errorOf(send(connection, WRITE));
    expect(error).toMatchObject({ message: expect.not.stringMatching(/plain master key|own-secret/) });
  });

  it('that is a bug is thrown as it is', async () => {
    for (const bug of [new TypeError('x is not a function'), 'a text']) {
      const { connection } = script([() => Promise.reject(bug)]);
      expect(await errorOf(send(connection, READ))).toBe(bug);
    }
  });

  it('of an abort is its reason', async () => {
    const reason = new VkeysError('interrupted', 'Interrupted.', 'Run it again.');
    const { connection } = script([cut('unknown')], { signal: AbortSignal.abort(reason) });
    expect(await errorOf(send(connection, READ))).toBe(reason);
  });
});

it('traces every attempt once: method, path, status and time, and no secret', async () => {
  let clock = NOW.getTime();
  const now = (): Date => new Date((clock += 5));
  const { connection, traces } = script([() => answer(503, {}), cut('unknown'), () => answer(200, '<html>')], {
    now,
  });
  await errorOf(send(connection, { ...READ, query: { key: 'sk-secret-in-query' } }));
  expect(traces).toMatchObject([
    { method: 'GET', path: '/key/info', status: 503, milliseconds: 5 },
    { method: 'GET', path: '/key/info', status: 'network', milliseconds: 5 },
    { method: 'GET', path: '/key/info', status: 200, milliseconds: 5 },
  ]);
  expect(JSON.stringify(traces)).not.toContain('sk-');
});
