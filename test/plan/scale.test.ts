/** A plan of five times as many keys takes about five times as much work, and not twenty-five times. */
import { expect, it } from 'vitest';
import { desired } from '../support/make.ts';
import { timesAsMuch } from '../support/times-as-much.ts';
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
])('5,000 keys %s', async (_, inputs) => {
  const [few, many] = [inputs(1000), inputs(5000)];
  const ratio = await timesAsMuch(
    () => makeFor(many),
    () => makeFor(few),
    15,
  );
  expect(ratio).toBeLessThan(15);
});

function wishes(count: number, prefix: string, rpm_limit: number | null = null) {
  return names(count, prefix).map((name) => desired({ name, settings: { rpm_limit } }));
}
