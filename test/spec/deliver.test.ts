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
    expect(specs[0]?.deliver).toEqual([
      {
        to: 'dotenv',
        path: join(folder, 'sub/secrets/{key_alias}.env'),
        variables: { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' },
      },
      {
        to: 'dotenv',
        path: join(folder, 'all.env'),
        variables: { '{KEY_ALIAS}_KEY': '{key}', '{KEY_ALIAS}_URL': '{api_endpoint}' },
      },
      { to: 'json', path: join(folder, 'sub/keys.json') },
      { to: 'csv', path: join(folder, 'sub/{set}/{key_id}.csv') },
    ]);
  });

  test.each([
    ['command: x', ['unknown-field: There is no field "command" here.']],
    ['dotenb: x', ['unknown-field: There is no field "dotenb" here. Did you mean dotenv?']],
    ['{}', ['delivery: An item of deliver has one of dotenv, json and csv.']],
    ['{ json: a, csv: b }', ['delivery: An item of deliver has one of dotenv, json and csv.']],
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

  test('may share a file with another, if the variables differ', async () => {
    const variables = '{ dotenv: { path: a.env, variables: { "{KEY_ALIAS}": "{key}" } } }';
    expect(
      await deliver(`${variables}, { dotenv: { path: a.env, variables: { "URL_{KEY_ALIAS}": "{api_base_url}" } } }`),
    ).toEqual([]);
    expect(await deliver('{ json: k.json }, { csv: k.csv }')).toEqual([]);
  });
});
