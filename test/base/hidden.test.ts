import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIDDEN, hidden, isFromEnvironment, isSecretName, secretTexts } from '../../src/base/hidden.ts';
import type { Json } from '../../src/base/json.ts';
import { hold, redact, release, Secret } from '../../src/base/secret.ts';

describe('a name', () => {
  it.each([
    'password',
    'db_password',
    'PGPASSWORD',
    'DB-Passwd',
    'passphrase',
    'secret',
    'clientSecret',
    'langfuse_secret_key',
    'api_key',
    'apikey',
    'apiKey',
    'x-api-key',
    'APIKEY',
    'OPENAI_API_KEY',
    'private_key',
    'privateKey',
    'aws_access_key_id',
    'access_token',
    'refreshToken',
    'tokens',
    'token',
    'bearer',
    'authorization',
    'Authorization',
    'auth',
    'cookie',
    'credential',
    'vertex_credentials',
    'key',
  ])("is a secret's: %s", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'max_tokens',
    'input_cost_per_token',
    'token_limit',
    'key_alias',
    'key_name',
    'key_id',
    'key_type',
    'cost_center',
    'langfuse_host',
    'monkey',
    'author',
    'tokenizer',
    'keys_used',
    'keyboard',
    'secretary',
    'project',
    '',
  ])("is none's: %s", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

it.each<[string, Json, Json]>([
  ['api_token', 'plain', HIDDEN],
  ['api_token', '', ''],
  ['api_token', null, null],
  ['password', 12345, HIDDEN],
  ['password', { a: ['x', { b: 'y' }], c: true }, { a: [HIDDEN, { b: HIDDEN }], c: true }],
  ['stage', 'prod', 'prod'],
  [
    'stage',
    { callback_vars: { langfuse_secret_key: 'x', langfuse_host: 'h' } },
    { callback_vars: { langfuse_secret_key: HIDDEN, langfuse_host: 'h' } },
  ],
  ['stage', 'litellm_enc::abc', HIDDEN],
  ['stage', 'abcd****wxyz', HIDDEN],
  ['stage', 'sk-...wXyZ', HIDDEN],
  ['stage', ['see sk-abcdefghijkl'], [HIDDEN]],
  ['stage', 'a * b', 'a * b'],
  ['stage', ['postgres://vkeys:pw@db/x', 'at https://:pw@h'], [HIDDEN, HIDDEN]],
  ['stage', 'https://h:4000/a@b', 'https://h:4000/a@b'],
  ['stage', 'https://user@h', 'https://user@h'],
  ['max_tokens', 500, 500],
  ['tokens', 500, 500],
  ['tokens', '500', HIDDEN],
  ['keys', { password: 7, count: 7 }, { password: HIDDEN, count: 7 }],
  ['password', { keys: 7 }, { keys: HIDDEN }],
])('%s: %j is shown as %j', (name, value, shown) => {
  expect(hidden(value, name)).toEqual(shown);
});

it('hides what came from the environment, whatever its name', () => {
  expect(hidden({ a: 'prod', b: ['7', 7, 'other'] }, 'stage', new Set(['prod', '7']))).toEqual({
    a: HIDDEN,
    b: [HIDDEN, HIDDEN, 'other'],
  });
});

it('tells what is hidden only because it came from the environment', () => {
  const own = new Set(['prod']);
  expect(isFromEnvironment({ a: 'prod' }, 'stage', own)).toBe(true);
  expect(isFromEnvironment({ password: 'x', host: 'prod' }, 'stage', own)).toBe(true);
  expect(isFromEnvironment({ password: 'prod', host: 'h' }, 'stage', own)).toBe(false);
  expect(isFromEnvironment('prod', 'api_key', own)).toBe(false);
  expect(isFromEnvironment('prod', 'stage')).toBe(false);
});

it('shows no part of a secret, wherever it is, and says that there is one', () => {
  const text = fc.stringMatching(/^Q[a-z0-9]{7,12}Q$/);
  const names = fc.constantFrom('api_key', 'password', 'logging', 'a', 'headers');
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(names, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(tree, names, (value, name) => {
      const secrets = secretTexts(value, name);
      const shown = JSON.stringify(hidden(value, name));
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
      const open = JSON.stringify(value).match(/Q[a-z0-9]+Q/g) ?? [];
      expect(shown.match(/Q[a-z0-9]+Q/g) ?? []).toHaveLength(open.length - secrets.length);
    }),
  );
});

it('a secret that is held is in no text, also as JSON and URLs write it', () => {
  const value = 'corr"ect horse/ü';
  expect(redact(`${value} ${JSON.stringify({ value })}`)).toContain('horse');
  const secret = hold(new Secret(value));
  expect(secret.reveal()).toBe(value);
  const clean = redact(`${value} ${JSON.stringify({ value })} ?key=${encodeURIComponent(value)}`);
  expect(clean).toBe('[secret] {"value":"[secret]"} ?key=[secret]');
  hold(new Secret('admin'));
  expect(redact('the password of admin')).toBe('the password of admin');
  release();
  expect(redact(value)).toBe(value);
});
