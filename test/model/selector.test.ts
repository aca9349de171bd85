import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { isNamed, passes, selectorOf } from '../../src/model/selector.ts';
import { live, NOW } from '../support/make.ts';

const SECRET = 'sk-M4JxwEgV7kFIUoyt6ESGw4TQ';
const HASH = createHash('sha256').update(SECRET).digest('hex');

describe('a word of the command line is', () => {
  it.each([
    ['lab-ada', 'alias', 'lab-ada'],
    ['team/app', 'alias', 'team/app'],
    ['my-sk-team', 'alias', 'my-sk-team'],
    ['1234567', 'alias', '1234567'],
    ['lab-*', 'glob', 'lab-*'],
    ['*', 'glob', '*'],
    ['lab-?', 'glob', 'lab-?'],
    [HASH, 'hash', HASH],
    [HASH.toUpperCase(), 'hash', HASH],
    [HASH.slice(0, 8), 'beginning', HASH.slice(0, 8)],
    [HASH.slice(0, 63), 'beginning', HASH.slice(0, 63)],
    ['20261130', 'beginning', '20261130'],
    ['sk-...w4TQ', 'mask', 'w4TQ'],
    ['sk-…w4TQ', 'mask', 'w4TQ'],
    ['…w4TQ', 'mask', 'w4TQ'],
    ['...w4TQ', 'mask', 'w4TQ'],
    ['sk-M4Jx…w4TQ', 'mask', 'w4TQ'],
    ['sk-****w4TQ', 'mask', 'w4TQ'],
    ['sk-...-_w4', 'mask', '-_w4'],
  ])('%s: %s', (word, is, text) => {
    expect(selectorOf(word)).toMatchObject({ is, text });
    expect(selectorOf(` ${word}\t`)).toEqual(selectorOf(word));
  });

  it.each([
    SECRET,
    `  ${SECRET}\n`,
    `"${SECRET}"`,
    `'${SECRET}',`,
    `Bearer ${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
    `OPENAI_API_KEY=${SECRET}`,
    `export OPENAI_API_KEY="${SECRET}"`,
    `OPENAI_API_KEY: ${SECRET}`,
    `{"key":"${SECRET}","key_name":"x"}`,
    `curl -H 'x-api-key: ${SECRET}' https://litellm.example.com`,
    `“${SECRET}”`,
    `‘${SECRET}’`,
    `„${SECRET}“`,
    `«${SECRET}»`,
    `<${SECRET}>`,
    `https://litellm.example.com/key/${SECRET}?x=1`,
    `api_key：${SECRET}`,
    `key=>${SECRET}`,
    `|${SECRET}|`,
    `\u200B${SECRET}`,
    `Bearer%20${SECRET}`,
    `\\${SECRET}`,
  ])('a secret, whatever is around it: %s', (word) => {
    const selector = selectorOf(word);
    expect(selector).toEqual({ is: 'secret', text: HASH, label: 'sk-…w4TQ' });
    expect(JSON.stringify(selector)).not.toContain(SECRET);
  });

  it.each([
    'sk-...TQ',
    'sk-…',
    '...w4TQx',
    'sk-****',
    '',
    '  ',
    `${SECRET} ${SECRET}x`,
    'eyJhbGciOi.eyJzdWIi.c2ln',
    'sha256~abcdef',
  ])('nothing that anybody could mean: %j', (word) => {
    expect(() => selectorOf(word)).toThrow(VkeysError);
  });

  it('and whatever begins like a key is never told of', () => {
    const tail = fc.string({
      minLength: 12,
      maxLength: 40,
      unit: fc.constantFrom(...'abcXYZ019-_.~+/!$%&#@|<>\\^*?'.split('')),
    });
    fc.assert(
      fc.property(tail, (text) => {
        let said: string;
        try {
          said = JSON.stringify(selectorOf(`sk-${text}`));
        } catch (error) {
          said = error instanceof VkeysError ? error.message + error.hint : 'a bug';
        }
        expect(said).not.toContain(text);
      }),
    );
  });
});

describe('a word names', () => {
  const key = live({ id: HASH, name: 'lab-ada', key_name: 'sk-...w4TQ' });
  const others = [live({ name: 'lab-bob', key_name: 'sk-...aaaa' }), live({ name: null, key_name: null })];

  it.each([
    'lab-ada',
    'lab-a*',
    'lab-?da',
    HASH,
    HASH.slice(0, 8),
    HASH.slice(0, 8).toUpperCase(),
    'sk-...w4TQ',
    '…w4TQ',
    SECRET,
  ])('the key and no other: %s', (word) => {
    expect([key, ...others].filter((each) => isNamed(selectorOf(word), each))).toEqual([key]);
  });

  it('an alias that may be the beginning of a hash', () => {
    expect(isNamed(selectorOf('20261130'), live({ name: '20261130' }))).toBe(true);
  });
});

it.each([
  [{}, true],
  [{ set: 'ws' }, true],
  [{ set: 'other' }, false],
  [{ user: 'ada' }, true],
  [{ user: 'bob' }, false],
  [{ team: 'red' }, true],
  [{ team: 'blue' }, false],
  [{ status: 'active' }, true],
  [{ status: 'expired' }, false],
  [{ set: 'ws', status: 'blocked' }, false],
] as const)('the filter %j lets a key pass: %s', (filter, expected) => {
  expect(passes(filter, live({ settings: { user_id: 'ada', team_id: 'red' } }), NOW)).toBe(expected);
});
