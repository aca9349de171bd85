import { describe, expect, test } from 'vitest';
import { SpecError } from '../../src/spec/spec-error.ts';
import { load, messagesOf } from './load.ts';

const inKey = (member: string) => messagesOf(`keys: [{ key_alias: a, ${member} }]`);

describe('a problem', () => {
  test.each([
    ['wide letters', '日本', 4],
    ['a letter of two characters', 'e\u0301', 1],
    ['a picture of several characters', '👩‍🚀🇩🇪', 4],
    ['letters of half a width', 'ｱｲ', 2],
    ['tabs', '\t', '\t'],
  ])('has its caret under its place behind %s', async (_, before, width) => {
    const { problems } = await load(`keys: [{ key_alias: a, user_id: "${before}", bad: 1 }]`);
    const caret = String(problems.split('\n').find((line) => line.endsWith('^'))).slice('  | '.length);
    const blank = typeof width === 'string' ? width : ' '.repeat(width);
    expect(caret).toBe(`${' '.repeat('keys: [{ key_alias: a, user_id: "'.length)}${blank}${' '.repeat('", '.length)}^`);
  });

  test('is shown with its place, its lines and the way out, together with all the others', async () => {
    const { problems, specs } = await load(`version: 1
defaults:
  modles: [gpt-4o-mini]
keys:
  - key_alias: a
    max_budget: "5"
  - key_alias: a\tb # sk-abcdefgh
    key: sk-abcdefgh
`);
    expect(specs).toEqual([]);
    expect(problems).toMatchInlineSnapshot(`
      "spec.yaml:3:3 unknown-field: There is no field "modles" here. Did you mean models?
      2 | defaults:
      3 |   modles: [gpt-4o-mini]
        |   ^
      4 | keys:
      A field that vkeys does not know yet goes into extra: {…}.

      spec.yaml:6:17 type: max_budget has to be a number, but it is text.
      5 |   - key_alias: a
      6 |     max_budget: "5"
        |                 ^
      7 |   - key_alias: a	b # sk-[secret]
      Write it without quotes.

      spec.yaml:7:16 alias: The alias "a�b" has a control character or half a character in it.
      6 |     max_budget: "5"
      7 |   - key_alias: a	b # sk-[secret]
        |                ^
      8 |     key: sk-[secret]
      An alias is a text of 1 to 255 characters, e.g. ci-runner or team/app.

      spec.yaml:8:5 secret: A spec has no secrets in it, so key cannot be given.
      7 |   - key_alias: a	b # sk-[secret]
      8 |     key: sk-[secret]
        |     ^
      9 |
      Take it out: vkeys makes the secret and delivers it."
    `);
  });

  test('is marked under wide characters and tabs, and far to the right', async () => {
    const { problems } = await load(`keys:
\t# not for indentation
  - { key_alias: 日本語🎉, tmp_limit: 5 }
  - { key_alias: b, metadata: { text: "${'x'.repeat(200)}" }, rpm_limt: 5 }
  - { key_alias: c\u001B, metadata: { url: "https://me:secret@example.com" }, rpm_limit: -1 }`);
    expect(problems).toMatchInlineSnapshot(`
      "spec.yaml:3:25 unknown-field: There is no field "tmp_limit" here. Did you mean tpm_limit?
      2 | 	# not for indentation
      3 |   - { key_alias: 日本語🎉, tmp_limit: 5 }
        |                            ^
      4 |   - { key_alias: b, metadata: { text: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      A field that vkeys does not know yet goes into extra: {…}.

      spec.yaml:4:245 unknown-field: There is no field "rpm_limt" here. Did you mean rpm_limit?
      3 |
      4 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }, rpm_limt: 5 }
        |                                                             ^
      5 |
      A field that vkeys does not know yet goes into extra: {…}.

      spec.yaml:5:18 alias: The alias "c�" has a control character or half a character in it.
      4 |   - { key_alias: b, metadata: { text: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      5 |   - { key_alias: c�, metadata: { url: "https://[secret]@example.com" }, rpm_limit: -1 }
        |                  ^
      An alias is a text of 1 to 255 characters, e.g. ci-runner or team/app.

      spec.yaml:5:85 value: rpm_limit is less than 0.
      4 |   - { key_alias: b, metadata: { text: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      5 |   - { key_alias: c�, metadata: { url: "https://[secret]@example.com" }, rpm_limit: -1 }
        |                                                                                    ^
      rpm_limit: requests a minute."
    `);
  });
});

