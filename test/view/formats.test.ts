import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { Json } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import type { Client } from '../../src/encode/clients.ts';
import { csvText } from '../../src/encode/csv.ts';
import { besideText, envText } from '../../src/view/env.ts';
import { jsonChunks, jsonText } from '../../src/encode/json.ts';
import { shortNames } from '../../src/view/names.ts';
import { lines, oneLine } from '../../src/encode/terminal.ts';
import { wrap } from '../../src/view/wrap.ts';
import { fromNow, momentText, secondsText } from '../../src/view/time.ts';
import { valueText } from '../../src/view/value.ts';
import { yamlChunks, yamlText } from '../../src/encode/yaml.ts';
import { NOW } from './values.ts';

const BASE = 'https://litellm.example.com/v1';
const secret = new Secret('sk-abc_DEF-123');
const HOSTILE = { a: 'x\u001B[31m', b: '\u202Eabc\u009B', c: 'two\nlines', d: null, e: ['\u2028'], '\u2066k': 1 };

describe('env', () => {
  test('is ready for OpenAI clients with one key', () => {
    expect(envText([{ key_alias: 'svc', secret }], BASE)).toBe(
      `OPENAI_API_KEY=sk-abc_DEF-123\nOPENAI_BASE_URL=${BASE}\n`,
    );
  });

  test('names each of several keys', () => {
    const text = envText(
      [
        { key_alias: 'lab-ada', secret },
        { key_alias: '2nd key', secret },
      ],
      BASE,
    );
    expect(parseEnv(text)).toEqual({
      LAB_ADA_API_KEY: 'sk-abc_DEF-123',
      _2ND_KEY_API_KEY: 'sk-abc_DEF-123',
      OPENAI_BASE_URL: BASE,
    });
    expect(() =>
      envText(
        [
          { key_alias: 'a-b', secret },
          { key_alias: 'a_b', secret },
        ],
        BASE,
      ),
    ).toThrow('a_b and another key would both be A_B_API_KEY.');
  });

  const ROOT = 'https://litellm.example.com';
  const KEY = 'sk-abc_DEF-123';

  test.each<[Client, Readonly<Record<string, string>>]>([
    ['openai', { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: BASE }],
    ['anthropic', { ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_BASE_URL: ROOT }],
    ['claude-code', { ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_BASE_URL: ROOT }],
    ['gemini-cli', { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: ROOT }],
    ['aider', { OPENAI_API_KEY: KEY, OPENAI_API_BASE: BASE }],
    ['langchain', { OPENAI_API_KEY: KEY, OPENAI_API_BASE: BASE }],
    ['llamaindex', { OPENAI_API_KEY: KEY, OPENAI_API_BASE: BASE }],
    ['ai-sdk', { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: BASE }],
    ['litellm-sdk', { LITELLM_PROXY_API_KEY: KEY, LITELLM_PROXY_API_BASE: ROOT }],
    ['open-webui', { OPENAI_API_KEY: KEY, OPENAI_API_BASE_URL: BASE }],
    ['codex', { LITELLM_API_KEY: KEY }],
    ['zed', { GATEWAY_API_KEY: KEY }],
  ])('has the names and the address that %s reads', (client, variables) => {
    expect(parseEnv(envText([{ key_alias: 'svc', secret }], BASE, client))).toEqual(variables);
    const several = parseEnv(
      envText(
        ['a', 'b'].map((key_alias) => ({ key_alias, secret })),
        BASE,
        client,
      ),
    );
    expect(new Set(Object.values(several))).toEqual(new Set(Object.values(variables)));
    expect(Object.keys(several)).toHaveLength(Object.keys(variables).length + 1);
  });

  test('has all of them for one key, and of several a name for each', () => {
    expect(envText([{ key_alias: 'svc', secret }], BASE, 'all')).toMatchInlineSnapshot(`
      "OPENAI_API_KEY=sk-abc_DEF-123
      ANTHROPIC_AUTH_TOKEN=sk-abc_DEF-123
      LITELLM_PROXY_API_KEY=sk-abc_DEF-123
      OPENAI_BASE_URL=https://litellm.example.com/v1
      OPENAI_API_BASE=https://litellm.example.com/v1
      ANTHROPIC_BASE_URL=https://litellm.example.com
      LITELLM_PROXY_API_BASE=https://litellm.example.com
      "
    `);
    expect(
      envText(
        ['a', 'b'].map((key_alias) => ({ key_alias, secret })),
        BASE,
        'all',
      ),
    ).toMatchInlineSnapshot(`
      "A_API_KEY=sk-abc_DEF-123
      A_ANTHROPIC_AUTH_TOKEN=sk-abc_DEF-123
      A_LITELLM_PROXY_API_KEY=sk-abc_DEF-123
      B_API_KEY=sk-abc_DEF-123
      B_ANTHROPIC_AUTH_TOKEN=sk-abc_DEF-123
      B_LITELLM_PROXY_API_KEY=sk-abc_DEF-123
      OPENAI_BASE_URL=https://litellm.example.com/v1
      OPENAI_API_BASE=https://litellm.example.com/v1
      ANTHROPIC_BASE_URL=https://litellm.example.com
      LITELLM_PROXY_API_BASE=https://litellm.example.com
      "
    `);
  });

  test.each<[readonly (readonly string[])[], string | undefined]>([
    [[['gpt-4o']], 'gpt-4o'],
    [[['gpt-4o'], ['gpt-4o']], 'gpt-4o'],
    [[['gpt-4o'], ['gpt-5']], undefined],
    [[['gpt-4o'], []], undefined],
    [[['gpt-4o', 'gpt-5']], undefined],
    [[['openai/*']], undefined],
    [[['all-team-models']], undefined],
    [[[]], undefined],
  ])('names the model where there is just one: %j', (models, model) => {
    const keys = models.map((each, index) => ({ key_alias: `k${String(index)}`, secret, models: each }));
    const variables = parseEnv(envText(keys, BASE, 'claude-code'));
    expect([variables['ANTHROPIC_MODEL'], variables['ANTHROPIC_DEFAULT_HAIKU_MODEL']]).toEqual([model, model]);
    expect(parseEnv(envText(keys, BASE, 'gemini-cli'))['GEMINI_MODEL']).toBe(model);
    expect(Object.values(variables)).not.toContain('');
  });
});

