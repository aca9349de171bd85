import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isObject, parseJson, readJson, sameJson, stringifyJson, type Json } from '../../src/base/json.ts';
import { isHeld, isNumeral } from '../../src/base/numeral.ts';
import { csvText } from '../../src/encode/csv.ts';
import { jsonText } from '../../src/encode/json.ts';
import { yamlText } from '../../src/encode/yaml.ts';
import { valueText } from '../../src/view/value.ts';

const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${String(most)}}$`));
const whole = digits(40).map((text) => text.replace(/^0+(?=.)/, ''));
/** Numbers as JSON may write them, many of them at the limits of a double. */
const number = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
  fc.bigInt().map(String),
  fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }).map(String),
  fc.constantFrom('-0', '-0.0', '0e5', '1E400', '-1e400', '1e-400', '9007199254740993.0', `0.${'0'.repeat(400)}1`),
  fc
    .tuple(fc.constantFrom('', '-'), whole, fc.option(digits(40)), fc.option(fc.integer({ min: -420, max: 420 })))
    .map(([sign, before, after, power]) => {
      const exponent = power === null ? '' : `${power % 2 === 0 ? 'e' : 'E'}${power > 300 ? '+' : ''}${String(power)}`;
      return `${sign}${before}${after === null ? '' : `.${after}`}${exponent}`;
    }),
);
const name = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'valueOf', 'toJSON', 'isLosslessNumber'),
);
/** Texts of any JSON, with blanks. */
const { text } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    fc.oneof(name, fc.string({ unit: 'grapheme' })).map((value) => JSON.stringify(value)),
    fc.constantFrom('null', 'true', 'false', '[ ]', '{}'),
    fc.array(tie('text'), { maxLength: 4 }).map((items) => `[${items.join(' ,\n')}]`),
    fc
      .array(fc.tuple(name, tie('text')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(',')} }`),
  ),
}));

/** The numbers of a JSON text, in order. */
function numbersIn(json: string): readonly string[] {
  return Array.from(json.matchAll(/"(?:[^"\\]|\\.)*"|(-?\d[-+.\deE]*)/g), ([, found]) => found).filter(
    (found) => found !== undefined,
  );
}

/** Two texts mean the same number to a reader that, like Python, has whole numbers of any length. */
function meansTheSame(a: string, b: string): boolean {
  const isWhole = (written: string) => /^-?\d+$/.test(written);
  return isWhole(a) && isWhole(b)
    ? BigInt(a) === BigInt(b)
    : a === b || (Number(a) === Number(b) && Number.isFinite(Number(a)));
}

describe('numbers that JavaScript cannot hold', () => {
  test('are written as they were read, and all others mean what they meant', () => {
    fc.assert(
      fc.property(text, (json) => {
        const read = numbersIn(withoutDoubles(json));
        const written = numbersIn(stringifyJson(parseJson(json)));
        expect(written.filter((each, index) => !meansTheSame(each, String(read[index])))).toEqual([]);
        expect(written).toHaveLength(read.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('change nothing about the rest of a text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.json(),
          fc.string(),
          fc.tuple(text, text).map(([a, b]) => a + b),
        ),
        (json) => {
          const [odd, plain] = [parseJson(`[${json},1e400]`), parseJson(`[${json},0]`)];
          expect(odd === undefined).toBe(plain === undefined);
          if (Array.isArray(odd) && Array.isArray(plain))
            expect(sameJson(odd.slice(0, -1), plain.slice(0, -1))).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  const held = ['1', '-0', '0.1000000000000000055511151231257827', '9007199254740992', '1e21', '1e-300', '0e999'];
  const lost = [
    '9007199254740993',
    '1152921504606846977',
    '1152921504606846976',
    '-12345678901234567890',
    '1e400',
    '1e-400',
  ];

  test.each([...held.map((each) => [each, true] as const), ...lost.map((each) => [each, false] as const)])(
    '%s is held as it is: %s',
    (written, isSo) => {
      const value = parseJson(`{"a":${written}}`);
      expect(isHeld(written)).toBe(isSo);
      expect(isObject(value) && isNumeral(value['a'])).toBe(!isSo);
    },
  );

  it.each(lost)('%s is the same as itself only, no mapping, and shown as written', (written) => {
    const [value = null, again] = [parseJson(written), parseJson(written)];
    expect([sameJson(value, again), sameJson(value, Number(written)), sameJson(value, written)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(sameJson(value, parseJson(`${written.replace('e', '0e')}1`))).toBe(false);
    expect(isObject(value)).toBe(false);
    expect(valueText('metadata.id', value, new Date())).toBe(written);
    expect(valueText('metadata.id', { id: [value] }, new Date())).toBe(`{"id":[${written}]}`);
    expect(csvText([{ id: value, ids: [1, value], in: { id: value } }])).toMatch(
      `${written},"1,${written}","{""id"":${written}}"\n`,
    );
    expect(jsonText({ a: [{ id: value }] })).toBe(`{\n  "a": [\n    {\n      "id": ${written}\n    }\n  ]\n}\n`);
    expect(yamlText({ a: [{ id: value }] })).toBe(`a:\n  - id: ${written}\n`);
  });

  it('cannot be feigned by an object', () => {
    const feigned: Json = { value: '1', isLosslessNumber: true };
    expect(isObject(feigned)).toBe(true);
    expect(stringifyJson(feigned)).toBe('{"value":"1","isLosslessNumber":true}');
  });
});

/** Of members with one name only the last counts, so only its numbers are left. */
function withoutDoubles(json: string): string {
  return JSON.stringify(
    JSON.parse(
      json.replaceAll(/("(?:[^"\\]|\\.)*")|(-?\d[-+.\deE]*)/g, (_, quoted, found) => {
        return typeof quoted === 'string' ? quoted : `"\\u0000${String(found)}"`;
      }),
    ),
  ).replaceAll(/"\\u0000(-?\d[-+.\deE]*)"/g, '$1');
}

describe('readJson', () => {
  it.each([
    ['nothing', '', 'not JSON'],
    ['a text that ends early', '{"a":', 'not JSON'],
    ['a number that JSON does not have', '[01, 1e400]', 'not JSON'],
    ['101 levels', `${'['.repeat(101)}${']'.repeat(101)}`, 'excessive'],
    ['100,001 brackets', `[${'[],'.repeat(100_000)}1]`, 'excessive'],
    ['101 levels beside quotes', `["\\\\\\"[",${'['.repeat(100)}`, 'excessive'],
  ])('tells of %s that it is %s', (_, json, fault) => {
    expect(readJson(json)).toEqual({ fault });
  });

  it('has the value of everything else, null too', () => {
    expect([readJson('null'), readJson(' [1] ')]).toEqual([{ value: null }, { value: [1] }]);
  });
});

it.each(['constructor', 'valueOf', 'toString', '__proto__', 'hasOwnProperty', 'length'])(
  'objects with a member %s are compared like others',
  (member) => {
    const object = (value: string) => parseJson(`{"${member}":${value},"b":0}`);
    expect(sameJson(object('{"a":1}'), object('{"a":1}'))).toBe(true);
    expect(sameJson(object('{"a":1}'), object('{"a":2}'))).toBe(false);
    expect(sameJson(object('null'), object('{}'))).toBe(false);
  },
);