describe('a key', () => {
  test.each([
    ['max_budgt: 1', 'unknown-field: There is no field "max_budgt" here. Did you mean max_budget?'],
    ['budget: 1', 'type: budget has to be text, but it is 1.'],
    ['zzzzzzzz: 1', 'unknown-field: There is no field "zzzzzzzz" here.'],
    ['key: sk-1', 'secret: A spec has no secrets in it, so key cannot be given.'],
    ['spend: 1', 'unknown-field: spend moves by itself, so it is not managed.'],
    ['max_budget: -1', 'value: max_budget is less than 0.'],
    ['max_budget: "5"', 'type: max_budget has to be a number, but it is text.'],
    ['max_budget: much', 'type: max_budget has to be a number, but it is text.'],
    ['tpm_limit: 1.5', 'type: tpm_limit has to be a whole number, but it is 1.5.'],
    [
      'tpm_limit: 99999999999999999999',
      'number: No number here can be as long or as large as "99999999999999999999": it would become another one.',
    ],
    ['budget_id: 5', 'type: budget_id has to be text, but it is 5.'],
    ['user_id: ""', 'value: user_id is empty.'],
    ['user_id: sk-abcdefgh', 'value: user_id has a word in it that begins with sk-, as keys do.'],
    ['blocked: yes', 'type: blocked has to be true or false, but it is text.'],
    ['models: gpt-4o-mini', 'type: models has to be a list, but it is text.'],
    ['models: [5]', 'type: models[0] has to be text, but it is 5.'],
    ['metadata: [a]', 'type: metadata has to be a mapping, but it is a list.'],
    ['metadata: null', 'type: metadata has to be a mapping, but it is null.'],
    ['metadata: { vkeys: 1 }', 'metadata: metadata.vkeys is where vkeys keeps whose key it is.'],
    ['extra: { key: x }', 'secret: A spec has no secrets in it, so key cannot be given.'],
    ['extra: { max_budget: 1 }', 'unknown-field: max_budget is no extra: vkeys knows it.'],
    ['extra: { duration: 1d }', 'unknown-field: duration is no extra: vkeys knows it.'],
    ['state: abset', 'value: state has to be present or absent.'],
    ['state: 1', 'value: state has to be present or absent.'],
    ['max_budget: ""', 'type: max_budget has to be a number, but it is empty.'],
    ['roster: null', 'type: roster has to be a mapping or a list, but it is null.'],
    ['duration: 1y', 'value: duration "1y" is no duration.'],
    ['budget_duration: 101y', 'value: budget_duration "101y" is no duration.'],
    ['duration: 9999999d', 'value: duration "9999999d" is no duration.'],
    ['expires: 2026-12-24', 'value: expires "2026-12-24" has no time zone.'],
    ['expires: 2026-02-30T00:00:00Z', 'value: expires "2026-02-30T00:00:00Z" is no moment.'],
    ['expires: 2026-12-24T25:00:00Z', 'value: expires "2026-12-24T25:00:00Z" is no moment.'],
    ['expires: soon', 'value: expires "soon" is no moment.'],
    ['expires: 2026-13-24T25:00:00Z', 'value: expires "2026-13-24T25:00:00Z" is no moment.'],
    ['duration: 1d, expires: 2026-12-24T18:00:00Z', 'lifetime: duration and expires are both here.'],
    ['metadata: { a: "{nope}" }', 'placeholder: {nope} is no placeholder here.'],
    ['user_id: "{key_alis}"', 'placeholder: {key_alis} is no placeholder here. Did you mean key_alias?'],
  ])('with %s is refused', async (member, message) => {
    expect((await inKey(member)).map((line) => line.replace(/^1:\d+ /, ''))).toEqual([message]);
  });

  test.each([
    ['""', 'value: key_alias is empty.'],
    ['" a"', 'alias: The alias " a" begins or ends with a blank.'],
    [String.raw`"a\tb"`, 'alias: The alias "a�b" has a control character or half a character in it.'],
    ['a/../b', 'alias: The alias "a/../b" has .. between slashes.'],
    ['x'.repeat(256), `alias: The alias "${'x'.repeat(59)}…" is longer than 255 characters.`],
    ['"a-{user}"', 'placeholder: {user} is no placeholder here.'],
    ['"{key_alias}"', 'placeholder: {key_alias} is no placeholder here.'],
  ])('with the alias %s is refused', async (alias, message) => {
    expect(await messagesOf(`keys: [{ key_alias: ${alias} }]`)).toEqual([`1:21 ${message}`]);
  });

  test('has an alias even if a template makes none', async () => {
    expect(await messagesOf('keys: [{ key_alias: "{n}", roster: [{ user: a, n: null }] }]')).toEqual([
      '1:21 alias: The alias "" is empty.',
    ]);
  });

  test('needs a value for each placeholder', async () => {
    expect(await messagesOf('keys: [{ key_alias: "{t}-{user}", roster: [{ user: a, t: 1 }, b] }]')).toEqual([
      '1:63 placeholder: The user "b" has no t, which a template names.',
    ]);
  });

  test('is there once', async () => {
    expect(
      await messagesOf('keys:\n- key_alias: a\n- key_alias: b\n- { key_alias: "a", roster: [] }\n- key_alias: a\n'),
    ).toEqual(['5:3 duplicate: The key "a" is here a second time, first at spec.yaml:2:3.']);
    expect(await messagesOf('keys: [{ key_alias: "{set}", roster: { count: 3 } }]')).toEqual([
      '1:8 duplicate: Several users of the roster would have the same key "spec".',
    ]);
  });
});

