import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, messagesOf } from './load.ts';

const KEYS = `keys: [{ key_alias: a-1 }, { key_alias: b, roster: [{ user: ada, team: red, n: 1 }] }, { key_alias: old, state: absent }]\n`;
const deliver = async (item: string, keys = KEYS) =>
  (await messagesOf(`${keys}deliver: [${item}]`)).map((line) => line.replace(/^\d+:\d+ /, ''));

describe('a delivery', () => {
  test("goes to a path beside the spec's file, with its placeholders", async () => {
    const { specs, folder } = await load({
      'sub/spec.yaml': `${KEYS}deliver:
  - dotenv: "secrets/{key_alias}.env"
  - dotenv: { path: ../all.env, variables: { "{KEY_ALIAS}_KEY": "{key}", "{KEY_ALIAS}_URL": "{api_endpoint}" } }
  - json: keys.json
  - csv: "{set}/{key_id}.csv"`,
    });
    const spec = join(folder, 'sub/spec.yaml');
    expect(specs[0]?.deliver).toEqual([
      {
        to: 'dotenv',
        path: join(folder, 'sub/secrets/{key_alias}.env'),
        variables: { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' },
        spec,
      },
      {
        to: 'dotenv',
        path: join(folder, 'all.env'),
        variables: { '{KEY_ALIAS}_KEY': '{key}', '{KEY_ALIAS}_URL': '{api_endpoint}' },
        spec,
      },
      { to: 'json', path: join(folder, 'sub/keys.json'), spec },
      { to: 'csv', path: join(folder, 'sub/{set}/{key_id}.csv'), spec },
    ]);
  });

  test('is of keys alone: budgets, users, teams and members have nothing to hand out', async () => {
    const people = 'users: [{ user_id: a/b }, { user_id: c }]\nteams: [{ team_alias: t, members: [{ user_id: c }] }]';
    expect(await messagesOf(`${people}\nkeys: [{ key_alias: k, user: c }]\ndeliver: [{ dotenv: .env }]`)).toEqual([]);
    const named = 'keys: [{ key_alias: "{user}", roster: [ada] }]\ndeliver: [{ dotenv: "{key_alias}-{user}.env" }]';
    expect(await messagesOf(`${people}\n${named}`)).toEqual([]);
  });

  test('remembers which file asked for it, and none for stdin', async () => {
    const text = (name: string) => `set: s\nkeys: []\ndeliver: [{ json: ${name}.json }]`;
    const args = ['one.yaml', 'two.yaml', '-'];
    const { specs, folder } = await load(
      { 'one.yaml': text('one'), 'two.yaml': text('two') },
      { args, stdin: text('three') },
    );
    const files = ['one.yaml', 'two.yaml'].map((name) => join(folder, name));
    expect(specs.map((spec) => [spec.files, spec.deliver.map(({ spec: file }) => file)])).toEqual([
      [files, [...files, undefined]],
    ]);
  });

  test.each([
    ['comand: x', ['unknown-field: There is no field "comand" here. Did you mean command?']],
    ['dotenb: x', ['unknown-field: There is no field "dotenb" here. Did you mean dotenv?']],
    ['{}', ['delivery: An item of deliver names one sink.']],
    ['{ json: a, csv: b }', ['delivery: An item of deliver names one sink.']],
    ['{ dotenv: { path: 5 } }', ['type: path has to be text, but it is 5.']],
    ['dotenv: { path: a, variables: { A: "" } }', ['value: A is empty.']],
    ['json', ['type: deliver[0] has to be a mapping, but it is text.']],
    ['dotenv: "{key}.env"', ["delivery: {key} cannot be part of a file's path."]],
    ['dotenv: "{expires}.env"', ["delivery: {expires} cannot be part of a file's path."]],
    ['dotenv: "{key_alia}.env"', ['delivery: {key_alia} is no placeholder. Did you mean key_alias?']],
    ['dotenv: "{team}.env"', ['delivery: The key "a-1" has no {team}.']],
    ['dotenv: { path: "{key_alias}", variables: { A: "{nope}" } }', ['delivery: {nope} is no placeholder.']],
    [
      'dotenv: { path: "{key_alias}", variables: { "{key_alias}": "{key}" } }',
      ['delivery: "a-1" is no name for a variable.'],
    ],
    ['dotenv: { path: "{key_alias}", variables: { "1A": "{key}" } }', ['delivery: "1A" is no name for a variable.']],
    ['json: a.json }, { csv: a.json', [expect.stringMatching(/^delivery: Another delivery writes ".*a\.json" too\.$/)]],
    [
      'dotenv: a.env',
      [expect.stringMatching(/^delivery: The keys "a-1" and "b-ada" would both be OPENAI_API_KEY in ".*a\.env"\.$/)],
    ],
    [
      'dotenv: "{key_alias}.env" }, { dotenv: "{key_alias}.env"',
      [expect.stringMatching(/^delivery: The keys "a-1" and "a-1" would both be/)],
    ],
  ])('%s is refused', async (item, messages) => {
    expect(await deliver(item.startsWith('{') || item === 'json' ? item : `{ ${item} }`)).toEqual(messages);
  });

  test.each([
    ['../x', '{team}/k.env', 'delivery: {team} is "../x" for the key "k-ada", which cannot be part of a file\'s name.'],
    [
      String.raw`a\\b`,
      '{team}.env',
      String.raw`delivery: {team} is "a\b" for the key "k-ada", which cannot be part of a file's name.`,
    ],
    [
      String.raw`a\nb`,
      '{team}.env',
      'delivery: {team} is "a�b" for the key "k-ada", which cannot be part of a file\'s name.',
    ],
    ['..', 'x/{team}/k.env', 'delivery: For the key "k-ada", "{team}" is no file\'s name.'],
    ['', 'x/{team}', 'delivery: For the key "k-ada", "{team}" is no file\'s name.'],
  ])('never leaves its folder by a value like %j', async (team, path, message) => {
    const keys = `keys: [{ key_alias: k, roster: [{ user: ada, team: "${team}" }] }]\n`;
    expect(await deliver(`{ dotenv: "${path}" }`, keys)).toEqual([message]);
  });

  test.each([
    ['{ user: ada, team: a/b }', '{team}', '{KEY_ALIAS} or {user} or {key_id}'],
    ['{ user: a/b }', '{user}', '{KEY_ALIAS} or {key_id}'],
    ['{ user: a/b }', '{key_alias}', '{KEY_ALIAS} or {key_id}'],
  ])('with a slash in a placeholder is answered with others: %s', async (user, placeholder, others) => {
    const { problems } = await load(
      `keys: [{ key_alias: k, roster: [${user}] }]\ndeliver: [{ dotenv: "${placeholder}.env" }]`,
    );
    expect(problems).toContain(`Name the file by ${others}, which has no slashes in it here.`);
  });

  test('that is there twice is answered with one less', async () => {
    const twice = '{ dotenv: "{key_alias}.env" }, { dotenv: "{key_alias}.env" }';
    expect((await load(`${KEYS}deliver: [${twice}]`)).problems).toContain('Keep one of the two deliveries');
    expect((await load(`${KEYS}deliver: [{ dotenv: a.env }]`)).problems).toContain('Put {key_alias} into the path');
  });

  test.each([
    [
      'csv: { path: a, columns: [key] }',
      'The column key_alias is missing: without it nobody knows whose row is whose.',
    ],
    ['csv: { path: a, columns: [key, key_alias, key] }', 'The column key is there twice.'],
    ['csv: { path: a, columns: [key, key_alias, teem] }', 'There is nothing for the column "teem". Did you mean team?'],
    ['text: { path: "{key_alias}.txt", template: none.txt }', 'There is no file none.txt.'],
    ['text: { path: "{key_alias}.txt", template: mail.txt }', '{sat} is no placeholder. Did you mean set?'],
    ['text: { path: all.txt, template: plain.txt }', /^The keys "a-1" and "b-ada" would both be the text in /],
  ])('%s is refused', async (item, message) => {
    const files = { 'mail.txt': 'Dear {sat}', 'plain.txt': '{key}' };
    const { specs, problems } = await load(
      { ...files, 'spec.yaml': `${KEYS}deliver: [{ ${item} }]` },
      { args: ['spec.yaml'] },
    );
    expect(specs).toEqual([]);
    const [line = ''] = problems.split('\n');
    expect(line.replace(/^\S+ delivery: /, '')).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  test('has a text from a file beside the spec, the columns that are asked for, and the variables of a client', async () => {
    const { specs } = await load(
      {
        'mail.txt': 'Dear {key_alias}: {key}, {models} {max_budget}\n',
        'spec.yaml': `${KEYS}deliver:
  - text: { path: "{key_alias}.txt", template: mail.txt }
  - csv: { path: a.csv, columns: [team, key_alias, key, expires], separator: tab, mark: true }
  - csv: { path: b.csv, separator: ';' }
  - json: { path: b.json }
  - json: { path: "{key_alias}.json", for: claude-code, variables: { EXTRA: "{set}" } }`,
      },
      { args: ['spec.yaml'] },
    );
    expect(specs[0]?.deliver).toMatchObject([
      { to: 'text', template: 'Dear {key_alias}: {key}, {models} {max_budget}\n' },
      { to: 'csv', columns: ['team', 'key_alias', 'key', 'expires'], separator: '\t', mark: true },
      { to: 'csv', separator: ';' },
      { to: 'json' },
      { to: 'json', variables: { ANTHROPIC_AUTH_TOKEN: '{key}', EXTRA: '{set}' } },
    ]);
    const [, , , list, client] = specs[0]?.deliver ?? [];
    expect(list).not.toHaveProperty('variables');
    expect(client?.optional).toContain('ANTHROPIC_MODEL');
  });

  test('may share a file with another, if the variables differ', async () => {
    const variables = '{ dotenv: { path: a.env, variables: { "{KEY_ALIAS}": "{key}" } } }';
    expect(
      await deliver(`${variables}, { dotenv: { path: a.env, variables: { "URL_{KEY_ALIAS}": "{api_base_url}" } } }`),
    ).toEqual([]);
    expect(await deliver('{ json: k.json }, { csv: k.csv }')).toEqual([]);
  });

  test('may have the address that its users have, as the whole spec may', async () => {
    const { specs } = await load({
      'spec.yaml': `${KEYS}server: { url: "http://litellm.ai.svc:4000", public_url: https://litellm.example.com }
deliver: [{ json: a.json, address: "https://other.example.com/v1" }, { csv: a.csv }]`,
    });
    expect(specs[0]).toMatchObject({
      url: 'http://litellm.ai.svc:4000',
      publicUrl: 'https://litellm.example.com',
      deliver: [{ to: 'json', address: 'https://other.example.com/v1' }, { to: 'csv' }],
    });
    expect(await deliver('{ json: a, address: example.com }')).toEqual([
      'value: address "example.com" is no address.'.replace(' "example.com"', ''),
    ]);
    expect(await deliver('{ address: "https://example.com" }')).toEqual([
      'delivery: An item of deliver names one sink.',
    ]);
  });

  test('may say the same of the server for all keys of one file, not of a key', async () => {
    const shared = (value: string) =>
      deliver(`{ dotenv: { path: a.env, variables: { "{KEY_ALIAS}": "{key}", SAME: "${value}" } } }`);
    expect(await shared('{api_base_url} {set}')).toEqual([]);
    for (const value of ['{key_id}', '{expires}', 'x{key_alias}']) {
      expect(await shared(value)).toEqual([
        expect.stringMatching(/^delivery: The keys "a-1" and "b-ada" would both be SAME in ".*a\.env"\.$/),
      ]);
    }
  });
});

/** What is wrong with several specs of one run; each has a set and keys of its own unless it says so. */
async function together(specs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const files = Object.fromEntries(
    Object.entries(specs).map(([set, text]) => [
      `${set}.yaml`,
      text.includes('keys:') ? text : `keys: [{ key_alias: ${set} }]\n${text}`,
    ]),
  );
  const { problems } = await load(files);
  return problems.split('\n').flatMap((line) => /^\w+\.yaml:\d+:\d+ [\w-]+: (.*)/.exec(line)?.[1] ?? []);
}

describe('two sets of one run', () => {
  const env = (variables: string): string => `deliver: [{ dotenv: { path: a.env, variables: { ${variables} } } }]`;

  test('may share a file in which each has its own', async () => {
    expect(await together({ one: 'deliver: [{ csv: a.csv }]', two: 'deliver: [{ csv: a.csv }]' })).toEqual([]);
    expect(await together({ one: 'deliver: [{ json: a }]', two: 'deliver: [{ json: a }]' })).toEqual([]);
    const own = '"{KEY_ALIAS}": "{key}", URL: "{api_base_url}"';
    expect(await together({ one: env(own), two: env(own) })).toEqual([]);
  });

  test.each([
    [
      'one file in two formats',
      'deliver: [{ csv: a }]',
      'deliver: [{ json: a }]',
      /^Another delivery writes ".*a" too\.$/,
    ],
    ['one variable', env('KEY: "{key}"'), env('KEY: "{key}"'), /^The keys "one" and "two" would both be KEY in /],
    [
      'one variable with different values',
      `server: { url: "https://a.example" }\n${env('"{KEY_ALIAS}": "{key}", URL: "{api_base_url}"')}`,
      `server: { url: "https://b.example" }\n${env('"{KEY_ALIAS}": "{key}", URL: "{api_base_url}"')}`,
      /^The keys "one" and "two" would both be URL in /,
    ],
    [
      'one row',
      'keys: [{ key_alias: x }]\ndeliver: [{ csv: a }]',
      'keys: [{ key_alias: x }]\ndeliver: [{ csv: a }]',
      /^The keys "x" and "x" would both be one row in /,
    ],
    [
      'names that differ in capitals',
      'deliver: [{ csv: A.csv }]',
      'deliver: [{ csv: a.csv }]',
      /^".*A\.csv" and ".*a\.csv" are one file on many disks\.$/,
    ],
    [
      'names that differ in how an accent is written',
      'deliver: [{ csv: "caf\\u00e9" }]',
      'deliver: [{ csv: "cafe\\u0301" }]',
      /are one file on many disks\.$/,
    ],
  ])('may not both write %s', async (_, one, two, message) => {
    expect(await together({ one, two })).toEqual([expect.stringMatching(message)]);
  });

  test('may have one name for keys of different servers in one table', async () => {
    const on = (url: string): string =>
      `server: { url: "https://${url}" }\nkeys: [{ key_alias: x }]\ndeliver: [{ csv: a }]`;
    expect(await together({ one: on('a.example'), two: on('b.example') })).toEqual([]);
  });
});

test('keys whose files many disks take for one are refused, unless something else tells them apart', async () => {
  const keys = 'keys: [{ key_alias: ada }, { key_alias: Ada }]\n';
  expect(await deliver('{ dotenv: "{key_alias}.env" }', keys)).toEqual([
    expect.stringMatching(/^delivery: ".*ada\.env" and ".*Ada\.env" are one file on many disks\.$/),
  ]);
  expect(await deliver('{ dotenv: "{key_alias}-{key_id}.env" }', keys)).toEqual([]);
});

describe('--deliver', () => {
  const given = async (words: readonly string[], stdin?: string) => {
    const from = stdin === undefined ? {} : { stdin, args: ['-'] };
    return load(KEYS, { ...from, deliver: words, env: { NAME: 'keys' } });
  };

  test('is a sink and a path, or an item as a spec has it, beside those of the spec, and goes with its file', async () => {
    const words = ['dotenv={key_alias}.env', '{csv: {path: "${NAME}.csv", mark: true}}', 'json: a.json'];
    const { specs, problems, folder } = await given(words);
    const spec = join(folder, 'spec.yaml');
    expect([problems, specs.map(({ deliver: all }) => all)]).toEqual([
      '',
      [
        [
          expect.objectContaining({ to: 'dotenv', path: join(folder, '{key_alias}.env'), spec }),
          { to: 'csv', path: join(folder, 'keys.csv'), mark: true, spec },
          { to: 'json', path: join(folder, 'a.json'), spec },
        ],
      ],
    ]);
  });

  test('with a spec from stdin goes with no file', async () => {
    const { specs, folder } = await given(['json=a.json'], `set: s\n${KEYS}`);
    expect(specs.map(({ deliver: all }) => all)).toEqual([[{ to: 'json', path: join(folder, 'a.json') }]]);
  });

  test.each([
    ['.env', /^--deliver\S* delivery: --deliver "\.env" names no sink\.$/],
    ['dotenf=.env', /There is no field "dotenf" here\. Did you mean dotenv\?$/],
    ['{csv: "${NOBODY_SET_THIS}"}', /NOBODY_SET_THIS/],
    [`{csv: ${'['.repeat(70)}${']'.repeat(70)}}`, /nested more than/],
  ])('%s is a problem', async (word, message) => {
    expect((await given([word])).problems.split('\n')[0]).toMatch(message);
  });
});
