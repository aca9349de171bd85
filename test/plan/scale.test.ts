/** A plan of ten times as many keys takes about ten times as long, and not a hundred times. */
import { expect, it } from 'vitest';
import { desired } from '../support/make.ts';
import { quickest } from '../support/quickest.ts';
import { liveKey, made, makeFor } from './planned.ts';

const names = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);

it.each([
  [
    'with new names and other settings',
    (count: number) => ({ wanted: wishes(count, 'new', 9), lives: names(count, 'old').map((name) => liveKey(name)) }),
  ],
  ['that all vanished', (count: number) => ({ wanted: wishes(count, 'old'), lines: made(names(count, 'old')) })],
  [
    'that are all there',
    (count: number) => ({
      wanted: wishes(count, 'old'),
      lives: names(count, 'old').map((name) => liveKey(name)),
      lines: made(names(count, 'old')),
    }),
  ],
])('3,000 keys %s', async (_, inputs) => {
  const [few, many] = [inputs(300), inputs(3000)];
  makeFor(few);
  const [short, long] = [await quickest(() => makeFor(few)), await quickest(() => makeFor(many))];
  expect(long / short).toBeLessThan(40);
});

function wishes(count: number, prefix: string, rpm_limit: number | null = null) {
  return names(count, prefix).map((name) => desired({ name, settings: { rpm_limit } }));
}
