import { describe, expect, test } from 'vitest';
import { load, messagesOf } from '../../load.ts';

describe("Ansible's variables", () => {
  test('make one key with the defaults of the role', async () => {
    const { specs } = await load(
      'litellm_vkey_alias: my key\nlitellm_vkey_models: [m]\nother: !vault "{{ x }}"\nother: 12345678901234567890\nlitellm_vkey_user_id:\nversion: 7\n',
    );
    expect(specs).toMatchObject([
      {
        set: 'my-key',
        url: null,
        state: 'present',
        adopt: true,
        ansible: { duration: '30d', models: ['m'], user_count: null },
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
        '1:21 ansible: "{{ a }}" needs the variable a, which is not in this file.',
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
    [
      'litellm_vkey_alias: a\nlitellm_vkey_models:',
      ['2:21 missing: litellm_vkey_models is missing, and the role wants it.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_models: []',
      ['2:22 missing: litellm_vkey_models is missing, and the role wants it.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_multi_user: true\nlitellm_vkey_user_count: 0',
      ['3:26 value: litellm_vkey_user_count has to be 1 or more.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_user_count: 5',
      ['2:26 ansible: litellm_vkey_user_count is 5, but the role makes one key without litellm_vkey_multi_user.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_api_timeout: soon',
      ['2:27 type: litellm_vkey_api_timeout has to be a number of seconds, up to 86400.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_verify_ssl: maybe',
      ['2:26 type: litellm_vkey_verify_ssl has to be true or false.'],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_use_openshift_token: maybe',
      ['2:35 type: litellm_vkey_use_openshift_token has to be true or false.'],
    ],
    ['litellm_vkey_alias: a\nlitellm_vkey_api_url: nowhere', ['2:23 value: url is no address.']],
    [
      'litellm_vkey_alias: a\nocp4_workload_litellm_virtual_keys_duration: 7d',
      [
        '2:1 ansible: ocp4_workload_litellm_virtual_keys_duration is of the role ocp4_workload_litellm_virtual_keys, and others here are of manage_keys.',
      ],
    ],
    [
      'litellm_vkey_alias: a\nlitellm_vkey_api_url: !vault x',
      ['2:30 yaml: This is encrypted with Ansible Vault, which only Ansible can open.'],
    ],
    [
      '$ANSIBLE_VAULT;1.1;AES256\n61',
      ['1:1 ansible: This is encrypted with Ansible Vault, which only Ansible can open.'],
    ],
    [
      'litellm_vkey_alias: &a [*a]',
      ['1:25 limit: This is nested more than 64 levels deep, or its aliases multiply it.'],
    ],
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
    const models = /models|VAULT/.test(text) ? '' : '\nlitellm_vkey_models: [m]';
    expect(await messagesOf(text + models)).toEqual(messages);
  });

  test('have their set to themselves', async () => {
    expect(
      await messagesOf({
        'v.yaml': 'litellm_vkey_alias: a\nlitellm_vkey_models: m',
        'a.yaml': 'keys: [{ key_alias: b }]',
      }),
    ).toEqual(['a.yaml:1:1 ansible: The set "a" is that of the Ansible variables in v.yaml too.']);
  });
});

test('a document beside the variables in one file may not have their set either', async () => {
  const text = 'litellm_vkey_alias: v\nlitellm_vkey_models: [m]\n---\nset: v\nkeys: [{ key_alias: a }]';
  for (const each of [text, text.split('\n---\n').toReversed().join('\n---\n')])
    expect(await messagesOf(each)).toEqual([
      expect.stringMatching(/ansible: The set "v" is that of the Ansible variables in spec\.yaml too\.$/),
    ]);
});
