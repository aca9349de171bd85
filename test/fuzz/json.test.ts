import { expect, test } from 'vitest';
import { parseJson } from '../../src/base/json.ts';

test.each([
  ['so deep that walking through it would exhaust the stack', `${'['.repeat(101)}${']'.repeat(101)}`],
  ['open brackets without end', '{"a":'.repeat(1_000_000)],
  ['so many lists that they would fill the memory', `[${'[],'.repeat(100_000)}1]`],
])('a text is no JSON that has %s', (_, text) => {
  expect(parseJson(text)).toBeUndefined();
});

test('brackets inside of texts are no brackets', () => {
  const text = `${'[{'.repeat(200)}\\"`;
  expect(parseJson(JSON.stringify([text, { [text]: text }]))).toEqual([text, { [text]: text }]);
  expect(parseJson(`${'['.repeat(100)}${']'.repeat(100)}`)).toBeDefined();
});
