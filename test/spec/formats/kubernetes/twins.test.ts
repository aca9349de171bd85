/** What is here twice, or would be one here though it is two in a cluster. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import { load, messagesOf } from '../../load.ts';
import { resource, stream } from './resource.ts';

const key = (name: string, more: JsonObject = {}, namespace?: string): JsonObject =>
  resource('VirtualKey', { keyAlias: name, ...more }, namespace === undefined ? { name } : { name, namespace });

test('a resource that is here twice is told with both places, though its fields differ', async () => {
  const files = { 'a.yaml': stream(key('k', {}, 'default')), 'b.yaml': stream(key('k', { keyAlias: 'l' })) };
  expect(await messagesOf(files)).toEqual([
    'b.yaml:1:1 duplicate: The VirtualKey "default/k" is here a second time, first at a.yaml:1:1.',
  ]);
});

test('one name is of different things in different namespaces and kinds', async () => {
  const team = resource('Team', { teamAlias: 'k' }, { name: 'k' });
  expect((await load(stream(key('k'), key('k', { keyAlias: 'l' }, 'n'), team))).problems).toBe('');
});

test('a Secret and an instance of one name are not one connection', async () => {
  const secretRef = { name: 'p', keys: { masterKey: 'a', url: 'b' } };
  const bySecret = key('k', { connectionRef: { secretRef } }, 'n');
  const byInstance = key('l', { connectionRef: { instanceRef: { name: 'p' } } }, 'n');
  expect((await messagesOf(stream(bySecret, byInstance))).map((each) => each.replace(/^3:\d+ /, ''))).toEqual([
    'server: "n/p" is a Secret and an instance, the other one at spec.yaml:1:1, and would be one connection.',
  ]);
  const elsewhere = key('l', { connectionRef: { instanceRef: { name: 'p' } } }, 'm');
  expect((await load(stream(bySecret, elsewhere))).problems).toBe('');
});
