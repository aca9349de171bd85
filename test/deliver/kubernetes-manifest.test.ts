/** Secrets as files of YAML, for a repository. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Secret } from '../../src/base/secret.ts';
import type { Delivery, ManifestDelivery } from '../../src/model/delivery.ts';
import { deliver, delivererTo, folder, gone, handout, known, undelivered } from './handouts.ts';

const ADA = handout('ada');
const BOB = handout('bob');

async function manifests(
  more: Partial<ManifestDelivery> = {},
): Promise<{ readonly at: string; readonly delivery: Delivery }> {
  const at = await folder();
  const delivery = {
    to: 'manifest',
    namespace: 'team-{user}',
    name: 'llm-{user}',
    variables: { OPENAI_API_KEY: '{key}' },
    ...more,
  } as const;
  return { at, delivery: { ...delivery, path: join(at, delivery.namespace ?? '', `${delivery.name}.yaml`) } };
}

const note = (user: string): string => `vkeys/key-${handout(user).key_id.slice(0, 16)}`;

describe('manifests', () => {
  test('are a file for each Secret, which says that it is one in clear', async () => {
    const { at, delivery } = await manifests({
      labels: { app: 'llm' },
      annotations: { who: '{user}' },
      type: 'my.own/type',
    });
    const { written, failed } = await deliver([delivery], [ADA, BOB]);
    expect(failed).toEqual([]);
    expect(written).toEqual(['ada', 'bob'].map((user) => join(at, `team-${user}`, `llm-${user}.yaml`)));
    const text = await readFile(written[0] ?? '', 'utf8');
    expect(text).toMatch(
      /^# A secret in clear: seal or encrypt it \(kubeseal, sops\) before it is committed\.\napiVersion: v1\nkind: Secret\n/,
    );
    expect(parse(text)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'llm-ada',
        namespace: 'team-ada',
        labels: { 'app.kubernetes.io/managed-by': 'vkeys', app: 'llm' },
        annotations: {
          who: 'ada',
          [note('ada')]: JSON.stringify({ set: 'lab', key_alias: 'lab-ada', key_id: ADA.key_id, expires: ADA.expires }),
        },
      },
      type: 'my.own/type',
      stringData: { OPENAI_API_KEY: 'sk-ada-secret' },
    });
    expect(await undelivered([delivery], [ADA, BOB])).toEqual([]);
  });

  test('keep what others have in the file, replace what is ours, and go when nothing is left', async () => {
    const { at, delivery } = await manifests({ name: 'all', namespace: 'labs', variables: { '{KEY_ALIAS}': '{key}' } });
    const path = join(at, 'labs', 'all.yaml');
    await mkdir(join(at, 'labs'));
    const theirs = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'all', annotations: { a: 'b' } },
      data: { DB: 'cG9zdGdyZXM=', LAB_ADA: 'b2xk' },
    };
    await writeFile(path, JSON.stringify(theirs));
    const deliverer = delivererTo([delivery]);
    const { placed } = await deliverer.put([ADA, BOB].map((each) => known(each)));
    const of = async () => parse(await readFile(path, 'utf8'));
    expect(await of()).toMatchObject({
      metadata: { name: 'all', namespace: 'labs' },
      data: { DB: 'cG9zdGdyZXM=' },
      stringData: { LAB_ADA: 'sk-ada-secret', LAB_BOB: 'sk-bob-secret' },
    });
    const second = new Secret('sk-ada-second-secret');
    await deliver([delivery], [{ ...ADA, secret: second, key_id: second.hash() }]);
    expect(Object.keys((await of()).metadata.annotations).toSorted()).toEqual(
      ['a', note('bob'), `vkeys/key-${second.hash().slice(0, 16)}`].toSorted(),
    );
    await deliverer.remove([gone(BOB, placed.get(BOB.key_id))]);
    expect(await of()).toMatchObject({ stringData: { LAB_ADA: 'sk-ada-second-secret' } });
    const renewed = { ...ADA, secret: second, key_id: second.hash() };
    await delivererTo([delivery]).remove([gone(renewed), gone(BOB)]);
    expect(await of()).toMatchObject({
      data: { DB: 'cG9zdGdyZXM=' },
      stringData: {},
      metadata: { annotations: { a: 'b' } },
    });
    await writeFile(
      path,
      JSON.stringify({
        kind: 'Secret',
        metadata: { name: 'all' },
        data: { KEY: Buffer.from('sk-bob-secret').toString('base64') },
      }),
    );
    await delivererTo([delivery]).remove([gone(BOB)]);
    expect(await readdir(join(at, 'labs'))).toEqual([]);
  });

  test.each([
    ['kind: SealedSecret', /is no Secret of one document/],
    ['kind: Secret\n---\nkind: Secret', /is no Secret of one document/],
    ['a: [', /is no Secret of one document/],
    ['kind: Secret\nsops: {}', /was encrypted by sops/],
    ['kind: Secret\nmetadata: { name: other }', /has another name/],
  ])('write over nothing that is not theirs: %j', async (text, words) => {
    const { at, delivery } = await manifests({ name: 'x', namespace: 'labs' });
    await mkdir(join(at, 'labs'));
    await writeFile(join(at, 'labs', 'x.yaml'), text);
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toMatch(words);
    expect(await readFile(join(at, 'labs', 'x.yaml'), 'utf8')).toBe(text);
  });

  test('refuse what is no name in Kubernetes', async () => {
    const { delivery } = await manifests();
    const { failed } = await deliver([delivery], [handout('Ada')]);
    expect(failed[0]?.error.message).toMatch(/"llm-Ada" is no name for a Secret/);
    const { namespace: _, ...bare } = { ...delivery, path: join(await folder(), '{user}.yaml') } as ManifestDelivery &
      Delivery;
    const { written } = await deliver([{ ...bare, name: 'x-{user}' }], [ADA]);
    expect(parse(await readFile(written[0] ?? '', 'utf8')).metadata).not.toHaveProperty('namespace');
    const other = await manifests({ name: 'x' });
    expect((await deliver([other.delivery], [handout('a.b')])).failed[0]?.error.message).toMatch(
      /"team-a\.b" is no name for a namespace/,
    );
  });
});
