/** Which files a command line means, and what it hears of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';

const spec = (name: string): string => `set: ${name}\nkeys: [{ key_alias: ${name} }]\n`;
const homeWith = (files: Readonly<Record<string, string | Uint8Array>>) => {
  const home = makeHome();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(home.folder, name, '..'), { recursive: true });
    writeFileSync(join(home.folder, name), content, { mode: 0o600 });
  }
  return home;
};

describe.each(['plan', 'apply', 'validate'])('%s', (command) => {
  it('reads the files that it is given, with -f and without', async () => {
    const home = homeWith({ 'a.yaml': spec('a'), 'b.yaml': spec('b'), 'd/c.yaml': spec('c') });
    for (const line of ['a.yaml b.yaml d', '-f a.yaml b.yaml d', 'b.yaml d -f a.yaml']) {
      const { code, stdout } = await home.vkeys(`${command} -o json ${line}`);
      const { keys } = documentIn(stdout);
      expect([code, keys.map(({ key_alias }) => key_alias).toSorted()]).toEqual([0, ['a', 'b', 'c']]);
    }
  });

  it('reads vkeys.yaml where none is named, and says so where there is none', async () => {
    const { code, stdout } = await homeWith({ 'vkeys.yaml': spec('v') }).vkeys(`${command} -o json`);
    expect([code, documentIn(stdout).keys.length]).toEqual([0, 1]);
    const without = await homeWith({ 'vkeys.yml': spec('v') }).vkeys(command);
    expect(without.code).toBe(3);
    expect(without.stderr).toContain('No spec was named, and there is no vkeys.yaml here.');
    expect(without.stderr).toContain('vkeys init');
  });

  it('reads the folders in a folder with -r', async () => {
    const home = homeWith({ 'd/a.yaml': spec('a'), 'd/x/b.yaml': spec('b') });
    const lines = [`${command} d -o json`, `${command} -r d -o json`];
    const counts = [];
    for (const line of lines) counts.push(documentIn((await home.vkeys(line)).stdout).keys.length);
    expect(counts).toEqual([1, 2]);
  });

  it('tells what is worth hearing', async () => {
    const home = homeWith({
      'd/spec.yaml': 'keys: [{ key_alias: k, roster: { file: form.csv } }]',
      'd/form.csv': 'Timestamp,Email Address\n1,ada@example.org\n',
      'd/compose.yaml': 'services: {}',
    });
    const file = join('d', 'compose.yaml');
    const said = [
      `${file}:1:1: This is no spec, so it was passed over.`,
      'form.csv:1:11: The column "Email Address" names the users.',
    ];
    for (const line of [`${command} d`, `${command} d -o json`]) {
      const { stderr } = await home.vkeys(line);
      for (const message of said) expect(stderr).toContain(`notice: ${message}`);
    }
  });
});

it('validate has notices in its document', async () => {
  const home = homeWith({
    'vkeys.yaml': 'keys: [{ key_alias: k, roster: { file: form.csv } }]',
    'form.csv': 'Email\na@x\n',
  });
  const { notices } = documentIn((await home.vkeys('validate -o json')).stdout);
  expect(notices).toMatchObject([{ code: 'spec', message: 'form.csv:1:1: The column "Email" names the users.' }]);
});

it('delete reads folders, too, and no file that is not named', async () => {
  const home = homeWith({ 'd/x/a.yaml': spec('a'), 'vkeys.yaml': spec('v') });
  await home.vkeys('apply -r d');
  expect((await home.vkeys('delete --yes')).code).toBe(3);
  expect((await home.vkeys('delete -f d -r --yes')).code).toBe(0);
  expect((await home.vkeys('list')).stdout).toBe('');
});

describe('files in UTF-16, as Windows writes them', () => {
  const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le');

  it('are read', async () => {
    const vars = `LITELLM_BASE_URL=http://litellm.test\nLITELLM_MASTER_KEY=${MASTER_KEY}\n`;
    const home = homeWith({ vars: utf16(vars), key: utf16(`${MASTER_KEY}\n`), 'a.yaml': utf16(spec('a')) });
    expect((await home.vkeys('plan a.yaml --env-file vars', { env: {} })).code).toBe(0);
    expect((await home.vkeys('list --url http://litellm.test --master-key-file key', { env: {} })).code).toBe(0);
  });

  it('are named where their mark is missing, or where they are something else', async () => {
    const home = homeWith({ vars: utf16('A=1').subarray(2), key: Buffer.from('sk-\u00fc', 'latin1') });
    const vars = await home.vkeys('list --env-file vars', { env: {} });
    expect([vars.code, vars.stderr]).toEqual([3, expect.stringContaining('vars is no UTF-8: it looks like UTF-16')]);
    const key = await home.vkeys('list --master-key-file key');
    expect([key.code, key.stderr]).toEqual([3, expect.stringContaining('key is no UTF-8 from here on')]);
    expect(key.stderr).not.toContain('sk-');
  });
});

it('init ends the keys of a workshop together, at the end of a day', async () => {
  const home = makeHome();
  await home.vkeys('init');
  const { stdout } = await home.vkeys('validate -o json');
  const ends = new Set(documentIn(stdout).keys.map(({ expires }) => expires));
  expect([...ends]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d9:59\.000Z$/)]);
  expect((await home.vkeys('plan --sandbox', { env: {} })).code).toBe(0);
});

describe('a saved plan', () => {
  it('is applied with the folders in its folders, and names its files itself', async () => {
    const home = homeWith({ 'd/a.yaml': spec('a'), 'd/x/b.yaml': spec('b') });
    expect((await home.vkeys('plan -r d --out plan.json')).code).toBe(0);
    const twice = await home.vkeys('apply d --plan plan.json');
    expect([twice.code, twice.stderr]).toEqual([3, expect.stringContaining('A saved plan has its own files.')]);
    const { stdout } = await home.vkeys('apply --plan plan.json -o json');
    expect(documentIn(stdout).keys.map(({ key_alias }) => key_alias)).toEqual(['a', 'b']);
    expect((await home.vkeys('apply --plan plan.json')).stderr).toContain('-f d -r --out plan.json');
  });
});
