/** Deliveries with a place for each user who has access to a key. */
import { describe, expect, test } from 'vitest';
import { messagesOf } from './load.ts';

describe('a delivery for each user', () => {
  const messages = (path: string, more = '') =>
    messagesOf(`groups: { lab: [ada, zoe] }
keys:
  - { key_alias: k1, user_id: ada, shared_with: [lab] }
  - { key_alias: k2, shared_with: [lab] }
  - { key_alias: k3 }
deliver: [{ dotenv: { path: '${path}', variables: { ${more} } } }]
`);

  test('is sound where each key has a variable of its own', async () => {
    expect(await messages('out/{each_user}.env', "'{KEY_ALIAS}_KEY': '{key}', WHO: '{each_user}'")).toEqual([]);
    expect(await messages('out/{each_user}-{key_alias}.env', "KEY: '{key}'")).toEqual([]);
  });

  test('is refused where two keys of a user want one variable', async () => {
    expect(await messages('out/{each_user}.env', "KEY: '{key}'")).toEqual([
      expect.stringMatching(/^6:11 delivery: The keys "k1" and "k2" would both be KEY in ".*ada\.env"/),
    ]);
  });

  test.each([
    ['out/all.env', "'{KEY_ALIAS}_{each_user}': '{key}'", '{each_user} is in a variable, and not in the path.'],
    ['out/{each_usr}.env', "'{KEY_ALIAS}': '{key}'", '{each_usr} is no placeholder. Did you mean each_user?'],
    ['out/{each_user}-{key}.env', "'{KEY_ALIAS}': '{key}'", "{key} cannot be part of a file's path."],
  ])('is refused as %s with %s', async (path, variables, message) => {
    expect(await messages(path, variables)).toEqual([expect.stringContaining(message)]);
  });

  test('is refused for a user who is no name for a file, or one of two for a disk', async () => {
    const of = (users: string) =>
      messagesOf(`keys: [{ key_alias: k, shared_with: [${users}] }]\ndeliver: [{ csv: 'out/{each_user}.csv' }]\n`);
    expect(await of('a/b@x.de')).toEqual([
      expect.stringContaining('{each_user} is "a/b@x.de" for the key "k", which cannot be part of a file\'s name.'),
    ]);
    expect(await of('ada@x.de, Ada@x.de')).toEqual([expect.stringContaining('are one file on many disks.')]);
  });

  test('is refused where a file would be that of two users', async () => {
    const of = (...paths: readonly string[]) =>
      messagesOf(
        `keys: [{ key_alias: x-y, user_id: ada }, { key_alias: y, user_id: ada-x }]
deliver: [${paths.map((path, index) => `{ dotenv: { path: 'out/${path}', variables: { '{KEY_ALIAS}_${index}': '{key}' } } }`).join(', ')}]
`,
      );
    const two = [expect.stringMatching(/ delivery: ".*ada-x-y\.env" would be a file of both "ada" and "ada-x"\.$/)];
    expect(await of('{each_user}-{key_alias}.env')).toEqual(two);
    expect(await of('ada-x-y.env')).toEqual([]);
    expect(await of('{each_user}/{key_alias}.env')).toEqual([]);
    /* Another delivery that has the file for nobody in particular hides neither. */
    expect(await of('ada-{key_alias}.env', '{each_user}-{key_alias}.env')).toEqual(two);
  });

  test('leaves its placeholder to no column of a roster', async () => {
    expect(await messagesOf('keys: [{ key_alias: k, roster: [{ user: a, each_user: b }] }]')).toEqual([
      '1:55 roster: The column each_user has the name of a placeholder that means something else.',
    ]);
  });
});
