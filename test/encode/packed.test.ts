import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson, sameJson, stringifyJson, type JsonObject } from '../../src/base/json.ts';
import { startPacking, unpack } from '../../src/encode/packed.ts';

test('an object that was packed is the same again, in the same order', () => {
  const pack = startPacking();
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = JSON.stringify(value);
      expect(stringifyJson(unpack(pack(JSON.parse(text) as JsonObject)))).toBe(text);
    }),
  );
  const numerals = parseJson('{"id": 12345678901234567890, "in": [1e400], "__proto__": 1}') as JsonObject;
  expect(sameJson(unpack(pack(numerals)), numerals)).toBe(true);
});

test('objects of one form share their names', () => {
  const pack = startPacking();
  expect(pack({ a: 1, b: 2 }).names).toBe(pack({ a: 3, b: 4 }).names);
  expect(pack({ a: 1, b: 2 }).names).not.toBe(pack({ b: 1, a: 2 }).names);
});
