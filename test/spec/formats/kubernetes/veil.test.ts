/** Secrets beside the operator's resources are in no frame. */
import { describe, expect, test } from 'vitest';
import { load } from '../../load.ts';

const KEY = `- apiVersion: auth.litellm.ai/v1alpha1
  kind: VirtualKey
  metadata: { name: x }
  spec: { keyAlias: a, maxBudget: much }
`;
const secretWith = (data: string): string => `- apiVersion: v1
  ${data}
  kind: Secret
`;
const listOf = (...items: readonly string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;

describe('what a Secret holds is not shown', () => {
  test.each([
    ['alone', listOf(secretWith('data: { key: c2VjcmV0 }'))],
    ['with a name twice', listOf(KEY, secretWith('data: { key: c2VjcmV0, key: c2VjcmV0cw== }'))],
    ['as text', listOf(secretWith('stringData: { key: c2VjcmV0 }'))],
    ['as text of several lines', listOf(secretWith('stringData:\n    key: |\n      first-line\n      c2VjcmV0'))],
    ['as JSON', '{"apiVersion":"v1","kind":"Secret","stringData":{"key":"first\\nc2VjcmV0"}}'],
    ['as a number', listOf(secretWith('stringData: { key: 20250101, more: 1e999 }'))],
    ['in a document of its own', 'apiVersion: v1\nkind: Secret\nstringData: { key: c2VjcmV0 }\n'],
  ])('%s', async (_, text) => {
    const { problems } = await load(text);
    expect(problems).not.toBe('');
    expect(problems).not.toMatch(/c2VjcmV0|20250101/);
  });
});

test('the lines stay as long as they are, and what others hold stays in them', async () => {
  const { problems } = await load(listOf(secretWith('data: { key: c2VjcmV0, a: b, c: [d], e: ! x }'), KEY));
  expect(problems).toContain('maxBudget "much" is no amount');
  const one = await load('{"apiVersion":"v1","data":{"key":"c2VjcmV0"},"kind":"Secret"}');
  expect(one.problems).toContain(
    '1 | {"apiVersion":"v1","data":{"key":"********"},"kind":"Secret"}\n  | ' + ' '.repeat(52) + '^',
  );
});
