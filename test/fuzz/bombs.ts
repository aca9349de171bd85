/** Small specs that ask for a lot: each shape in any size up to 60,000 characters. */
import * as fc from 'fast-check';
import { SPECS } from './specs.ts';
import { target } from './target.ts';

const BIGGEST = 60_000;

/** As many pieces as fit. */
function many(count: number, piece: (index: number) => string, separator = ','): string {
  const pieces: string[] = [];
  for (let index = 0, length = 0; index < count && length < BIGGEST; index += 1) {
    const next = piece(index);
    pieces.push(next);
    length += next.length + separator.length;
  }
  return pieces.join(separator);
}

const SHAPES: Readonly<Record<string, (n: number) => string>> = {
  brackets: (n) => `keys: ${'['.repeat(n)}`,
  'pairs of brackets': (n) => `keys: ${'['.repeat(n / 2)}${']'.repeat(n / 2)}`,
  braces: (n) => `keys: ${'{a: '.repeat(n / 4)}`,
  dashes: (n) => `keys:\n${'- '.repeat(n / 2)}`,
  'question marks': (n) => '? '.repeat(n / 2),
  steps: (n) => many(Math.min(n, 340), (index) => `${' '.repeat(index)}a:`, '\n'),
  'aliases of aliases': (n) =>
    `${many(n % 60, (i) => `a${String(i)}: &a${String(i)} [${many(9, () => `*a${String(i - 1)}`)}]`, '\n')}\nkeys: *a1`,
  'merges of merges': (n) =>
    many(
      n % 60,
      (i) => `a${String(i)}: &a${String(i)} {${many(9, (j) => `b${String(j)}: {<<: *a${String(i - 1)}}`)}}`,
      '\n',
    ),
  'one mapping merged often': (n) =>
    `x: &a {${many(n / 16, (i) => `a${String(i)}: 1`)}}\nkeys:\n${many(n / 16, () => '- <<: *a', '\n')}`,
  'one anchor again and again': (n) => `keys: [${many(n / 10, () => '&a 1,*a')}]`,
  'an alias that has itself': (n) => `keys: &a [${many(n / 10, () => '*a')}]`,
  'problems on one line': (n) => `{"set":"a","keys":[${many(n / 20, (i) => `{"key_alias":"a${String(i)}","x":1}`)}]}`,
  'secrets on one line': (n) => `{"set":"a","keys":[${many(n / 9, () => '"eyJ","sk-12345"')}]}`,
  'unknown fields': (n) => `keys: []\n${many(n / 8, (i) => `f${String(i)}: 1`, '\n')}`,
  'names that are there twice': (n) => `keys: []\n${many(n / 8, () => 'key: 1', '\n')}`,
  documents: (n) => many(n / 20, (i) => `set: a${String(i)}\nkeys: []`, '\n---\n'),
  'documents with long lists': (n) =>
    many(n / 200, (i) => `set: a${String(i)}\nkeys:\n${many(90, () => '-', '\n')}`, '\n---\n'),
  'documents with rosters': (n) =>
    many(n / 40, (i) => `set: a${String(i)}\nkeys: [{key_alias: a, roster: {count: 100000}}]`, '\n---\n'),
  rosters: (n) =>
    `set: a\nkeys:\n${many(n / 40, (i) => `- {key_alias: a${String(i)}, roster: {count: 100000}}`, '\n')}`,
  'rosters that fail': (n) =>
    `set: a\nkeys:\n${many(n / 40, () => '- {key_alias: " ", roster: {count: 100000}}', '\n')}`,
  'a roster with much metadata': (n) =>
    `set: a\nkeys: [{key_alias: a, roster: {count: 100000}, metadata: {${many(n / 16, (i) => `a${String(i)}: "{user}"`)}}}]`,
  'a roster with a long text': (n) =>
    `set: a\nkeys: [{key_alias: a, roster: {count: 100000}, metadata: {a: "{user} ${'x'.repeat(n)}"}}]`,
  'a roster with many deliveries': (n) =>
    `set: a\nkeys: [{key_alias: a, roster: {count: 100000}}]\ndeliver:\n${many(n / 40, (i) => `- dotenv: "s/{user}-${String(i)}"`, '\n')}`,
  'placeholders filled with long values': (n) =>
    `set: a\nkeys: [{key_alias: a, roster: [{user: u, a: ${'v'.repeat(n / 2)}}], metadata: {b: "${'{a}'.repeat(n / 6)}"}}]`,
  'overrides of templates': (n) =>
    `set: a\ndefaults: {metadata: {${many(n / 24, (i) => `a${String(i)}: "{b}"`)}}}\nkeys: [{key_alias: a, roster: [x], overrides: {${many(n / 16, (i) => `b${String(i)}: {}`)}}}]`,
  'unknown users among many': (n) =>
    `set: a\nkeys: [{key_alias: a, roster: {count: 100000}, overrides: {${many(n / 12, (i) => `usr${String(i)}: {}`)}}}]`,
  'users without a value': (n) =>
    `set: a\nkeys: [{key_alias: "a{t}", roster: [{user: x, t: 1},${many(n / 6, (i) => `u${String(i)}`)}]}]`,
  'variables that are not set': (n) => `keys: []\nset: "${'${A}'.repeat(n / 4)}"`,
  digits: (n) => `keys: [{key_alias: a, duration: ${'9'.repeat(n)}d, max_budget: ${'9'.repeat(n)}}]`,
  'a long name': (n) => `keys: [{key_alias: a, ${'n'.repeat(n)}: 1}]`,
  'a long alias': (n) => `keys: [{key_alias: "${'{'.repeat(n)}"}]`,
  quotes: (n) => `keys: ["${'\\"'.repeat(n / 2)}`,
  tags: (n) => `keys: [${many(n / 6, () => '!x 1')}]`,
  comments: (n) => `#${'#'.repeat(n)}\nkeys: []`,
  'blank lines': (n) => `keys:\n${' \n'.repeat(n / 2)}`,
};

const shape = fc.constantFrom(...Object.keys(SHAPES));
const size = fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: BIGGEST }), fc.constant(BIGGEST));

export const BOMBS = {
  bombs: target({
    inputs: fc.tuple(shape, size).map(([name, n]) => ({ name, text: (SHAPES[name]?.(n) ?? '').slice(0, 2 * BIGGEST) })),
    check: ({ text }) => SPECS['specs in YAML'].check(text),
    share: 100,
  }),
};
