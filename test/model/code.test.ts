import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_BYTES, isCode, makeCode, readCode, type Code } from '../../src/model/code.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const code: fc.Arbitrary<Code> = fc
  .tuple(fc.integer({ min: 1, max: 999_999 }), fc.uint8Array({ minLength: CODE_BYTES, maxLength: CODE_BYTES }))
  .map(([seat, bytes]) => makeCode(seat, bytes));
/** Where in a text characters of the code stand. */
const placesIn = (text: string): readonly number[] =>
  Array.from(text).flatMap((character, index) => (character === '-' ? [] : [index]));

describe('a code', () => {
  it('looks like one, and has 55 random bits', () => {
    expect(
      makeCode(
        17,
        Uint8Array.from({ length: CODE_BYTES }, (_, index) => index * 23),
      ),
    ).toMatchInlineSnapshot(`
      {
        "seat": 17,
        "text": "17-0QE5-WKA1-RF6D",
      }
    `);
    const of = (bytes: readonly number[]): string => makeCode(1, Uint8Array.from(bytes)).text;
    const zeros = Array.from({ length: CODE_BYTES }, () => 0);
    /* Each byte gives five bits of its own: 32 characters at each of eleven places. */
    for (const place of zeros.keys()) {
      const texts = new Set(Array.from({ length: 256 }, (_, byte) => of(zeros.with(place, byte))));
      expect(texts.size).toBe(32);
    }
  });

  it('is read as it was written, in small letters, with look-alikes, and with other dashes and blanks or none', () => {
    fc.assert(
      fc.property(code, fc.constantFrom('', ' ', '–', '\u2011', ' - ', '\u200B', '.'), (made, between) => {
        const spoilt = made.text
          .replaceAll('-', between)
          .replaceAll('0', 'o')
          .replaceAll('1', 'l')
          .toLowerCase()
          .replace('l', 'I');
        expect(readCode(made.text)).toEqual(made);
        expect(readCode(`  ${spoilt}\n`)).toEqual(made);
        expect(readCode(`00${made.text}`)).toEqual(made);
      }),
      { numRuns: 500 },
    );
  });

  it('shows every single wrong character', () => {
    fc.assert(
      fc.property(code, fc.nat(), fc.nat(), ({ text }, place, other) => {
        const places = placesIn(text);
        const at = places[place % places.length] ?? 0;
        const wrong = ALPHABET[other % 32] ?? '';
        fc.pre(wrong !== text[at]);
        expect(isCode(readCode(text.slice(0, at) + wrong + text.slice(at + 1)))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows every pair of neighbours that are swapped', () => {
    fc.assert(
      fc.property(code, fc.nat(), ({ text }, place) => {
        const bare = text.replaceAll('-', '');
        const at = place % (bare.length - 1);
        fc.pre(bare[at] !== bare[at + 1]);
        const swapped = `${bare.slice(0, at)}${bare[at + 1] ?? ''}${bare[at] ?? ''}${bare.slice(at + 2)}`;
        expect(isCode(readCode(swapped))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['', { is: 'short' }],
    ['K7QW-M9XP-RT4H', { is: 'short' }],
    ['0-K7QW-M9XP-RT4H', { is: 'short' }],
    ['17-K7QW-M9XP-RT4H-AAAA', { is: 'long' }],
    ['1234567-K7QW-M9XP-RT4H', { is: 'long' }],
    ['17-K7QW-M9XP-RT4!', { is: 'character', character: '!' }],
    ['17-K7QW-M9XP-RT4U', { is: 'character', character: 'U' }],
    ['17-K7QW-M9XP-ß😀', { is: 'character', character: '😀' }],
    ['17-0QE5-WKA1-RF6J', { is: 'mistyped' }],
  ])('is not %j', (typed, why) => {
    expect(readCode(typed)).toEqual(why);
  });
});
