import { describe, expect, test } from 'vitest';
import { keysOf, load, messagesOf } from './load.ts';

const metadata = (value: string) => `set: s\nkeys: [{ key_alias: a, metadata: { id: ${value} } }]\n`;

describe('a number that JavaScript cannot hold', () => {
  test.each([
    '12345678901234567890',
    '+1152921504606846977',
    '-0012345678901234567',
    '0x1000000000000001',
    '0o777777777777777777777',
    '9007199254740993.',
    '9007199254740993.0',
    '90071992547409930e-1',
    '1e400',
    '-.1e999',
    '1e-400',
  ])('is an error: %s', async (written) => {
    expect(await messagesOf(metadata(written))).toEqual([
      `2:40 number: No number here can be as long or as large as "${written}": it would become another one.`,
    ]);
  });

  test.each([
    ['0.1000000000000000055511151231257827', 0.1],
    ['9007199254740992', 9_007_199_254_740_992],
    ['+0x10', '+0x10'],
    ['0x10', 16],
    ['1e21', 1e21],
    ['.5', 0.5],
    ['-0', 0],
    ['0e999', 0],
    ['"12345678901234567890"', '12345678901234567890'],
    ['!!str 12345678901234567890', '12345678901234567890'],
  ])('is not %s', async (written, value) => {
    const [key] = await keysOf(`set: s\nkeys: [{ key_alias: a, extra: { id: ${written} } }]\n`);
    expect(key?.extra['id']).toBe(value);
  });

  test('is told where it is, with what to do', async () => {
    const { problems } = await load({
      'spec.json': '{"set": "s", "keys": [{"key_alias": "a", "max_budget": 1E+400}]}',
    });
    expect(problems).toMatchInlineSnapshot(`
      "spec.json:1:56 number: No number here can be as long or as large as "1E+400": it would become another one.
      1 | {"set": "s", "keys": [{"key_alias": "a", "max_budget": 1E+400}]}
        |                                                        ^
      If it is a name, such as an id, put it in quotes. Otherwise make it shorter or smaller."
    `);
  });

  test.each([
    [
      'a list, once for all of its aliases',
      'set: s\nkeys: [{ key_alias: a, metadata: { x: [&n 12345678901234567890, *n, *n] } }]',
      '2:43',
    ],
    ['extra', 'set: s\nkeys: [{ key_alias: a, extra: { x: { y: 1e400 } } }]', '2:41'],
    ['a setting', 'set: s\nkeys: [{ key_alias: a, tpm_limit: 9007199254740993 }]', '2:35'],
    ['a variable', 'set: s\nkeys:\n- key_alias: a\n  rpm_limit: ${ID}', '4:14'],
    ['a variable of Ansible', 'litellm_vkey_alias: a\nlitellm_vkey_max_budget: "12345678901234567890"', '2:26'],
    [
      'JSON in a variable of Ansible',
      `litellm_vkey_alias: a\nlitellm_vkey_metadata: '{"x": [1152921504606846977]}'`,
      '2:24',
    ],
  ])('is found in %s', async (_, text, place) => {
    const found = await messagesOf(text, { env: { ID: '12345678901234567890' } });
    expect(found.filter((message) => message.includes(' number: '))).toEqual([
      expect.stringContaining(`${place} number: `),
    ]);
  });

  test('in a variable is not shown: it may be a secret', async () => {
    const { problems } = await load('set: s\nkeys:\n- key_alias: a\n  rpm_limit: ${ID}', {
      env: { ID: '12345678901234567890' },
    });
    expect(problems).not.toContain('1234567');
  });
});
