import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, messagesOf } from './load.ts';

const KEYS = 'keys: [{ key_alias: "{user}", roster: [{ user: ada }, { user: Ada }] }]\n';

test('a secret in Vault says where, what and how to log in', async () => {
  const { specs, folder } = await load({
    'spec.yaml': `${KEYS}deliver:
  - vault: { path: 'secret/data/llm/{user}', data: { key: '{key}' } }
  - vault: { path: 'kv/team/data/{user}', for: openai, address: https://vault.example.com/, namespace: /a/b/, auth: { token_file: token } }
  - vault: { path: 'kv/data/{user}', auth: { kubernetes: { role: vkeys } } }
  - vault: kv/data/y{user}
  - vault: { path: 'kv/data/x{user}', auth: { kubernetes: { role: vkeys, mount: clusters/one/ } } }`,
  });
  const usual = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };
  expect(specs[0]?.deliver).toMatchObject([
    {
      to: 'vault',
      path: 'secret/data/llm/{user}',
      secret: 'secret/data/llm/{user}',
      vault: {},
      variables: { key: '{key}' },
    },
    {
      path: 'https://vault.example.com/a/b/kv/team/data/{user}',
      secret: 'kv/team/data/{user}',
      vault: { address: 'https://vault.example.com/', namespace: 'a/b', token_file: join(folder, 'token') },
      variables: { OPENAI_API_KEY: '{key}' },
    },
    { vault: { kubernetes: { role: 'vkeys', mount: 'kubernetes' } }, variables: usual },
    { secret: 'kv/data/y{user}', vault: {}, variables: usual },
    { vault: { kubernetes: { role: 'vkeys', mount: 'clusters/one' } } },
  ]);
});

test.each([
  [
    'path: "secret/llm/{user}"',
    'The path "secret/llm/{user}" has no data/ between the mount and the name.',
    'Write secret/data/llm/{user},',
  ],
  ['path: "v1/secret/llm/{user}"', 'has no data/', 'Write secret/data/llm/{user},'],
  ['path: secret', 'has no data/', 'Write secret/data/llm/{key_alias},'],
  ['path: secret/data', 'has no data/', 'Write secret/data/llm/{key_alias},'],
  ['path: "/secret/data/{user}"', 'has a part that is empty', 'Write it like'],
  ['path: "secret/data/../{user}"', 'or only dots', 'Write it like'],
  ['path: "https://vault/v1/secret/data/{user}"', 'is an address', 'Write address: beside it'],
  ['path: "{user}/data/llm"', 'has a placeholder in its mount', 'Name the mount itself'],
  ['path: "kv/data/{user}", namespace: "team-{user}"', '"team-{user}" is none that Vault has.', 'without placeholders'],
  ['path: "kv/data/{user}", auth: { kubernetes: { role: a, mount: ".." } }', '".." is none', 'without placeholders'],
  ['path: "kv/data/{user}", auth: {}', 'auth names one way to log in.', 'Keep token_file or kubernetes.'],
  ['path: "kv/data/{user}", auth: { token_file: a, kubernetes: { role: b } }', 'auth names one way', 'Keep'],
  ['path: "kv/data/{key}"', "{key} cannot be part of a file's path.", 'Name files by'],
  [
    'path: "kv/data/all", data: { key: "{key}" }',
    'would both be key in "kv/data/all"',
    'Put {key_alias} into the path',
  ],
])('{ %s } is refused where it stands', async (entry, message, hint) => {
  const { problems } = await load({ 'spec.yaml': `${KEYS}deliver:\n  - vault: { ${entry} }` });
  const [first = '', , , , next] = problems.split('\n');
  expect(first).toMatch(/^spec\.yaml:3:5 delivery: /);
  expect([first, next]).toEqual([expect.stringContaining(message), expect.stringContaining(hint)]);
});

test.each([
  ['path: 5', 'type: path has to be text, but it is 5.'],
  ['path: "kv/data/{user}", address: vault', 'value: address'],
  ['path: "kv/data/{user}", datas: { a: b }', 'unknown-field: There is no field "datas" '],
])('{ %s } is none', async (entry, message) => {
  expect((await messagesOf(`${KEYS}deliver:\n  - vault: { ${entry} }`)).join()).toContain(message);
});

test('names that differ in upper and lower case alone are two secrets, and the same at two servers is two', async () => {
  const item = (address: string) => `  - vault: { path: 'kv/data/{user}'${address} }\n`;
  expect(await messagesOf(`${KEYS}deliver:\n${item('')}${item(', address: https://other')}`)).toEqual([]);
});

test('a name may not choose a folder', async () => {
  const keys = 'keys: [{ key_alias: "{n}", roster: [{ n: 1, user: a/b }] }]\n';
  const [problem] = await messagesOf(`${keys}deliver: [{ vault: { path: "kv/data/{user}" } }]`);
  expect(problem).toContain('{user} is "a/b" for the key "1", which cannot be part of');
});
