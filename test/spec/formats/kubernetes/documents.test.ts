/** Which documents are the operator's resources, and what else lies beside them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/base/json.ts';
import { load, messagesOf } from '../../load.ts';
import { resource, stream } from './resource.ts';

const KUBECTL = readFileSync(new URL('../../../fixtures/kubernetes/kubectl.yaml', import.meta.url), 'utf8');
const KEY = resource('VirtualKey', { keyAlias: 'k' });
const pod: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [] } };
const list = (...items: readonly JsonObject[]): JsonObject => ({ apiVersion: 'v1', kind: 'List', items });

describe('what kubectl prints', () => {
  test('is read with all that the API server adds, and ids that the operator has seen stay', async () => {
    const { specs, problems, notices } = await load({}, { args: ['-'], stdin: KUBECTL });
    expect({ problems, notices }).toEqual({ problems: '', notices: [] });
    expect(specs).toMatchObject([
      { set: 'research.litellm.proxy', isNamed: true, profile: 'litellm/proxy', url: null, adopt: false, files: [] },
    ]);
    const things = specs[0]?.desired ?? [];
    expect(things.map(({ ref, id, placeholders, origin }) => [ref, id, placeholders['name'], origin?.line])).toEqual([
      [{ kind: 'key', name: 'svc' }, undefined, 'svc', 3],
      [
        { kind: 'user', name: '2b1d9c00-0000-4000-8000-000000000002' },
        '2b1d9c00-0000-4000-8000-000000000002',
        'ada',
        51,
      ],
      [{ kind: 'key', name: 'ada-key' }, undefined, 'ada', 51],
      [{ kind: 'team', name: 'lab' }, '7f3c2a10-0000-4000-8000-000000000001', 'lab', 78],
      [{ kind: 'member', name: 'lab/2b1d9c00-0000-4000-8000-000000000002' }, undefined, 'lab', 101],
    ]);
    expect(things.at(-1)?.settings).toMatchObject({ max_budget_in_team: 5, role: 'admin' });
  });

  test('may be JSON, and a list of one kind', async () => {
    const text = JSON.stringify({ ...list(KEY), apiVersion: 'auth.litellm.ai/v1alpha1', kind: 'VirtualKeyList' });
    expect((await load({ 'a.json': text })).specs).toMatchObject([
      { set: 'default', desired: [{ ref: { name: 'k' } }] },
    ]);
  });

  test.each([
    [list(), '1:1 kubernetes: The list is empty: kubectl found nothing.'],
    [pod, '1:27 kubernetes: "Pod" of "v1" is none of the operator\'s resources, so it was passed over.'],
    [{ ...KEY, apiVersion: 'auth.litellm.ai/v1' }, '1:15 kubernetes: "auth.litellm.ai/v1" is not known here.'],
    [{ ...KEY, kind: 'VirtualKeys' }, '1:49 kubernetes: There is no kind "VirtualKeys". Did you mean VirtualKey?'],
    [{ ...KEY, kind: 'Budget' }, '1:49 kubernetes: There is no kind "Budget".'],
    [
      list('x' as unknown as JsonObject),
      '1:43 kubernetes: "" of "" is none of the operator\'s resources, so it was passed over.',
    ],
    [{ ...KEY, metadata: {} }, '1:73 missing: metadata.name is missing.'],
    [{ ...KEY, data: 1 }, '1:110 unknown-field: There is no field "data" here.'],
    [
      { apiVersion: KEY['apiVersion'] ?? '', kind: 'Team', spec: { teamAlias: 't' } },
      '1:1 missing: metadata is missing.',
    ],
    [{ ...resource('VirtualKey', {}), spec: null }, '1:93 missing: keyAlias is missing.'],
    [{ ...resource('VirtualKey', {}), spec: 'x' }, '1:93 type: spec has to be a mapping, but it is text.'],
  ])('%j is told', async (each, message) => {
    expect(await messagesOf(JSON.stringify(each))).toEqual([message]);
  });
});

test('what is no YAML at the bottom is told once', async () => {
  const deep = `apiVersion: v1\nkind: List\nitems: ${'[a: '.repeat(60)}${']'.repeat(60)}\n`;
  expect((await messagesOf(deep)).length).toBe(1);
});

test('other resources beside them are passed over, and those that are being deleted', async () => {
  const leaving = { ...KEY, metadata: { name: 'b', deletionTimestamp: '2026-11-20T08:00:00Z' } };
  const { specs, problems, notices } = await load(stream(pod, KEY, leaving, list()));
  expect([problems, specs.flatMap(({ desired }) => desired).length]).toEqual(['', 1]);
  expect(notices).toEqual([
    '1:27 kubernetes: "Pod" of "v1" is none of the operator\'s resources, so it was passed over.',
    '7:1 kubernetes: The list is empty: kubectl found nothing.',
    '5:85 kubernetes: The resource is being deleted, so it was passed over.',
  ]);
});

test('a folder has them beside specs, and files of others are passed over', async () => {
  const files = {
    'all/key.yaml': stream(KEY),
    'all/list.yaml': stream(list(resource('VirtualKey', { keyAlias: 'l' }, { name: 'l' }))),
    'all/pod.yaml': stream(pod),
    'all/spec.yaml': 'set: default\nkeys: []\ndeliver: [{ dotenv: "{namespace}/{name}-{key_alias}.env" }]\n',
  };
  const { specs, problems, notices, folder } = await load(files, { args: ['all'] });
  expect(problems).toBe('');
  expect(specs).toMatchObject([
    { set: 'default', desired: [{ ref: { name: 'k' } }, { ref: { name: 'l' } }], deliver: [{ to: 'dotenv' }] },
  ]);
  expect(specs[0]?.files).toEqual(['spec', 'key', 'list'].map((name) => `${folder}/all/${name}.yaml`));
  expect(notices).toEqual(['all/pod.yaml:1:1 file: This is no spec, so it was passed over.']);
});

describe('the set', () => {
  const at = (connectionRef: JsonObject | null, namespace?: string) =>
    resource('VirtualKey', { keyAlias: 'k', connectionRef }, namespace === undefined ? {} : { namespace });

  test.each([
    [null, undefined, 'default', null],
    [null, 'ns', 'ns', null],
    [{}, 'ns', 'ns', null],
    [{ instanceRef: { name: 'proxy' } }, 'ns', 'ns.proxy', 'ns/proxy'],
    [{ instanceRef: { name: 'proxy', namespace: 'ns' } }, 'ns', 'ns.proxy', 'ns/proxy'],
    [{ instanceRef: { name: 'proxy', namespace: 'llm' } }, 'ns', 'ns.llm.proxy', 'llm/proxy'],
    [{ instanceRef: { name: 'proxy', namespace: 'llm' } }, undefined, 'default.llm.proxy', 'llm/proxy'],
    [
      { secretRef: { name: 's', keys: { masterKey: 'k', url: 'u' } }, instanceRef: { name: 'proxy' } },
      'ns',
      'ns.s',
      'ns/s',
    ],
  ])('of %j in %s is %s', async (connectionRef, namespace, set, profile) => {
    expect((await load(stream(at(connectionRef, namespace)))).specs).toMatchObject([{ set, profile }]);
  });

  test('has one connection', async () => {
    const long = 'n'.repeat(63);
    const connectionRef = { instanceRef: { name: 'b' } };
    const one = resource('VirtualKey', { keyAlias: 'l', connectionRef }, { name: 'l', namespace: long });
    expect(await messagesOf(stream(at({ instanceRef: { name: 'a' } }, long), one))).toEqual([
      `3:203 server: The set has another connection at spec.yaml:1:203.`,
    ]);
  });
});

test('what is being deleted need not be whole', async () => {
  const leaving = { ...KEY, metadata: { deletionTimestamp: '2026-11-20T08:00:00Z' }, spec: null };
  const { problems, notices } = await load(stream(leaving));
  expect([problems, notices.length]).toEqual(['', 1]);
});