describe('what a client wants beside its variables', () => {
  const own = [{ key_alias: 'svc', secret, models: ['gpt-4o'] }];

  test.each<Client>(['openai', 'anthropic', 'langchain', 'all'])('is nothing for %s', async (client) => {
    expect(await besideText(own, BASE, client)).toBeNull();
  });

  test.each<[Client, string]>([
    ['aider', 'Its names of models begin with openai/: aider --model openai/gpt-4o'],
    [
      'cline',
      'In its settings: provider LiteLLM, base URL https://litellm.example.com, the key, and the model gpt-4o.',
    ],
  ])('is a word to whoever uses %s', async (client, word) => {
    expect(await besideText(own, BASE, client)).toBe(word);
  });

  test('is said with its place, and where the key goes', async () => {
    expect(await besideText(own, BASE, 'codex')).toMatchInlineSnapshot(`
      "codex wants LITELLM_API_KEY in the environment, and in ~/.codex/config.toml:

      model = "gpt-4o"
      model_provider = "litellm"

      [model_providers.litellm]
      name = "LiteLLM"
      base_url = "https://litellm.example.com/v1"
      wire_api = "responses"
      env_key = "LITELLM_API_KEY""
    `);
  });

  test('leaves the model open where there are several', async () => {
    const two = [{ key_alias: 'svc', secret, models: ['a', 'b'] }];
    expect(await besideText(two, BASE, 'codex')).toContain('MODEL stands for a model of the key');
  });

  test('obeys nothing on a terminal', async () => {
    const text = await besideText([{ key_alias: 'svc', secret, models: ['a"\nb\u202E'] }], BASE, 'codex');
    expect(text).toContain(String.raw`model = "a\"\nb\u{202e}"`);
  });
});

describe('csv', () => {
  test('has a header of all members, and lists in one cell', () => {
    expect(
      csvText([
        { a: 1, b: ['x', 'y'] },
        { a: null, c: { d: true } },
      ]),
    ).toBe('a,b,c\n1,"x,y",\n,,"{""d"":true}"\n');
    expect(csvText([])).toBe('');
  });
});

