import { chmodSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { specJsonSchema } from '../../src/spec/json-schema.ts';
import { load } from './load.ts';

const A = 'keys: [{ key_alias: a }]';
const read = async (files: Readonly<Record<string, string>>, isDeep = false) => {
  const { specs, notices, problems, folder } = await load(files, { args: ['d'], isDeep });
  return { files: specs.flatMap((spec) => spec.files.map((file) => relative(folder, file))), notices, problems };
};

describe('a folder', () => {
  test('is read without what is no spec, which is told', async () => {
    const others = {
      'd/compose.yaml': "version: '3.8'\nservices: {}",
      'd/list.yml': '- a\n- b',
      'd/notes.json': '"text"',
      'd/empty.yaml': '# nothing\n',
      'd/kustomization.yaml': 'resources: [a]\n---\napiVersion: v1\nkind: ConfigMap',
    };
    const { files, notices } = await read({ ...others, 'd/spec.yaml': A });
    expect(files).toEqual(['d/spec.yaml']);
    expect(notices).toEqual(
      Object.keys(others)
        .toSorted()
        .map((name) => `${name}:1:1 file: This is no spec, so it was passed over.`),
    );
  });

  test("may have vkeys' own hand-outs, documents and schema", async () => {
    const own = {
      'd/handout.json': JSON.stringify({ api_endpoint: 'http://h', api_base_url: 'http://h/v1', keys: [] }),
      'd/report.json': JSON.stringify({ version: 1, changed: true, summary: {}, sets: [], keys: [] }),
      'd/vkeys.schema.json': JSON.stringify(specJsonSchema()),
    };
    expect(await read({ ...own, 'd/spec.yaml': A })).toEqual({ files: ['d/spec.yaml'], notices: [], problems: '' });
  });

  test.each(['set: s', 'kyes: []\ndefaults: {}', 'litellm_vkey_alias: a\nlitellm_vkey_models: [', 'a: ['])(
    'is told of a spec that is wrong: %j',
    async (text) => {
      expect((await read({ 'd/a.yaml': text, 'd/b.yaml': A })).problems).toMatch(/^d\/a\.yaml:\d/);
    },
  );

  test('is read with the folders in it where that is asked for, but for hidden ones and packages', async () => {
    const files = {
      'd/a.yaml': A,
      'd/x/b.yaml': `set: b\n${A}`,
      'd/x/y/c.json': '{"set": "c", "keys": []}',
      'd/.git/d.yaml': `set: d\n${A}`,
      'd/node_modules/e.yaml': `set: e\n${A}`,
    };
    expect((await read(files)).files).toEqual(['d/a.yaml']);
    expect((await read(files, true)).files).toEqual(['d/a.yaml', 'd/x/b.yaml', 'd/x/y/c.json']);
  });

  test.each([
    [{ 'd/a.txt': A }, false],
    [{ 'd/a.yaml': 'services: {}' }, false],
    [{ 'd/x/a.yaml': A }, false],
    [{ 'd/x/a.txt': A }, true],
  ])('without a spec is an error: %j', async (files, isDeep) => {
    const { problems } = await read(files, isDeep);
    expect(problems).toContain('d:1:1 file: The folder d has no spec in it.');
    expect(problems).toContain('-r looks into the folders inside, too.');
  });

  test('names no file that was named itself as passed over', async () => {
    const { problems } = await load({ 'd/a.yaml': A, 'd/b.yaml': 'services: {}' }, { args: ['d/b.yaml', 'd'] });
    expect(problems).toContain('d/b.yaml:1:1 missing: keys is missing.');
  });

  test.runIf(process.getuid?.() !== 0)('that cannot be read is an error', async () => {
    const { folder } = await load({ 'd/a.yaml': A });
    mkdirSync(join(folder, 'closed'), { mode: 0 });
    const { problems } = await load({ 'a.yaml': A }, { args: [join(folder, 'closed')] });
    chmodSync(join(folder, 'closed'), 0o700);
    expect(problems).toContain('cannot be read');
  });
});
