import { expect, test } from 'vitest';
import { digest } from '../../src/base/digest.ts';

test('the order of members does not matter, that of items does', () => {
  expect(digest({ a: 1, b: [{ c: null, d: 'x' }] })).toBe(digest({ b: [{ d: 'x', c: null }], a: 1 }));
  expect(digest(['a', 'b'])).not.toBe(digest(['b', 'a']));
  expect(digest({ a: 1 })).not.toBe(digest({ a: '1' }));
});
