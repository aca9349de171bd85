import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startClock } from '../../src/base/clock.ts';

const START = Date.parse('2026-11-21T10:00:00.500Z');

/** A client's clock that the test moves, and the server's, which is so far ahead and writes dates without their fractions. */
function world(lead: number) {
  let time = START;
  const clock = startClock(() => new Date(time));
  return {
    clock,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    /** An answer that takes so long there and back. */
    hear: (there: number, back: number, ahead = lead) => {
      const sent = time;
      time += there;
      const date = new Date(Math.floor((time + ahead) / 1000) * 1000);
      time += back;
      clock.heard(date, sent, time);
    },
    error: (ahead = lead) => Math.abs(clock.server().getTime() - time - ahead),
  };
}

describe('the clock of a server', () => {
  it('is ours until the server told its own', () => {
    expect(startClock(() => new Date(START)).server()).toEqual(new Date(START));
  });

  it('is known as well as an answer was quick, and better with each', () => {
    const answers = fc.array(fc.tuple(fc.nat(3000), fc.nat(3000), fc.nat(5000)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: -600_000, max: 600_000 }), answers, (lead, all) => {
        const { clock, hear, pass, error } = world(lead);
        let quickest = Infinity;
        for (const [there, back, pause] of all) {
          pass(pause);
          hear(there, back);
          quickest = Math.min(quickest, there + back);
          expect(error()).toBeLessThanOrEqual((quickest + 1000) / 2);
        }
        expect(clock.server()).toBeInstanceOf(Date);
      }),
    );
  });

  it('follows when it is set meanwhile', () => {
    const { hear, error } = world(0);
    hear(10, 10);
    hear(10, 10, 3_600_000);
    expect(error(3_600_000)).toBeLessThanOrEqual(1000);
  });

  it('is looked at later than a request is made, on each route by what was seen there', () => {
    const { clock } = world(0);
    expect(clock.lag('/a')).toBe(0);
    clock.late('/a', 3000, 0);
    expect([clock.lag('/a'), clock.lag('/b')]).toEqual([3000, 0]);
    clock.late('/a', -1000, 3000);
    expect(clock.lag('/a')).toBe(2500);
  });
});

it.each([1, 4, 32])(
  'learns how late a route looks at the clock from %i requests at once, and stays with it',
  (atOnce) => {
    const clock = startClock(() => new Date(START));
    const looked: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      /* All of them are sent before the first is answered. The server looks 1.5 s late, give or take its seconds. */
      const sent = Array.from({ length: atOnce }, () => clock.lag('/key/update'));
      for (const [index, lag] of sent.entries()) {
        const missed = 1500 + ((index + round) % 2 === 0 ? 400 : -400) - lag;
        looked.push(missed);
        clock.late('/key/update', missed, lag);
      }
    }
    expect(looked.slice(atOnce).filter((missed) => Math.abs(missed) > 2000)).toEqual([]);
  },
);
