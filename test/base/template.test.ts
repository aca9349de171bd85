import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { fill, literal, placeholdersOf } from '../../src/base/template.ts';

describe('templates', () => {
  test('name their placeholders once, in order', () => {
    expect(placeholdersOf('{b}-{a}-{b}-{{c}}-{First Name}')).toEqual(['b', 'a', 'First Name']);
    expect(placeholdersOf('plain')).toEqual([]);
  });

  test('are filled; names without a value stay, doubled and lone braces are literal', () => {
    expect(fill('{a}/{b}/{{a}}/{/}/{{{a}}}', { a: '1' })).toBe('1/{b}/{a}/{/}/{1}');
  });

  test('take nothing from the prototype, and a value is not filled again', () => {
    expect(fill('{constructor}{a}', { a: '{b}', b: '2' })).toBe('{constructor}{b}');
  });

  test('can be made of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fill(literal(text), { a: 'x' })).toBe(text);
      }),
    );
  });
});
