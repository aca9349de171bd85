import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../../src/base/errors.ts';
import type { Fetch } from '../../../src/litellm/http/fetch.ts';
import { startPace } from '../../../src/litellm/http/pace.ts';
import { send, type Connection, type Request } from '../../../src/litellm/http/request.ts';
import { readRetryAfter, retryDelay } from '../../../src/litellm/http/retry.ts';
import { answer, connect, NOW } from '../../support/make.ts';

it.each([
  ['seconds', '7', 7000],
  ['a fraction', '0.25', 250],
  ['nothing', '0', 0],
  ['a date', 'Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
  ['a date that has passed', 'Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ['less than nothing', '-5', 0],
  ['an hour, of which it takes two minutes', '3600', 120_000],
  ['a year', 'Sun, 21 Nov 2027 10:00:00 GMT', 120_000],
])('reads how long the server asks to wait: %s', (_, asked, wait) => {
  expect(readRetryAfter(asked, NOW)).toBe(wait);
});

it.each([[null], [''], [' '], ['soon'], ['Infinity']])('reads no wait in %j', (asked) => {
  expect(readRetryAfter(asked, NOW)).toBeNull();
});

it('waits twice as long each time, on top of what the server asks for', () => {
  expect([1, 2, 3, 4, 10].map((attempts) => retryDelay(attempts, null, () => 1))).toEqual([
    300, 600, 1200, 2400, 10_000,
  ]);
  expect(retryDelay(2, 7000, () => 1)).toBe(7600);
});

it('spreads many clients over half of the delay', () => {
  expect([0, 0.5, 1].map((random) => retryDelay(1, null, () => random))).toEqual([150, 225, 300]);
});

const READ: Request = { method: 'GET', path: '/key/info' };

/** Clients of one server on a clock that moves only by waiting; \`fetch\` gets the milliseconds that have passed. */
function waiting(fetch: (path: string, passed: number) => ReturnType<Fetch>) {
  let passed = 0;
  const now = (): Date => new Date(NOW.getTime() + passed);
  const sleep = (milliseconds: number): Promise<void> => {
    passed += milliseconds;
    return Promise.resolve();
  };
  const sent: string[] = [];
  const connection: Connection = connect(
    (url) => {
      const { pathname } = new URL(url);
      sent.push(pathname);
      return fetch(pathname, passed);
    },
    { now, sleep, pace: startPace({ most: 8, now: () => now().getTime(), sleep }) },
  );
  return { connection, sent, passed: () => passed };
}

const busy = (): ReturnType<Fetch> => answer(503, { detail: 'Service Unavailable' });
const fine = (): ReturnType<Fetch> => answer(200, {});

describe('patience', () => {
  it('outlasts a restart of a server that has answered before', async () => {
    const { connection, passed } = waiting((_, at) => (at > 0 && at < 50_000 ? busy() : fine()));
    await send(connection, READ);
    await connection.sleep(1, connection.stop);
    await send(connection, READ);
    expect(passed()).toBeGreaterThan(50_000);
  });

  it('ends a minute after the last answer, and then sooner for those who come later', async () => {
    const { connection, sent, passed } = waiting((path) => (path === '/ping' ? fine() : busy()));
    await send(connection, { ...READ, path: '/ping' });
    await expect(send(connection, READ)).rejects.toBeInstanceOf(VkeysError);
    const first = passed();
    expect(first).toBeGreaterThan(60_000);
    const asked = sent.length;
    await expect(send(connection, READ)).rejects.toBeInstanceOf(VkeysError);
    expect(sent.length - asked).toBe(5);
    expect(passed() - first).toBeLessThan(4000);
  });

  it('lasts as long as others are answered', async () => {
    let left = 40;
    const { connection } = waiting((path) => (path === '/ping' || (left -= 1) < 0 ? fine() : busy()));
    const others = setInterval(() => void send(connection, { ...READ, path: '/ping' }), 0);
    const sleep: Connection['sleep'] = async (...wait) => {
      await connection.sleep(...wait);
      await new Promise((resolve) => setTimeout(resolve, 2));
    };
    await send({ ...connection, sleep }, READ);
    clearInterval(others);
    expect(left).toBe(-1);
  });

  it('ends after twenty attempts, whatever the clock says', async () => {
    const { connection, sent } = waiting((path) => (path === '/ping' ? fine() : busy()));
    const still = { ...connection, sleep: () => Promise.resolve() };
    await send(still, { ...READ, path: '/ping' });
    await expect(send(still, READ)).rejects.toBeInstanceOf(VkeysError);
    expect(sent.length - 1).toBe(20);
  });
});
