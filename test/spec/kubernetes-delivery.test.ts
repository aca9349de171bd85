import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, messagesOf } from './load.ts';

const KEYS = `keys: [{ key_alias: '{user}', roster: [{ user: ada, team: red, long: '${'x'.repeat(64)}', at: 'a@b.c' }] }]\n`;
const deliver = async (item: string, keys = KEYS) =>
  (await messagesOf(`${keys}deliver: [{ kubernetes: ${item} }]`)).map((line) => line.replace(/^\d+:\d+ /, ''));

describe('a delivery to Kubernetes', () => {
  test('says where, and what is in the Secret', async () => {
    const { specs, folder } = await load({
      'spec.yaml': `${KEYS}deliver:
  - kubernetes: llm-{user}
  - kubernetes: labs/one
  - kubernetes:
      context: prod{1}
      namespace: team-{team}
      name: all
      for: anthropic
      data: { MORE: '{user}' }
      labels: { app: llm, team: '{team}', empty: '' }
      annotations: { example.com/about: 'Key of {user}, at {at}' }
      type: my.own/type
      rollout: deployment/search
      force: true
  - kubernetes: { name: 'llm-{user}', manifests: out }
  - kubernetes: { namespace: '{set}', name: 'llm-{key_id}', manifests: out, data: { '{KEY_ALIAS}': '{key}' } }`,
    });
    const spec = join(folder, 'spec.yaml');
    const usual = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };
    expect(specs[0]?.deliver).toEqual([
      { to: 'kubernetes', path: 'kubernetes:llm-{user}', name: 'llm-{user}', variables: usual, spec },
      { to: 'kubernetes', path: 'kubernetes:labs/one', namespace: 'labs', name: 'one', variables: usual, spec },
      {
        to: 'kubernetes',
        path: 'kubernetes:prod{{1}}/team-{team}/all',
        context: 'prod{1}',
        namespace: 'team-{team}',
        name: 'all',
        variables: { ANTHROPIC_AUTH_TOKEN: '{key}', ANTHROPIC_BASE_URL: '{api_endpoint}', MORE: '{user}' },
        optional: ['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL'],
        labels: { app: 'llm', team: '{team}', empty: '' },
        annotations: { 'example.com/about': 'Key of {user}, at {at}' },
        type: 'my.own/type',
        rollout: ['deployment/search'],
        force: true,
        spec,
      },
      { to: 'manifest', path: join(folder, 'out/llm-{user}.yaml'), name: 'llm-{user}', variables: usual, spec },
      {
        to: 'manifest',
        path: join(folder, 'out/{set}/llm-{key_id}.yaml'),
        namespace: '{set}',
        name: 'llm-{key_id}',
        variables: { '{KEY_ALIAS}': '{key}' },
        spec,
      },
    ]);
  });

  test.each([
    ['{}', 'missing: name is missing.'],
    ['{ name: x, nam: y }', 'unknown-field: There is no field "nam" here. Did you mean name?'],
    ["{ name: 'LLM_{user}' }", 'delivery: "LLM_x" is no name for a Secret.'],
    ["{ name: 'llm-{at}' }", 'delivery: For the key "ada": "llm-a@b.c" is no name for a Secret.'],
    ["{ name: 'llm-{key}' }", "delivery: {key} cannot be part of a Secret's name."],
    ["{ name: 'llm-{nope}' }", 'delivery: {nope} is no placeholder.'],
    ["{ name: x, namespace: '{team}' }", 'delivery: The namespace "{team}" could be any, as a roster says it.'],
    [
      "{ name: x, namespace: 'team-{long}' }",
      expect.stringMatching(/^delivery: For the key "ada": "team-x+" is no name for a namespace\.$/),
    ],
    ['{ name: x, namespace: a.b }', 'delivery: "a.b" is no name for a namespace.'],
    ["{ name: x, labels: { a/b/c: '1' } }", 'delivery: "a/b/c" is no name for a label.'],
    ["{ name: x, labels: { team: '{at}' } }", 'delivery: For the key "ada": "a@b.c" is no value for the label team.'],
    ["{ name: x, labels: { id: '{key_id}' } }", expect.stringMatching(/"0+" is no value for the label id\.$/)],
    [
      '{ name: x, labels: { app.kubernetes.io/managed-by: me } }',
      'delivery: "app.kubernetes.io/managed-by" is what vkeys says itself.',
    ],
    ['{ name: x, annotations: { vkeys/key-x: y } }', 'delivery: "vkeys/key-x" is what vkeys says itself.'],
    [
      "{ name: x, annotations: { a: '{key}' } }",
      'delivery: {key} is in "a", and labels and annotations are no secret.',
    ],
    ["{ name: x, annotations: { a: '{nope}' } }", 'delivery: {nope} is no placeholder.'],
    ["{ name: x, rollout: 'job/{user}' }", 'delivery: "job/{user}" is nothing that can start anew.'],
    ['{ name: x, rollout: deployment/A }', 'delivery: "A" is no name for a workload.'],
    ["{ name: x, rollout: ['deployment/{at}'] }", 'delivery: For the key "ada": "a@b.c" is no name for a workload.'],
    ["{ name: x, rollout: 'deployment/' }", 'delivery: "" is no name for a workload.'],
    ["{ name: x, data: { 'A B': '{key}' } }", 'delivery: For the key "ada": "A B" is no name for a value of data.'],
    ["{ name: x, data: { '{at}': '{key}' } }", 'delivery: For the key "ada": "a@b.c" is no name for a value of data.'],
    ['{ name: x, data: { A: "" } }', 'value: A is empty.'],
    [
      '{ name: x, manifests: out, rollout: deployment/a }',
      'delivery: rollout: is of a cluster, and manifests: are files.',
    ],
    ['{ name: x, manifests: out, context: a }', 'delivery: context: is of a cluster, and manifests: are files.'],
  ])('is refused where it cannot be: %s', async (item, message) => {
    expect(await deliver(item)).toEqual([message]);
  });

  test('is told where it stands', async () => {
    expect(await messagesOf(`${KEYS}deliver:\n  - dotenv: x.env\n  - kubernetes: { name: A }`)).toEqual([
      '4:5 delivery: "A" is no name for a Secret.',
    ]);
  });

  test('has labels that only delivering can fill in, and data that are not too long', async () => {
    expect(await deliver("{ name: x, labels: { model: '{model}' } }")).toEqual([]);
    const long = KEYS.replace('x'.repeat(64), 'x'.repeat(90_000));
    const text = '{long}'.repeat(12);
    expect(await deliver(`{ name: x, data: { A: '{key}', B: '${text}' } }`, long)).toEqual([
      'delivery: For the key "ada": Its data are longer than 1 MiB, which no Secret takes.',
    ]);
  });

  test('is one place with another of its name, unless the two want one value of it', async () => {
    const two = (name: string) => deliver(`{ name: x } }, { kubernetes: { name: x, data: { ${name}: '{key}' } }`);
    expect(await two('MORE')).toEqual([]);
    expect(await two('OPENAI_API_KEY')).toEqual([
      expect.stringMatching(/^delivery: The keys "ada" and "ada" would both be OPENAI_API_KEY in "kubernetes:x"\.$/),
    ]);
  });
});
