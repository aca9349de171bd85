/** Members that are put into files of others: everything else stays, in its words and its form, and twice is once. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import type { FileFormat, Templates } from '../../src/encode/client.ts';
import { editsOf, pathText } from '../../src/encode/edits.ts';
import { mergeSettings } from '../../src/encode/settings.ts';

const OURS: Templates = {
  model: 'gpt-4o',
  providers: { litellm: { name: 'LiteLLM', url: 'https://litellm.example.com/v1', args: ['token', 'ada'] } },
};
const LISTED: Templates = { models: [{ name: 'LiteLLM gpt-4o', apiBase: 'https://litellm.example.com/v1' }] };

async function merged(text: string, format: FileFormat, members: Templates = OURS): Promise<string> {
  const { text: made } = await mergeSettings(text, format, members);
  expect(await mergeSettings(made, format, members)).toEqual({ text: made, edits: [] });
  return made;
}

const lineBreaks = fc.constantFrom('\n', '\r\n');
const name = fc
  .stringMatching(/^[a-z][a-z0-9_]{0,6}$/)
  .filter((text) => !['model', 'models', 'providers'].includes(text));
const word = fc.stringMatching(/^[A-Za-z0-9 .:/#-]{0,12}$/);
const comment = fc.stringMatching(/^[A-Za-z0-9 "'{}[\]=:-]{0,15}$/);
/** Foreign members with a comment each, some of them in `providers` too. */
const foreign = fc.record({
  top: fc.uniqueArray(fc.tuple(name, word, comment), { maxLength: 4, selector: ([each]) => each }),
  inside: fc.uniqueArray(fc.tuple(name, word, comment), { maxLength: 3, selector: ([each]) => each }),
  hasModel: fc.boolean(),
  eol: lineBreaks,
});
type Foreign = typeof foreign extends fc.Arbitrary<infer T> ? T : never;
type Row = Foreign['top'][number];

const WRITERS: Readonly<Record<'json' | 'toml' | 'yaml', (file: Foreign) => string>> = {
  json: ({ top, inside, hasModel, eol }) => {
    const row =
      (by: string) =>
      ([key, value, said]: Row): string =>
        `${by}${JSON.stringify(key)}:  ${JSON.stringify(value)}, // ${said}`;
    const model = hasModel ? ['\t"model": "old", // the model'] : [];
    const block = inside.length === 0 ? [] : ['\t"providers": {', ...inside.map(row('\t\t')), '\t},'];
    return ['// first', '{', ...top.map(row('\t')), ...model, ...block, '\t"last":   [1,2] // end', '}', ''].join(eol);
  },
  toml: ({ top, inside, hasModel, eol }) => {
    const row = ([key, value, said]: Row): string => `${key} =  ${JSON.stringify(value)}  # ${said}`;
    const model = hasModel ? ['model = "old" # the model'] : [];
    const blocks = inside.flatMap((each) => ['', `[providers.${each[0]}]`, row(['key', each[1], each[2]])]);
    return [
      '# first',
      ...top.map(row),
      ...model,
      'last = [1,2]',
      ...blocks,
      '',
      '[end] # end',
      'd = 1979-05-27',
      '',
    ].join(eol);
  },
  yaml: ({ top, inside, hasModel, eol }) => {
    const row =
      (by: string) =>
      ([key, value, said]: Row): string =>
        `${by}${key}:   ${JSON.stringify(value)}   # ${said}`;
    const model = hasModel ? ['model: old   # the model'] : [];
    const block = inside.length === 0 ? [] : ['providers:', ...inside.map(row('    ')), ''];
    return ['# first', ...top.map(row('')), ...model, ...block, '# about the last', 'last: [1,2]   # end', ''].join(
      eol,
    );
  },
};

/** Of the model's line only what was said of it stays; a member that another follows may get a comma. */
function isStill(before: string, after: string): boolean {
  if (before.includes('# the model') || before.includes('// the model')) return after.includes(' the model');
  return after === before || after.replace('],', ']') === before;
}

describe.each(Object.entries(WRITERS) as ['json' | 'toml' | 'yaml', (file: Foreign) => string][])(
  '%s',
  (format, write) => {
    it('keeps every line of others as it is, in its order; twice is once', async () => {
      await fc.assert(
        fc.asyncProperty(foreign, async (file) => {
          const before = write(file);
          const after = await merged(before, format);
          const lines = after.split(/\r?\n/);
          let at = 0;
          for (const line of before.split(/\r?\n/)) {
            const found = lines.findIndex((each, index) => index >= at && isStill(line, each));
            expect([line, after, found]).not.toEqual([line, after, -1]);
            at = found + 1;
          }
          expect(after.includes('\r\n')).toBe(file.eol === '\r\n');
          expect(after.replaceAll('\r\n', '')).not.toContain('\r');
        }),
        { numRuns: 60 },
      );
    });

    it('begins a file that is empty, or has nothing but remarks', async () => {
      const remark = format === 'json' ? '// mine\n' : '# mine\n';
      const fresh = await merged('', format);
      expect(fresh).toMatch(/^\S[^]*\S\n$/);
      const after = await merged(remark, format);
      expect(after.startsWith(remark)).toBe(true);
      expect(await merged(`\uFEFF${remark}`, format)).toBe(`\uFEFF${after}`);
    });
  },
);

