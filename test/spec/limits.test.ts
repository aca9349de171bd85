/** What a small text may ask for, and what is told of one that asks for more. */
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { loadSpecs } from '../../src/spec/load.ts';
import { messagesOf } from './load.ts';

const TOO_MUCH = 'The keys and hand-outs are more than 16 million characters.';
const many = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join(', ');

describe('a spec', () => {
  test.each([
    [
      'metadata of many keys',
      `keys: [{ key_alias: a, roster: { count: 25000 }, metadata: { a: '${'x'.repeat(700)}' } }]`,
    ],
    [
      'a template whose values multiply',
      `keys: [{ key_alias: a, roster: [{ user: u, a: ${'v'.repeat(9000)} }], metadata: { b: '${'{a}'.repeat(9000)}' } }]`,
    ],
    [
      'an alias whose values multiply',
      `keys: [{ key_alias: '${'{a}'.repeat(9000)}', roster: [{ user: u, a: ${'v'.repeat(9000)} }] }]`,
    ],
  ])('of %s is told before it fills the memory', async (_, text) => {
    expect(await messagesOf(text)).toEqual([expect.stringContaining(TOO_MUCH)]);
  });

  test('of hand-outs whose names multiply is told before it fills the memory', async () => {
    const deliver = many(40, (index) => `{ dotenv: 'secrets/{user}/${'x'.repeat(200)}-${String(index)}.env' }`);
    const messages = await messagesOf(`keys: [{ key_alias: a, roster: { count: 1900 } }]\ndeliver: [${deliver}]`);
    expect(messages[0]).toContain(TOO_MUCH);
  });

  test('may ask for 25,000 keys in all its rosters together', async () => {
    const rosters = (count: number): string =>
      `keys: [${many(3, (index) => `{ key_alias: a${String(index)}, roster: { count: ${String(count)} } }`)}]`;
    expect(await messagesOf(rosters(8333))).toEqual([]);
    expect(await messagesOf(rosters(13_000))).toEqual([
      expect.stringContaining('limit: These are more than 25000 keys.'),
    ]);
  });

  test('is not read to the end where it is too big to be composed', async () => {
    expect(await messagesOf('\n'.repeat(800_001))).toEqual([
      expect.stringContaining('limit: The file is too big from here on.'),
    ]);
  });

  test('that is nothing but errors is told of a few', async () => {
    expect(await messagesOf(`keys: []\n${'}'.repeat(60_000)}`)).toHaveLength(20);
  });

  test('that multiplies itself by merging is refused', async () => {
    const big = `x: &a { ${many(2000, (index) => `a${String(index)}: 1`)} }`;
    const keys = Array.from({ length: 2000 }, () => '- <<: *a').join('\n');
    expect((await messagesOf(`${big}\nkeys:\n${keys}`))[0]).toContain('or its aliases multiply it.');
  });

  test('with more than a thousand problems is told of a thousand', async () => {
    expect(await messagesOf(`keys: [${many(1500, () => '{}')}]`)).toHaveLength(1000);
  });

  test('with one problem in many places, by aliases, is told of one', async () => {
    const messages = await messagesOf('x: &a !secret 1\nkeys: [*a, *a]');
    expect(messages.filter((message) => message.includes('!secret'))).toHaveLength(1);
  });

  test('gets no guess from a list that is too long to search', async () => {
    const users = many(300, (index) => `user${String(index)}`);
    const text = `keys: [{ key_alias: a, roster: [${users}], overrides: { user9x: {} } }]`;
    expect(await messagesOf(text)).toEqual([expect.stringMatching(/There is no user "user9x" in the roster\.$/)]);
  });

  test('that cannot be read for a reason of the machine is no diagnostic', async () => {
    const readStdin = () => Promise.reject(new Error('unplugged'));
    await expect(loadSpecs(['-'], { cwd: tmpdir(), env: {}, readStdin })).rejects.toThrow('unplugged');
  });
});

describe('a problem far into a long line', () => {
  const load = async (text: string) => {
    const { diagnostics } = await loadSpecs(['-'], { cwd: tmpdir(), env: {}, readStdin: () => Promise.resolve(text) });
    return diagnostics.map(({ frame, message }) => ({ frame, message }));
  };

  test('is shown with what is near it', async () => {
    const [found] = await load(
      `{"set": "a", "keys": [${many(500, (index) => `{"key_alias": "a${String(index)}"}`)}, {"key_alias": "b", "modles": []}]}`,
    );
    expect(found?.frame).toContain('"key_alias": "b", "modles": []');
    expect(found?.frame.split('\n').every((line) => line.length < 200)).toBe(true);
  });

  test('shows no half of a secret', async () => {
    const secret = `sk-${'Az09'.repeat(500)}`;
    for (const near of [0, 1, 60, 500, 999, 1000, 1001, 1999]) {
      const text = `{"set": "a", "x": "${'-'.repeat(1500)} ${secret}", "y": "${'-'.repeat(near)}", "keys": [], "z": 1}`;
      for (const { frame } of await load(text)) expect(frame).not.toContain('Az09');
    }
  });

  test('has a message that ends', async () => {
    const [found] = await load(`{"set": "a", "keys": [], "deliver": [{"dotenv": "{${'x'.repeat(5000)}}.env"}]}`);
    expect(found === undefined || found.message.length <= 1001).toBe(true);
    const names = await load(
      `keys: [{key_alias: a, roster: [{user: u, ${many(400, (index) => `column${String(index)}: 1`)}}], user_id: '{nobody}'}]\nset: a`,
    );
    expect(names.every(({ message }) => message.length <= 1001)).toBe(true);
    expect(names).toHaveLength(1);
  });
});
