import { expect, it } from 'vitest';
import { ahead, makeClock } from './clock.ts';
import { makeServer, MASTER_KEY, NOW } from './server.ts';

const seconds = (date: Date): number => (date.getTime() - NOW.getTime()) / 1000;

it('lets pauses at the same time pass together, and wakes who waits for less first', async () => {
  const clock = makeClock(NOW);
  const woken: (readonly [string, number])[] = [];
  const nap = async (name: string, milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    woken.push([name, seconds(clock.now())]);
  };
  await Promise.all([nap('long', 60_000), nap('short', 1000).then(() => nap('again', 2000))]);
  expect(woken).toEqual([
    ['short', 1],
    ['again', 3],
    ['long', 60],
  ]);
});

it('ends a pause with its signal, and then no time has passed', async () => {
  const clock = makeClock(NOW);
  const stop = new AbortController();
  const pause = clock.sleep(60_000, stop.signal);
  stop.abort();
  await pause;
  await clock.sleep(1000, AbortSignal.abort());
  await clock.sleep(1000);
  expect(seconds(clock.now())).toBe(1);
});

it('is read differently by who is ahead, and moves for both', () => {
  const clock = makeClock(NOW);
  const fast = ahead(clock, 300_000);
  clock.pass(5000);
  expect([clock.now(), fast()].map(seconds)).toEqual([5, 305]);
});

it('moves with each request to a server, which works when it is asked and dates its answer when it is done', async () => {
  const { clock, fetch } = makeServer({ tick: 3000 });
  const signal = new AbortController().signal;
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const create = (): ReturnType<typeof fetch> =>
    fetch('http://litellm.test/key/generate', {
      method: 'POST',
      headers,
      body: '{"duration":"1m"}',
      signal,
      redirect: 'manual',
    });
  const [first, second] = await Promise.all([create(), create()]);
  const third = await create();
  const dates = [first, second, third].map((answer) => seconds(new Date(answer.headers.get('date') ?? '')));
  expect(dates).toEqual([3, 3, 6]);
  expect(JSON.parse(await third.text())).toMatchObject({ expires: '2026-11-21T10:01:03Z' });
  expect(seconds(clock.now())).toBe(6);
});