describe('the spec', () => {
  test.each([
    ['[]', '1:1 type: The spec has to be a mapping, but it is a list.'],
    ['text', '1:1 type: The spec has to be a mapping, but it is text.'],
    ['{}', '1:1 missing: keys is missing.'],
    ['keys:', '1:6 type: keys has to be a list, but it is null.'],
    ['keys: [a]', '1:8 type: keys[0] has to be a mapping, but it is text.'],
    ['{ keys: [], version: 2 }', '1:22 value: version has to be 1.'],
    ['{ keys: [], set: a b }', '1:18 value: set is no name for a set.'],
    ['{ keys: [], set: .. }', '1:18 value: set is no name for a set.'],
    ['{ keys: [], server: { url: ftp://a } }', '1:28 value: url is no address.'],
    ['{ keys: [], server: { url: a.com } }', '1:28 value: url is no address.'],
    ['{ keys: [], key: [] }', '1:13 unknown-field: There is no field "key" here. Did you mean keys?'],
    ['{ keys: [], defaults: 5 }', '1:23 type: defaults has to be a mapping, but it is 5.'],
    ['# nothing', '1:1 missing: There is nothing in it.'],
    ['', '1:1 missing: There is nothing in it.'],
    [
      '{ keys: [{ key_alias: a, roster: { count: 15000 } }, { key_alias: b, roster: { count: 15000 } }] }',
      '1:54 limit: These are more than 25000 keys.',
    ],
  ])('%s is refused', async (text, message) => {
    expect(await messagesOf(text)).toEqual([message]);
  });

  test('may have empty defaults', async () => {
    expect(await messagesOf('defaults:\nkeys: []\ndeliver: []')).toEqual([]);
  });

  test('needs a name that is one', async () => {
    expect(await messagesOf({ 'my spec.yaml': 'keys: []' })).toEqual([]);
    const { problems } = await load({ 'my spec.yaml': 'keys: []' });
    expect(problems).toContain('The file\'s name "my spec" is no name for a set.');
  });
});

test('all problems are one error, which says how many they are, and what has them', () => {
  const origin = { file: 'a.yaml', line: 1, column: 1 };
  const one = { origin, rule: 'value', message: 'It is wrong.', hint: 'Mend it.', frame: '' };
  expect(new SpecError([one])).toMatchObject({ kind: 'spec', message: 'The spec has a problem.', diagnostics: [one] });
  expect(new SpecError([one, one], 'template', 'Mend it.')).toMatchObject({
    message: 'The template has 2 problems.',
    hint: 'Mend it.',
  });
});

test('no key is called like the hash of one', async () => {
  const hash = 'ab12'.repeat(16);
  expect(await messagesOf(`keys: [{ key_alias: ${hash} }]`)).toEqual([
    `1:21 alias: The alias "${hash.slice(0, 59)}…" has the form of the hash of a key.`,
  ]);
});
