import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { readTrees } from '../../src/spec/read/source.ts';
import { numberedText } from '../../src/spec/read/text.ts';
import { readTree } from '../../src/spec/read/value.ts';
import { character } from '../support/character.ts';
import { keysOf, load, messagesOf } from './load.ts';

describe('YAML', () => {
  test('may have anchors, aliases and merge keys', async () => {
    const keys = await keysOf(`defaults: &d { max_budget: 1, rpm_limit: 2 }
keys:
  - { key_alias: a, metadata: { one: &x [1], two: *x } }
  - { <<: *d, key_alias: b, max_budget: 3 }
  - &base { key_alias: c, <<: [{ tpm_limit: 4 }, { tpm_limit: 5, blocked: true }] }
  - { <<: *base, key_alias: d }`);
    expect(keys.map(({ settings, metadata }) => ({ ...settings, ...metadata }))).toEqual([
      { max_budget: 1, rpm_limit: 2, one: [1], two: [1] },
      { max_budget: 3, rpm_limit: 2 },
      { max_budget: 1, rpm_limit: 2, tpm_limit: 4, blocked: true },
      { max_budget: 1, rpm_limit: 2, tpm_limit: 4, blocked: true },
    ]);
  });

  test('lets an alias stand for the last anchor before it in its document', async () => {
    const { specs } = await load(`set: one
keys: [{ key_alias: &a a1, user_id: *a }, { key_alias: &a a2, user_id: *a }]
---
set: two
keys: [{ key_alias: &a b1, user_id: *a }]`);
    expect(specs.flatMap(({ desired }) => desired.map(({ settings }) => settings.user_id))).toEqual(['a1', 'a2', 'b1']);
  });

  test('gives long lists their places, anchors and order', async () => {
    const list = Array.from(
      { length: 200 },
      (_, n) => `  - key_alias: k${String(n)}\n    <<: *d\n    rpm_limit: ${n === 150 ? '-1' : String(n)}\n`,
    );
    const text = (items: readonly string[]) =>
      `defaults: &d { max_budget: 1 }\nset: s\nkeys:\n${items.join('')}deliver: []\n`;
    expect(await messagesOf(text(list))).toEqual(['456:16 value: rpm_limit is less than 0.']);
    const keys = await keysOf(text(list.filter((_, n) => n !== 150)));
    expect(keys.map(({ settings }) => settings.rpm_limit)).toEqual(
      Array.from({ length: 200 }, (_, n) => n).filter((n) => n !== 150),
    );
    expect(keys.at(-1)?.origin).toEqual({ file: 'spec.yaml', line: 598, column: 5 });
    expect(await messagesOf(text(list).replace('k9\n', '[k9\n'))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^3\d:\d+ yaml: /)]),
    );
    expect(await messagesOf(`${text(list)}x: [`)).toEqual([expect.stringMatching(/^605:5 yaml: /)]);
    expect(await messagesOf(`- [\n${list.join('')}`)).not.toEqual([]);
  });

  test('lets an alias stand for the whole of a long list', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `m${String(n)}`);
    const text = numberedText('x', `a: &list\n${names.map((name) => `- ${name}\n`).join('')}b: *list\n`);
    const problems: unknown[] = [];
    const [document] = readTrees(text, (problem) => problems.push(problem));
    const report = (problem: unknown) => problems.push(problem);
    expect(document && readTree(document, text, {}, report, report)?.value).toEqual({ a: names, b: names });
    expect(problems).toEqual([]);
  });

  test('is 1.2, whatever it says: dates and yes are texts', async () => {
    const [key] = await keysOf(
      '%YAML 1.1\n---\nkeys: [{ key_alias: 2026-12-24, metadata: { yes: no }, extra: { on: 0x10, 5: 1e3, true: 012 } }]',
    );
    expect(key).toMatchObject({
      ref: { name: '2026-12-24' },
      metadata: { yes: 'no' },
      extra: { on: 16, 5: 1000, true: 12 },
    });
  });

  test('of several documents is several specs, without the empty ones', async () => {
    const { specs } = await load('---\nset: a\nkeys: []\n---\n# nothing\n---\nset: b\nkeys: []\n...\n');
    expect(specs.map(({ set }) => set)).toEqual(['a', 'b']);
  });

  test.each([
    ['keys: [', '1:8 yaml: Flow sequence in block collection must be sufficiently indented and end with a ].'],
    ['keys: []\n  a: 1', '2:1 yaml: All mapping items must start at the same column.'],
    ['keys: [{ key_alias: *a }]', '1:21 yaml: There is no anchor &a before this.'],
    ['keys: [{ key_alias: !secret a }]', '1:29 yaml: The tag "!secret" is not known here.'],
    [
      'keys: [{ key_alias: a, metadata: { n: .nan } }]',
      '1:39 yaml: JSON has no such value, so the server cannot take it.',
    ],
    ['keys: [{ key_alias: a, key_alias: b }]', '1:24 duplicate: The name "key_alias" is here twice.'],
    ['keys: [{ key_alias: a, metadata: { __proto__: 1 } }]', '1:36 yaml: No member may have the name __proto__.'],
    ['keys: [{ key_alias: a, metadata: { [x]: 1 } }]', '1:36 yaml: A name has to be a plain text.'],
    ['keys: [{ key_alias: a, metadata: { ? : 1 } }]', '1:38 yaml: A name has to be a plain text.'],
    ['keys: [{ key_alias: a, <<: 5 }]', '1:28 yaml: Only a mapping can be merged with <<.'],
  ])('%j is refused', async (text, message) => {
    expect((await messagesOf(text))[0]).toBe(message);
  });

  test('may have text where the name is <<', async () => {
    const [key] = await keysOf('keys: [{ key_alias: a, metadata: { "<<": 5, ? b } }]');
    expect(key?.metadata).toEqual({ '<<': 5, b: null });
  });

  test.each([
    ['a cycle', 'keys: &a [*a, *a]'],
    ['a cycle of merges', 'keys: []\nx: &a { <<: *a }'],
    ['depth', `keys: ${'['.repeat(70)}${']'.repeat(70)}`],
    ['a bomb', `a: &a [${'x,'.repeat(99)}]\nb: &b [${'*a,'.repeat(99)}]\nkeys: [${'*b,'.repeat(99)}]`],
  ])('is refused for %s', async (_, text) => {
    expect((await messagesOf(text)).map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([
      'limit: This is nested more than 64 levels deep, or its aliases multiply it.',
    ]);
  });

  test('is refused when the parser itself runs out of stack', async () => {
    expect(await messagesOf(`keys: ${'['.repeat(100_000)}`)).toEqual(['1:106 limit: This is nested too deeply.']);
  });

  test('never makes the reader throw', () => {
    const words = fc.constantFrom(
      'keys',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '<<',
      '"',
      "'",
      '!x',
      '#',
      '---',
      '|',
      '>',
      ',',
      '${A}',
      '? ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: character })), { maxLength: 40 }), (parts) => {
        const text = numberedText('x', parts.join(''));
        for (const document of readTrees(text, () => undefined))
          readTree(
            document,
            text,
            {},
            () => undefined,
            () => undefined,
          );
      }),
      { numRuns: 300 },
    );
  });

  test('that cannot be a spec never makes loading throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom('keys', 'defaults', 'deliver', 'server', 'litellm_vkey_alias', 'litellm_vkey_models'),
        async (value, name) => {
          const stdin = JSON.stringify({ keys: [{ key_alias: 'a' }], set: 's', [name]: value });
          expect(await load({}, { args: ['-'], stdin })).toHaveProperty('specs');
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('variables', () => {
  const env = { NAME: 'ada', EMPTY: '', BUDGET: '5', ON: 'true' };

  test('of the environment may be in any text, but not in names', async () => {
    const [key] = await keysOf(
      `keys:
  - key_alias: "x-\${NAME}"
    max_budget: \${BUDGET}
    blocked: \${ON}
    auto_rotate: \${OFF:-false}
    budget_id: \${NAME}
    user_id: "\${BUDGET}"
    team_id: \${EMPTY:-t}
    metadata: { "\${NAME}": "$$\${NAME}$5 \${NO:-}", a: "\${NO:-no}\${NAME:-x}", b: "\${BUDGET}x" }`,
      { env },
    );
    expect(key).toMatchObject({
      ref: { name: 'x-ada' },
      settings: { max_budget: 5, blocked: true, auto_rotate: false, budget_id: 'ada', user_id: '5', team_id: 't' },
      metadata: { '${NAME}': '$ada$5 ', a: 'noada', b: '5x' },
    });
  });

  test('that are not set are a problem, but not in the address', async () => {
    expect(
      await messagesOf('{ server: { url: "${URL}" }, keys: [{ key_alias: "${NO}-${NAME}" , user_id: "${A B}" }] }', {
        env,
      }),
    ).toEqual([
      '1:50 environment: The environment variable NO is not set.',
      '1:77 environment: "${A B}" names no environment variable.',
    ]);
    const { specs } = await load('{ server: { url: "${URL}" }, keys: [] }');
    expect(specs[0]?.url).toBeNull();
  });
});

describe('the hint', () => {
  test('for a variable in brackets is to quote it', async () => {
    const { problems } = await load('keys: [{ key_alias: ${NAME} }]', { env: { NAME: 'a' } });
    expect(problems).toContain('A text with {…} or ${…} in it needs quotes around it');
  });
});