describe('a list', () => {
  it('gets an item of its name, and keeps the others and their remarks', async () => {
    const text =
      '# mine\nmodels:\n  - name: A   # first\n    roles: [a,   b]\n\n  # second\n  - name:   B\n    key: |\n      abc\n\n# context\ncontext:\n- provider: code\n';
    expect(await merged(text, 'yaml', LISTED)).toBe(
      text.replace('      abc\n', '      abc\n  - name: LiteLLM gpt-4o\n    apiBase: https://litellm.example.com/v1\n'),
    );
  });

  it('has its item changed in place', async () => {
    expect(await merged('models:\n- name: LiteLLM gpt-4o\n  apiBase: "old"  # base\n- name: B\n', 'yaml', LISTED)).toBe(
      'models:\n- name: LiteLLM gpt-4o\n  apiBase: "https://litellm.example.com/v1"  # base\n- name: B\n',
    );
  });

  it.each(['models: []\n', 'models:\n', 'models: [{ name: A }]\n'])('is begun or gone on with in %j', async (text) => {
    const after = await merged(text, 'yaml', LISTED);
    expect(after).toContain('LiteLLM gpt-4o');
    if (text.includes('A')) expect(after).toContain('name: A');
  });

  it('of plain values is one value', () => {
    expect(editsOf({ args: ['a'] }, { args: ['b'] })).toMatchObject([{ value: ['b'], isThere: true }]);
    expect(editsOf({ args: ['b'] }, { args: ['b'] })).toEqual([]);
  });
});

describe('the form of a file', () => {
  it('stays on one line where it was', async () => {
    expect(await merged('{"env":{"A":"1"},"x":[1,2]}', 'json', { env: { B: '2' } })).toBe(
      '{"env":{"A":"1","B": "2"},"x":[1,2]}',
    );
  });

  it('has a table of TOML as people write it', async () => {
    expect(await merged('[providers.mine]\nname = "x"', 'toml')).toMatchInlineSnapshot(`
      "model = "gpt-4o"

      [providers.mine]
      name = "x"

      [providers.litellm]
      name = "LiteLLM"
      url = "https://litellm.example.com/v1"
      args = [ "token", "ada" ]
      "
    `);
  });

  it('takes an inline table of TOML as it is', async () => {
    expect(await merged('providers = { mine = { name = "x" } } # one\n', 'toml')).toContain('# one');
  });

  it('takes a member away that is to be none', async () => {
    expect(await merged('{\n  // a\n  "a": 1,\n  "b": 2\n}\n', 'json', { b: null })).toBe('{\n  // a\n  "a": 1\n}\n');
    expect(await merged('a: 1 # a\nb: 2\n', 'yaml', { b: null })).toBe('a: 1 # a\n');
    expect(await merged('[p]\na = 1 # a\nb = 2\n', 'toml', { p: { b: null } })).toBe('[p]\na = 1 # a\n');
    expect(await merged('A=1 # a\nB=2\n', 'dotenv', { B: null, C: '3' })).toBe('A=1 # a\nC=3\n');
  });
});

describe('a file is refused, with its line and column, that', () => {
  it.each<[FileFormat, string, number, number]>([
    ['json', '{\n  "a": 1,\n  "b": ,\n}\n', 3, 8],
    ['json', '{"a": 1', 1, 8],
    ['toml', 'a = 1\nb = = 2\n', 2, 5],
    ['toml', 'a = 1\na = 2\n', 2, 1],
    ['yaml', 'a: 1\nb: [x\n', 3, 1],
    ['yaml', 'a: 1\nb: *x\n', 2, 4],
    ['yaml', 'a: 1\n  b: 2\n', 1, 4],
  ])('is no %s: %j', async (format, text, line, column) => {
    const error = await mergeSettings(text, format, OURS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VkeysError);
    expect(error).toMatchObject({ kind: 'config', facts: { line, column }, hint: expect.stringContaining('--file') });
  });
});

it.each<[FileFormat, string, string]>([
  ['json', '[1]', 'The file is not an object.'],
  ['json', '{"providers": 3}', 'providers is not an object.'],
  ['toml', 'providers = 3\n', 'providers is not an object.'],
  ['yaml', 'models: {}\nproviders: x\n', 'providers is not an object.'],
])('something else in the place of ours is left: %s %j', async (format, text, words) => {
  await expect(mergeSettings(text, format, OURS)).rejects.toThrow(words);
});

it('what cannot be added to without a change elsewhere is refused', async () => {
  const text = 'base: &b { name: x }\nproviders: { litellm: *b, other: *b }\n';
  await expect(mergeSettings(text, 'yaml', OURS)).rejects.toThrow('without changing something else in it');
  await expect(mergeSettings('{"model": "a", "model": "b"}', 'json', OURS)).rejects.toThrow('without changing');
});

it('a place is told in words that no terminal obeys', () => {
  expect(pathText(['a', 2, 'b\u001B'])).toBe(String.raw`a[2].b\u{1b}`);
});
