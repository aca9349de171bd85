/** A plan of many keys takes no longer than reading them. */
import { expect, it } from 'vitest';
import { desired } from '../support/make.ts';
import { liveKey, made, makeFor } from './planned.ts';

const COUNT = 3000;
const names = (prefix: string): readonly string[] =>
  Array.from({ length: COUNT }, (_, index) => `${prefix}${String(index)}`);

it.each([
  [
    'with new names and other settings',
    () => ({ wanted: wishes('new', 9), lives: names('old').map((name) => liveKey(name)) }),
  ],
  ['that all vanished', () => ({ wanted: wishes('old'), lines: made(names('old')) })],
  [
    'that are all there',
    () => ({ wanted: wishes('old'), lives: names('old').map((name) => liveKey(name)), lines: made(names('old')) }),
  ],
])('3,000 keys %s', (_, inputs) => {
  const given = inputs();
  const begin = performance.now();
  makeFor(given);
  expect(performance.now() - begin).toBeLessThan(3000);
});

function wishes(prefix: string, rpm_limit: number | null = null) {
  return names(prefix).map((name) => desired({ name, settings: { rpm_limit } }));
}