test('an object is the same text, whether its list is held or comes item by item', () => {
  for (const items of [[], [1], [HOSTILE, { a: [] }, 'x', []]]) {
    const object = { version: 1, keys: items, more: ['"keys": []'] };
    expect([...jsonChunks({ ...object, keys: [] }, 'keys', items)].join('')).toBe(jsonText(object));
    for (const each of [object, { keys: items }, { keys: items, a: 1 }, { a: 1, keys: items }])
      expect([...yamlChunks({ ...each, keys: [] }, 'keys', items)].join('')).toBe(yamlText(each));
  }
});

test('a table is the same text, however many rows it has', () => {
  const rows = Array.from({ length: 1200 }, (_, index) => ({ a: index, [index === 900 ? 'b' : 'a']: index }));
  const text = csvText(rows);
  expect(text.split('\n').length).toBe(1202);
  expect(text.startsWith('a,b\n0,\n')).toBe(true);
});

test.each([
  ['JSON', jsonText, (text: string): unknown => JSON.parse(text)],
  ['YAML', yamlText, (text: string): unknown => parseYaml(text)],
])('%s is safe on a terminal and reads back the same', (_, print, read) => {
  const text = print(HOSTILE);
  expect(read(text)).toEqual(HOSTILE);
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/);
  expect(text.endsWith('\n')).toBe(true);
});

test('what a terminal would obey is an escape in every format', () => {
  const text = 'a\u001B[2J\u009Bb\r\u202E\u{E0041}';
  for (const shown of [jsonText({ [text]: text }), yamlText({ [text]: text }), csvText([{ [text]: text, b: text }])]) {
    expect(shown).not.toMatch(/[^\n -~]/);
  }
  expect(JSON.parse(jsonText({ [text]: text }))).toEqual({ [text]: text });
  expect(parseYaml(yamlText({ [text]: text }))).toEqual({ [text]: text });
});

test('what a terminal would obey is shown instead', () => {
  expect(oneLine('a\u001B[2J\r\n\tb\u202E\u{E0041}c\uD800')).toBe(
    String.raw`a\u{1b}[2J\r\n\tb\u{202e}\u{e0041}c\u{d800}`,
  );
  expect(lines('a\r\nb\u0007')).toBe('a\nb\\u{7}');
  expect(oneLine('Ünïcödé 👩‍🔬 漢字')).toBe('Ünïcödé 👩‍🔬 漢字');
});

test('many names are told in few words, and none is lost', () => {
  expect(shortNames(['a-u1', 'a-u2', 'a-u3', 'b', 'c9', 'c10', 'c11', 'd1', 'd2', 'x'])).toEqual([
    'a-u1 … u3',
    'b',
    'c9 … c11',
    'd1',
    'd2',
    'x',
  ]);
  expect(shortNames(['u01', 'u02', 'u03', 'u4', 'u005'])).toEqual(['u01 … u03', 'u4', 'u005']);
  expect(wrap(['aaa', 'bbb', 'ccc'], 9)).toBe('aaa, bbb,\nccc');
  expect(wrap(['日本', 'e\u0301e\u0301', '日本'], 11)).toBe('日本, e\u0301e\u0301,\n日本');
  expect(wrap(['e\u0301'.repeat(4), 'b'], 7)).toBe(`${'e\u0301'.repeat(4)}, b`);
});

function away(seconds: number): string {
  return fromNow(new Date(NOW.getTime() + seconds * 1000), NOW);
}

test('time is told in words', () => {
  expect([0, 30, -90, 5000, 5 * 3600, -36 * 3600, 3 * 86_400 - 5, 120 * 86_400, 3 * 366 * 86_400].map(away)).toEqual([
    'now',
    'in 30 s',
    '2 min ago',
    'in 83 min',
    'in 5 h',
    '36 h ago',
    'in 3 days',
    'in 4 months',
    'in 3 years',
  ]);
  expect(momentText(null, NOW)).toBe('never');
  expect(momentText('soon', NOW)).toBe('soon');
  expect(secondsText(2.14)).toBe('2.1 s');
  expect(secondsText(59.97)).toBe('1 min 0 s');
  expect(secondsText(185)).toBe('3 min 5 s');
});

function words(field: string, value: Json): string {
  return valueText(field, value, NOW);
}

test('values are told in words', () => {
  expect(words('models', [])).toBe('all models');
  expect(words('allowed_routes', [])).toBe('not set');
  expect(words('user_id', '')).toBe('""');
  expect(words('user_id', 'not set')).toBe('"not set"');
  expect(words('aliases', { a: 'b' })).toBe('{"a":"b"}');
  expect(words('blocked', false)).toBe('false');
});
