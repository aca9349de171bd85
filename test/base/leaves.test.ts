import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { redact, Secret } from '../../src/base/secret.ts';
import { parseJson, sameJson, type Json } from '../../src/base/json.ts';
import { didYouMean, suggest } from '../../src/base/suggest.ts';

it('a secret prints as [secret] wherever it is not revealed on purpose', () => {
  const secret = new Secret('sk-abcdefghijkl');
  const seen = `${String(secret)} ${JSON.stringify({ secret })} ${inspect([secret])} ${inspect(new Map([[secret, { secret }]]))}`;
  expect(seen).not.toContain('abcdef');
  expect(secret.reveal()).toBe('sk-abcdefghijkl');
});

it.each([
  ['sk-abcdefghwXyZ', 'sk-…wXyZ'],
  ['sk-abcdefgh', 'sk-…'],
])('%s is masked as %s', (text, masked) => {
  expect(new Secret(text).masked()).toBe(masked);
});

it('is named by its SHA-256', () => {
  expect(new Secret('sk-1').hash()).toMatch(/^[0-9a-f]{64}$/);
  expect(new Secret('sk-1').hash()).not.toBe(new Secret('sk-2').hash());
});

it('redacts keys, tokens and the given secrets, but no secret that is too short to be one', () => {
  const text = 'sk-abcd sha256~x_y eyJh.eyJz.c2ln hunter22 abc';
  expect(redact(text, [new Secret('hunter22'), new Secret('abc')])).toBe(
    'sk-[secret] sha256~[secret] [secret] [secret] abc',
  );
});

it.each<[Json | undefined, Json | undefined, boolean]>([
  [{ a: 1, b: [2, { c: null }] }, { b: [2, { c: null }], a: 1 }, true],
  [parseJson('0'), parseJson('[-0, -0.0]'), false],
  [parseJson('[0, 0]'), parseJson('[-0, -0.0]'), true],
  [undefined, undefined, true],
  [{ a: null }, {}, false],
  [{ a: 1 }, { b: 1 }, false],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [{}, [], false],
  [1, '1', false],
])('%j is the same JSON as %j: %s', (a, b, same) => {
  expect([sameJson(a, b), sameJson(b, a)]).toEqual([same, same]);
});

it('parses JSON, or says that it is none', () => {
  expect([parseJson('{"a":1}'), parseJson('null'), parseJson('{')]).toEqual([{ a: 1 }, null, undefined]);
});

it.each([
  ['max_budgt', ['max_budget', 'models'], 'max_budget'],
  ['Models', ['max_budget', 'models'], 'models'],
  ['xyz', ['max_budget', 'models'], null],
  ['x', [], null],
])('%s means one of %j: %s', (word, known, meant) => {
  expect(suggest(word, known)).toBe(meant);
  expect(didYouMean(word, known)).toBe(meant === null ? '' : ` Did you mean ${meant}?`);
});
