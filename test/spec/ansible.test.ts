import { describe, expect, test } from 'vitest';
import { load, messagesOf } from './load.ts';

describe("Ansible's variables", () => {
  test('make one key with the defaults of the role', async () => {
    const { specs } = await load(
      'litellm_vkey_alias: my key\nother: !vault "{{ x }}"\nlitellm_vkey_user_id:\nversion: 7\n',
    );
    expect(specs).toMatchObject([
      {
        set: 'my-key',
        url: null,
        state: 'present',
        adopt: true,
        ansible: { duration: '30d', models: [], user_count: null },
        desired: [
          {
            ref: { name: 'my key' },
            user: null,
            settings: { user_id: 'my key' },
            lifetime: { duration: '30d' },
            origin: { line: 1, column: 21 },
          },
        ],
      },
    ]);
  });

  test('may all be text, as Ansible gives them', async () => {
    const { specs } = await load({
      'vars.json': JSON.stringify({
        litellm_vkey_state: 'absent',
        litellm_vkey_alias: 'w{x}',
        litellm_vkey_models: '["a", "b"]',
        litellm_vkey_duration: '7d',
        litellm_vkey_max_budget: '10.5',
        litellm_vkey_metadata: '{"a": ["{b}", 1]}',
        litellm_vkey_multi_user: 'yes',
        litellm_vkey_user_count: '2',
        litellm_vkey_api_url: 'http://h/v1',
      }),
    });
    const settings = { models: ['a', 'b'], max_budget: 10.5 };
    expect(specs).toMatchObject([
      {
        set: 'w-x-',
        url: 'http://h/v1',
        state: 'absent',
        ansible: { duration: '7d', models: ['a', 'b'], user_count: 2 },
        desired: [
          {
            ref: { name: 'w{x}-user1' },
            user: 'user1',
            state: 'absent',
            metadata: { a: ['{b}', 1] },
            settings: { ...settings, user_id: 'user1@example.com' },
          },
          { ref: { name: 'w{x}-user2' } },
        ],
      },
    ]);
  });

  test('may be what they are', async () => {
    const { specs } = await load(`
litellm_vkey_alias: w
litellm_vkey_models: [a, b]
litellm_vkey_metadata: { a: "{b}" }
litellm_vkey_max_budget: 1
litellm_vkey_multi_user: true
litellm_vkey_user_count: 1
litellm_vkey_user_prefix: p
litellm_vkey_user_domain: d.org
---
litellm_vkey_alias: v
litellm_vkey_models: a, b,
litellm_vkey_multi_user: 0
litellm_vkey_user_id: me`);
    expect(specs.flatMap(({ desired }) => desired)).toMatchObject([
      {
        ref: { name: 'w-p1' },
        metadata: { a: '{b}' },
        settings: { user_id: 'p1@d.org', models: ['a', 'b'], max_budget: 1 },
      },
      { ref: { name: 'v' }, settings: { user_id: 'me', models: ['a', 'b'] } },
    ]);
  });

  test.each([
    ['litellm_vkey_models: [a]', ['1:1 missing: litellm_vkey_alias is missing.']],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_model: x',
      ['2:1 unknown-field: There is no variable litellm_vkey_model. Did you mean litellm_vkey_models?'],
    ],
    [
      'litellm_vkey_alias: "{{ a }}"\nlitellm_vkey_metadata: { x: ["{% y %}"] }',
      [
        '1:21 ansible: "{{ a }}" is a Jinja expression, which only Ansible can fill in.',
        '2:30 ansible: "{% y %}" is a Jinja expression, which only Ansible can fill in.',
      ],
    ],
    [
      'litellm_vkey_alias: {{ a }}',
      ['1:21 type: litellm_vkey_alias has to be text.', '1:22 yaml: A name has to be a plain text.'],
    ],
    ['litellm_vkey_alias: a\nkeys: []', ["2:1 ansible: The file has Ansible's variables, and keys of a spec."]],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_multi_user: maybe',
      ['2:26 type: litellm_vkey_multi_user has to be true or false.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_multi_user: [x]',
      ['2:26 type: litellm_vkey_multi_user has to be true or false.'],
    ],
    ['litellm_vkey_alias: a\nlitellm_vkey_multi_user: true', ['2:26 missing: litellm_vkey_user_count is missing.']],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_multi_user: t\nlitellm_vkey_user_count: many',
      ['3:26 type: count has to be a number, but it is text.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_max_budget: x',
      ['2:26 type: max_budget has to be a number, but it is text.'],
    ],
    ['litellm_vkey_alias: a\nlitellm_vkey_models: [a, 5]', ['2:26 type: models[1] has to be text, but it is 5.']],
    ['litellm_vkey_alias: a\nlitellm_vkey_models: "[a"', ['2:22 type: models has to be a list, but it is text.']],
    ['litellm_vkey_alias: a\nlitellm_vkey_metadata: "a"', ['2:24 type: metadata has to be a mapping, but it is text.']],
    ['litellm_vkey_alias: a\nlitellm_vkey_state: gone', ['2:21 value: state has to be present or absent.']],
    ['litellm_vkey_alias: a\nlitellm_vkey_duration: 5', ['2:24 type: duration has to be text, but it is 5.']],
    ['litellm_vkey_alias: 5', ['1:21 type: litellm_vkey_alias has to be text.']],
  ])('%j are refused', async (text, messages) => {
    expect(await messagesOf(text)).toEqual(messages);
  });

  test('have their set to themselves', async () => {
    expect(await messagesOf({ 'v.yaml': 'litellm_vkey_alias: a', 'a.yaml': 'keys: [{ key_alias: b }]' })).toEqual([
      'a.yaml:1:1 ansible: The set "a" is that of the Ansible variables in v.yaml too.',
    ]);
  });
});

test('a document beside the variables in one file may not have their set either', async () => {
  const text = 'litellm_vkey_alias: v\n---\nset: v\nkeys: [{ key_alias: a }]';
  for (const each of [text, text.split('\n---\n').toReversed().join('\n---\n')])
    expect(await messagesOf(each)).toEqual([
      expect.stringMatching(/ansible: The set "v" is that of the Ansible variables in spec\.yaml too\.$/),
    ]);
});
