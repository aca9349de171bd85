import { expect, it } from 'vitest';
import { fingerprint } from '../../src/base/fingerprint.ts';

it('is the same for the same texts in any order, and 16 bits long', () => {
  expect(
    fingerprint([
      ['/a', 'x'],
      ['/b', 'y'],
    ]),
  ).toBe(
    fingerprint([
      ['/b', 'y'],
      ['/a', 'x'],
    ]),
  );
  expect(fingerprint([['/a', 'x']])).toMatch(/^[0-9a-f]{4}$/);
});

it('differs by text and by place', () => {
  const all = [
    fingerprint([]),
    fingerprint([['/a', 'x']]),
    fingerprint([['/a', 'y']]),
    fingerprint([['/b', 'x']]),
    fingerprint([
      ['/a', 'x'],
      ['/b', 'y'],
    ]),
    fingerprint([
      ['/a', 'y'],
      ['/b', 'x'],
    ]),
  ];
  expect(new Set(all).size).toBe(all.length);
});

it('is slow for a new text, and takes no time for a known one', () => {
  const time = (text: string): number => {
    const started = performance.now();
    fingerprint([['/a', text]]);
    return performance.now() - started;
  };
  const first = time('a text that nobody else has');
  const again = time('a text that nobody else has');
  expect(first).toBeGreaterThan(1);
  expect(again).toBeLessThan(first / 2);
});
