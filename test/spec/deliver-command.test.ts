import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, messagesOf } from './load.ts';

const KEYS = 'keys: [{ key_alias: "k-{user}", roster: [{ user: ada }, { user: bob }] }]\n';

async function deliveryOf(item: string) {
  const { specs, problems, folder } = await load(`${KEYS}deliver: [{ ${item} }]`);
  expect(problems).toBe('');
  const { spec: _, ...delivery } = specs[0]?.deliver[0] ?? { spec: '' };
  return { delivery, folder };
}

const messages = async (item: string, keys = KEYS) =>
  (await messagesOf(`${keys}deliver: [{ ${item} }]`)).map((line) => line.replace(/^\d+:\d+ delivery: /, ''));

describe('a command', () => {
  test('is a list of arguments, and all that goes with it', async () => {
    const { delivery, folder } = await deliveryOf(`command: {
      run: [gh, secret, set, 'THE KEY', --repo, 'acme/{user}'], remove: [./away.sh, '{user}'], check: [/bin/test, -e, '{user}'],
      create: [gh, x], missing: not found, stdin: 'k={key}', fd: 3, env: { GH_HOST: ghe.example.com, E: '{expires}' }, timeout: 2m }`);
    expect(delivery).toEqual({
      to: 'command',
      path: "GH_HOST=ghe.example.com gh secret set 'THE KEY' --repo acme/{user}",
      run: ['gh', 'secret', 'set', 'THE KEY', '--repo', 'acme/{user}'],
      create: ['gh', 'x'],
      check: ['/bin/test', '-e', '{user}'],
      remove: [join(folder, 'away.sh'), '{user}'],
      missing: 'not found',
      stdin: 'k={key}',
      fd: 3,
      env: { GH_HOST: 'ghe.example.com', E: '{expires}' },
      timeout: 120_000,
      folder,
    });
  });

  test('whose arguments are all the same is told apart by its environment', async () => {
    const { delivery } = await deliveryOf('command: { run: [keep], env: { FOR: "{key_alias}" } }');
    expect(delivery).toMatchObject({ path: 'FOR={key_alias} keep' });
  });

  test.each([
    ['variables: { A: "{key}" }', { variables: { A: '{key}' }, format: 'dotenv' }],
    ['variables: { A: "{key}" }, format: json', { variables: { A: '{key}' }, format: 'json' }],
    ['for: openai', { variables: { OPENAI_API_KEY: '{key}' }, format: 'dotenv', optional: expect.any(Array) }],
    ["stdin: 'dotenv'", { stdin: 'dotenv' }],
    ['format: dotenv', { variables: { OPENAI_API_KEY: '{key}' }, format: 'dotenv' }],
    [`stdin: '{{"k": "{key}"}}', format: json`, { stdin: '{{"k": "{key}"}}', format: 'json' }],
  ])('gives %s', async (more, content) => {
    expect((await deliveryOf(`command: { run: [x, '{user}'], ${more} }`)).delivery).toMatchObject(content);
  });

  test.each([
    ['{ run: x }', 'type: run has to be a list, but it is text.'],
    ['{ run: [] }', 'run is empty.'],
    ['{ run: [x, ""] }', 'value: run[1] is empty.'],
    ['{}', 'There is no run.'],
    ['{ run: [x, "{key}"] }', 'Arguments and variables are seen by others, so {key} is in none of them.'],
    ['{ run: [x], remove: [x, "{key}"] }', 'Arguments and variables are seen by others, so {key} is in none of them.'],
    ['{ run: [x], env: { A: "{key}" } }', 'Arguments and variables are seen by others, so {key} is in none of them.'],
    ['{ run: [x, "{code}"] }', 'Arguments and variables are seen by others, so {code} is in none of them.'],
    ['{ run: [x, "{expires}"] }', '{expires} cannot be part of an argument.'],
    ['{ run: [x, "a\\nb"] }', '"a�b" has a control character in it.'],
    ['{ run: ["{user}", x] }', '"{user}" is no program\'s name.'],
    ['{ run: [x], missing: no }', 'missing goes with check.'],
    ['{ run: [x], create: [y] }', 'create goes with check.'],
    ['{ run: [x], repo: a/b }', 'repo goes with use.'],
    ['{ run: [x], stdin: "{key}", for: openai }', 'stdin and variables are two texts for one program.'],
    ['{ run: [x], stdin: "{key}", format: dotenv }', 'stdin and variables are two texts for one program.'],
    ['{ run: [x], fd: 4 }', 'value: fd has to be 3.'],
    ['{ run: [x], timeout: 5 }', 'type: timeout has to be text, but it is 5.'],
    ['{ run: [x, "{user}"], variables: { "{user}-x": "{key}" } }', '"ada-x" is no name for a variable.'],
    ['{ run: [x, "{nope}"] }', '{nope} is no placeholder.'],
    ['{ run: [x, "{user}"], stdin: "{nope}" }', '{nope} is no placeholder.'],
    ['{ run: [x], env: { A: "{user}" } }', null],
    ['{ run: [x], env: { A: "{expires}" } }', 'The keys "k-ada" and "k-bob" would both be the secret in "x".'],
    ['{ run: [x, "{set}"] }', 'The keys "k-ada" and "k-bob" would both be the secret in "x s".'],
    [
      '{ use: gh, name: N, repo: a/b }',
      'The keys "k-ada" and "k-bob" would both be the secret in "gh secret set N --repo a/b".',
    ],
    ['{ use: gh, name: N }', 'use: gh needs either repo or org.'],
    ['{ use: gh, name: N, repo: a/b, org: c }', 'use: gh needs either repo or org.'],
    ['{ use: glab, name: N }', 'use: glab needs either repo or group.'],
    ['{ use: gh, repo: a/b }', 'use: gh needs name.'],
    ['{ use: gh, name: N, rep: a/b }', 'unknown-field: There is no field "rep" here. Did you mean repo?'],
    ['{ use: gh, name: N, group: a }', 'use: gh has no group.'],
    ['{ use: gh, name: N, repo: a/b, remove: [x] }', 'use: gh says what remove is.'],
    ['{ use: op, vault: v, item: i, field: f, stdin: "{key}" }', 'use says what stdin is here.'],
    ['{ use: jj }', 'value: use is no name that is known here.'],
  ])('%s is answered with %s', async (command, message) => {
    const found = await messages(`command: ${command}`, `set: s\n${KEYS}`);
    expect(found.map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual(message === null ? [] : [message]);
  });

  test('is answered at its line and column', async () => {
    expect(await messagesOf(`${KEYS}deliver:\n  - json: a.json\n  - command:\n      run: [x, "{key}"]\n`)).toEqual([
      '4:5 delivery: Arguments and variables are seen by others, so {key} is in none of them.',
    ]);
  });

  test.each([
    ['a/b', 'has one of / \\ % ? # in it'],
    ['-x', 'begins with - or @'],
    ['..', 'is only dots'],
    ['""', 'is empty'],
  ])('is refused for a team called %s, wherever it would be', async (team, why) => {
    const keys = `keys: [{ key_alias: k, roster: [{ user: ada, team: ${team} }] }]\n`;
    const said = [`{team} ${why} for the key "k-ada", and cannot be part of a program's argument.`];
    expect(await messages('command: { run: [x, "acme/{team}"] }', keys)).toEqual(said);
    expect(await messages('command: { run: [x, y], remove: [x, "{team}"] }', keys)).toEqual(said);
    expect(await messages('command: { run: [x, y], env: { REPO: "a/{team}" } }', keys)).toEqual(said);
    expect(await messages('command: { run: [x, y], stdin: "{key} {team}" }', keys)).toEqual([]);
  });

  test('may differ in upper and lower case alone, which programs tell apart', async () => {
    const keys = 'keys: [{ key_alias: k, roster: [{ user: ada }, { user: Ada }] }]\n';
    expect((await messages('command: { run: [x, "{user}"] }', keys)).filter((line) => line.includes('disks'))).toEqual(
      [],
    );
  });

  test('is not written by two lines, whatever it is given', async () => {
    const twice = 'command: { run: [x, "{user}"], for: openai }';
    expect(await messages(`${twice} }, { ${twice}`)).toEqual(['Another delivery writes "x ada" too.']);
  });
});

describe('a key store', () => {
  test('has an entry for each key', async () => {
    expect((await deliveryOf('keychain: { service: litellm, account: "{key_alias}" }')).delivery).toEqual({
      to: 'keychain',
      path: 'litellm/{key_alias}',
      service: 'litellm',
      account: '{key_alias}',
    });
  });

  test.each([
    ['{ service: s, account: a }', 'The keys "k-ada" and "k-bob" would both be the secret in "s/a".'],
    ['{ service: s, account: "{expires}" }', "{expires} cannot be part of an entry's name."],
    ['{ service: s }', '2:23 missing: account is missing.'],
    ['litellm', '2:23 type: keychain has to be a mapping, but it is text.'],
  ])('%s is refused', async (entry, message) => {
    expect(await messages(`keychain: ${entry}`)).toEqual([message]);
  });

  test('has no entry by a name that leads elsewhere', async () => {
    const keys = 'keys: [{ key_alias: k, roster: [{ user: a/b }] }]\n';
    expect(await messages('keychain: { service: s, account: "{user}" }', keys)).toEqual([
      '{user} has one of / \\ % ? # in it for the key "k-a/b", and cannot be part of an entry\'s name.',
    ]);
  });
});
