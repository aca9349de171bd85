/** The pace on a server that is simulated, event by event, so that its speed is exact and the test takes no time. */
import { setImmediate as turnOfEvents } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startPace, type Pace } from '../../../src/litellm/http/pace.ts';

/** Milliseconds for the way there and back and for the work, and how much work is done at once; above \`limit\` it refuses. */
type Shape = { readonly way: number; readonly work: number; readonly workers: number; readonly limit?: number };

type Run = { readonly milliseconds: number; readonly refused: number; readonly most: number };

/** Sends so many requests, each until it is answered, at the pace or at a fixed number of them at once. */
async function run(shape: Shape, requests: number, fixed: number | null): Promise<Run> {
  let time = 0;
  const events: { readonly at: number; readonly happen: () => void }[] = [];
  const after = (milliseconds: number): Promise<void> =>
    new Promise((happen) => {
      const at = time + milliseconds;
      const place = events.findLastIndex((event) => event.at <= at);
      events.splice(place + 1, 0, { at, happen });
    });
  const free = Array.from({ length: shape.workers }, () => 0);
  let inside = 0;
  let most = 0;
  let refused = 0;

  async function request(): Promise<boolean> {
    inside += 1;
    most = Math.max(most, inside);
    try {
      if (inside > (shape.limit ?? Infinity)) {
        await after(shape.way);
        return false;
      }
      const worker = free.indexOf(Math.min(...free));
      const begun = Math.max(time + shape.way / 2, free[worker] ?? 0);
      free[worker] = begun + shape.work;
      await after(begun + shape.work + shape.way / 2 - time);
      return true;
    } finally {
      inside -= 1;
    }
  }

  const pace = startPace({ most: 32, now: () => time, sleep: after });
  const turn: Pace['turn'] = fixed === null ? pace.turn : await fixedTurn(fixed);
  const progress = { left: requests };
  const all = Array.from({ length: requests }, () =>
    turn(async () => {
      for (;;) {
        const sent = time;
        if (await request()) {
          pace.answered('/key/generate', time - sent);
          break;
        }
        refused += 1;
        pace.overloaded(sent, null);
        await after(200);
      }
      progress.left -= 1;
    }),
  );
  while (progress.left > 0) {
    await turnOfEvents();
    const event = events.shift();
    if (event === undefined) continue;
    time = event.at;
    event.happen();
  }
  await Promise.all(all);
  return { milliseconds: time, refused, most };
}

async function fixedTurn(size: number): Promise<Pace['turn']> {
  const { default: pLimit } = await import('p-limit');
  return pLimit(size);
}

const SHAPES: readonly (readonly [string, Shape])[] = [
  ['one worker beside us', { way: 1, work: 20, workers: 1 }],
  ['one worker that does four things at once', { way: 1, work: 60, workers: 4 }],
  ['one worker far away', { way: 150, work: 15, workers: 1 }],
  ['many workers', { way: 20, work: 60, workers: 24 }],
  ['a fast one', { way: 0, work: 2, workers: 1 }],
];

describe('the pace', () => {
  it.each(SHAPES)('is not slower than eight at once: %s', async (_, shape) => {
    const [paced, fixed] = [await run(shape, 200, null), await run(shape, 200, 8)];
    expect(paced.milliseconds / fixed.milliseconds).toBeLessThan(1.05);
  });

  it('uses many workers', async () => {
    const shape = { way: 20, work: 60, workers: 24 };
    const [paced, fixed] = [await run(shape, 400, null), await run(shape, 400, 8)];
    expect(paced.milliseconds / fixed.milliseconds).toBeLessThan(0.6);
  });

  it('lets few requests wait in a server that is busy with one', async () => {
    expect((await run({ way: 1, work: 20, workers: 1 }, 400, null)).most).toBeLessThanOrEqual(12);
  });

  it.each([1, 2, 3])('asks a server too much far less often that refuses more than %i at once', async (limit) => {
    const shape = { way: 1, work: 20, workers: limit, limit };
    const [paced, fixed] = [await run(shape, 200, null), await run(shape, 200, 8)];
    expect(paced.refused).toBeLessThan(fixed.refused / 4);
  });

  it('begins gently, and never goes beyond the number that was asked for', async () => {
    const most: number[] = [];
    for (const asked of [1, 2, 64]) {
      const pace = startPace({ most: asked, now: () => 0, sleep: () => Promise.resolve() });
      let inside = 0;
      let high = 0;
      void Array.from({ length: 100 }, () =>
        pace.turn(() => {
          inside += 1;
          high = Math.max(high, inside);
          return new Promise(() => undefined);
        }),
      );
      await turnOfEvents();
      most.push(high);
    }
    expect(most).toEqual([1, 2, 4]);
  });

  it('begins nothing while the server has asked to wait', async () => {
    let end: () => void = () => undefined;
    const sleep = (): Promise<void> => new Promise((resolve) => (end = resolve));
    const pace = startPace({ most: 8, now: () => 0, sleep });
    pace.overloaded(0, 1000);
    let begun = false;
    const done = pace.turn(() => {
      begun = true;
      return Promise.resolve('done');
    });
    await turnOfEvents();
    expect(begun).toBe(false);
    end();
    expect(await done).toBe('done');
  });

  it('falls once for requests that failed together', async () => {
    let time = 0;
    const pace = startPace({ most: 32, now: () => time, sleep: () => Promise.resolve() });
    time = 10;
    for (let failed = 0; failed < 4; failed += 1) pace.overloaded(5, null);
    let inside = 0;
    void Array.from({ length: 10 }, () =>
      pace.turn(() => {
        inside += 1;
        return new Promise(() => undefined);
      }),
    );
    await turnOfEvents();
    expect(inside).toBe(2);
  });
});
