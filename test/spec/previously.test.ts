import { describe, expect, test } from 'vitest';
import { keysOf, load, messagesOf } from './load.ts';

const names = async (text: string): Promise<readonly (readonly [string, readonly string[]])[]> =>
  (await keysOf(text)).map(({ ref, previously }) => [ref.name, previously]);

describe('previously', () => {
  test('is nothing, one name, or several', async () => {
    expect(
      await names(`keys:
- { key_alias: a }
- { key_alias: b, previously: b0 }
- { key_alias: c, previously: [c0, c1, c0] }
- { key_alias: d, previously: [] }`),
    ).toEqual([
      ['a', []],
      ['b', ['b0']],
      ['c', ['c0', 'c1']],
      ['d', []],
    ]);
  });

  test('is written like key_alias: a template, or what the names of a roster begin with', async () => {
    expect(
      await names(`set: s
keys:
- key_alias: 'lab-{user}-{team}'
  previously: ['lab-{user}', old, '{set}/{key_alias}', 'x{{{user}}}']
  roster: [{ user: ada, team: red }]
- { key_alias: '{set}-bot', previously: 'bot-of-{set}' }`),
    ).toEqual([
      ['lab-ada-red', ['lab-ada', 'old-ada', 's/lab-ada-red', 'x{ada}']],
      ['s-bot', ['bot-of-s']],
    ]);
  });

  test.each([
    [
      'has the name that the key has',
      '{ key_alias: a, previously: [b, a] }',
      '1:40 previously: "a" is what the key is called now.',
    ],
    [
      'has the name that a user has',
      "{ key_alias: 'a', previously: 'a-{user}', roster: [x] }",
      '1:38 previously: "a-x" is what',
    ],
    [
      'names an unknown placeholder',
      "{ key_alias: a, previously: 'a-{user}' }",
      '1:36 placeholder: {user} is no placeholder here.',
    ],
    [
      'names a column that a user lacks',
      "{ key_alias: a, previously: '{t}', roster: [{ user: x, t: 1 }, { user: y }] }",
      'placeholder: The user "y" has no t',
    ],
    [
      'is no text',
      '{ key_alias: a, previously: { a: 1 } }',
      '1:36 type: previously has to be text or a list, but it is a mapping.',
    ],
    [
      'is a list of something else',
      '{ key_alias: a, previously: [[a]] }',
      '1:37 type: previously[0] has to be text, but it is a list.',
    ],
    ['is empty', '{ key_alias: a, previously: "" }', '1:36 value: previously is empty.'],
    ['is no alias', '{ key_alias: a, previously: " b" }', '1:36 alias: The alias " b" begins or ends with a blank.'],
    [
      'is the name of another key',
      '{ key_alias: a, previously: b }, { key_alias: b }',
      '1:8 previously: Another key of the set has the name "b", at spec.yaml:1:41.',
    ],
    [
      'is the former name of another key',
      '{ key_alias: a, previously: c }, { key_alias: b, previously: [d, c] }',
      '1:41 previously: Another key of the set had the name "c", at spec.yaml:1:8.',
    ],
    [
      'is one name for all of a roster',
      "{ key_alias: a, previously: 'lab-{set}', roster: { count: 3 } }",
      '1:8 previously: Another key of the set had the name "lab-spec", at spec.yaml:1:8.',
    ],
  ])('is an error where it %s', async (_, keys, message) => {
    expect(await messagesOf(`keys: [${keys}]`)).toEqual([expect.stringContaining(message)]);
  });

  test('is compared over all files of a set, and over no other', async () => {
    const files = (set: string) => ({
      'a.yaml': 'set: s\nkeys: [{ key_alias: a, previously: b }]',
      'b.yaml': `set: ${set}\nkeys: [{ key_alias: b }]`,
    });
    expect((await load(files('s'))).problems).toContain('Another key of the set has the name "b", at b.yaml:2:8.');
    expect((await load(files('t'))).problems).toBe('');
  });

  test('is not for a single user', async () => {
    const text = 'keys: [{ key_alias: a, roster: [x], overrides: { x: { previously: b } } }]';
    expect(await messagesOf(text)).toEqual([expect.stringContaining('There is no field "previously" here.')]);
  });
});
