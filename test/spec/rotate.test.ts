/** When a spec wants new secrets. */
import { expect, it } from 'vitest';
import { keysOf, messagesOf } from './load.ts';

it.each<[string, string, unknown]>([
  ['nothing', '', undefined],
  ['an age', 'rotate: { every: 60d }', { every: '60d', grace: null, keep_spend: false }],
  ['an age and a grace', 'rotate: { every: 60d, grace: 2h }', { every: '60d', grace: '2h', keep_spend: false }],
  ['no grace', 'rotate: { every: 60d, grace: 0 }', { every: '60d', grace: '0', keep_spend: false }],
  [
    'that spend goes along',
    'rotate: { every: 60d, keep_spend: true }',
    { every: '60d', grace: null, keep_spend: true },
  ],
])('a key may say %s', async (_, member, rotate) => {
  const [key] = await keysOf(`keys: [{ key_alias: a, ${member} }]`);
  expect(key?.rotate).toEqual(rotate);
});

it('a nearer layer says it anew, or that there is none', async () => {
  const keys = await keysOf(
    'defaults: { rotate: { every: 60d, grace: 2h } }\nkeys: [{ key_alias: a }, { key_alias: b, rotate: null }, { key_alias: c, rotate: { every: 1d } }]',
  );
  expect(keys.map(({ rotate }) => rotate?.every)).toEqual(['60d', undefined, '1d']);
});

it.each([
  ['{ grace: 2h }', 'every is missing.'],
  ['{ every: 2 months }', 'every "2 months" is no duration.'],
  ['{ every: 60d, grace: 5 }', 'grace'],
])('%s is refused', async (rotate, message) => {
  expect((await messagesOf(`keys: [{ key_alias: a, rotate: ${rotate} }]`)).join()).toContain(message);
});
