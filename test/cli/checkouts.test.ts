/** One keyring for several folders, files and machines: nobody takes back what another asked for, and what is gone is gone everywhere. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome, type Seen } from '../support/run.ts';

const KEYS = [{ key_alias: 'a' }, { key_alias: 'b' }];
const FORMS = [{ dotenv: 'out/{key_alias}.env' }, { json: 'out/keys.json' }, { csv: 'out/keys.csv' }];
const PLAN = 'plan -f spec.json --exit-code';
const APPLY = 'apply -f spec.json';

function makePlaces() {
  const home = makeHome();
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  const path = (...names: readonly string[]): string => join(home.folder, ...names);
  const holding = (folder: string): readonly string[] =>
    readdirSync(path(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'spec.json')
      .filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('sk-'))
      .map(({ name }) => name)
      .toSorted();
  return {
    path,
    /** The files in a folder that hold secrets. */
    holding,
    wants: (file: string, deliver: readonly object[], keys: readonly object[] = KEYS): void => {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), JSON.stringify({ set: 'ws', keys, deliver }));
    },
    /** What is said in a folder of a machine. */
    vkeys: (folder: string, argv: string, host = 'lab1'): Promise<Seen> =>
      home.vkeys(argv, { cwd: path(folder), self: { pid: process.pid, host, command: '' } }),
    keyring: async (): Promise<readonly { readonly name: string; readonly places: readonly string[] }[]> =>
      // oxlint-disable-next-line no-unsafe-type-assertion
      documentIn((await home.vkeys('keyring list -o json')).stdout).keys as never,
  };
}

const ALL = ['a.env', 'b.env', 'keys.csv', 'keys.json'];

describe('two folders with one keyring', () => {
  it('each have their hand-outs, and neither has any when one deletes the keys', async () => {
    const { wants, vkeys, holding, keyring } = makePlaces();
    for (const folder of ['one', 'two']) wants(`${folder}/spec.json`, FORMS);
    for (const folder of ['one', 'two', 'one', 'two']) {
      expect(await vkeys(folder, APPLY)).toMatchObject({ code: 0 });
      expect(await vkeys(folder, PLAN)).toMatchObject({ code: 0 });
      const { code, stdout } = await vkeys(folder, `${APPLY} -o json`);
      expect([code, documentIn(stdout).changed, holding(folder)]).toEqual([0, false, ALL]);
    }
    expect([holding('one'), holding('two')]).toEqual([ALL, ALL]);
    expect(await vkeys('one', 'delete -f spec.json --yes')).toMatchObject({ code: 0 });
    expect([holding('one'), holding('two'), await keyring()]).toEqual([[], [], []]);
  });

  it.each(['delete a b --yes', 'apply -f none.json --prune --yes --max-deletions 100%'])(
    'have none of a key after %s',
    async (line) => {
      const { wants, vkeys, holding } = makePlaces();
      for (const folder of ['one', 'two']) wants(`${folder}/spec.json`, FORMS);
      wants('one/none.json', [], []);
      for (const folder of ['one', 'two']) expect(await vkeys(folder, APPLY)).toMatchObject({ code: 0 });
      expect(await vkeys('one', line)).toMatchObject({ code: 0 });
      expect([holding('one'), holding('two')]).toEqual([[], []]);
    },
  );

  it('are told apart when one of them moves its hand-outs, and when one is gone', async () => {
    const { wants, vkeys, holding, path, keyring } = makePlaces();
    for (const folder of ['one', 'two']) wants(`${folder}/spec.json`, FORMS);
    for (const folder of ['one', 'two']) expect(await vkeys(folder, APPLY)).toMatchObject({ code: 0 });
    wants('one/spec.json', [{ json: 'moved.json' }]);
    expect((await vkeys('one', PLAN)).code).toBe(2);
    expect(await vkeys('one', APPLY)).toMatchObject({ code: 0 });
    expect([holding('one'), holding('two')]).toEqual([['moved.json'], ALL]);
    expect(await vkeys('two', PLAN)).toMatchObject({ code: 0 });
    rmSync(path('two'), { recursive: true });
    expect(await vkeys('one', APPLY)).toMatchObject({ code: 0 });
    expect((await keyring()).map(({ places }) => places)).toEqual([[path('one/moved.json')], [path('one/moved.json')]]);
  });
});

describe('one set in two files', () => {
  it('keeps the hand-outs of the one that is not applied, each time', async () => {
    const { wants, vkeys, holding } = makePlaces();
    wants('one/spec.json', FORMS.slice(0, 2));
    wants('one/more.json', [{ csv: 'out/keys.csv' }], []);
    for (const line of ['apply -f spec.json -f more.json', APPLY, 'apply -f more.json', 'apply -f .']) {
      expect(await vkeys('one', line)).toMatchObject({ code: 0 });
      expect([line, holding('one')]).toEqual([line, ALL]);
    }
    wants('one/more.json', [], []);
    expect(await vkeys('one', APPLY)).toMatchObject({ code: 0 });
    expect(holding('one')).toEqual(ALL);
    expect(await vkeys('one', 'apply -f .')).toMatchObject({ code: 0 });
    expect(holding('one')).toEqual(ALL.filter((name) => name !== 'keys.csv'));
  });

  it('that is one file of another name now takes its hand-outs back when they move', async () => {
    const { wants, vkeys, holding, path } = makePlaces();
    wants('one/spec.json', FORMS);
    expect(await vkeys('one', APPLY)).toMatchObject({ code: 0 });
    renameSync(path('one/spec.json'), path('one/renamed.json'));
    wants('one/renamed.json', [{ json: 'moved.json' }]);
    expect(await vkeys('one', 'apply -f renamed.json')).toMatchObject({ code: 0 });
    expect(holding('one')).toEqual(['moved.json']);
  });

  it('is not taken for another by a spec from stdin, or by a key that is changed by name', async () => {
    const { wants, vkeys, holding } = makePlaces();
    wants('one/spec.json', FORMS);
    expect(await vkeys('one', APPLY)).toMatchObject({ code: 0 });
    expect(await vkeys('one', 'update a --max-budget 5')).toMatchObject({ code: 0 });
    expect(await vkeys('one', 'create --alias a --set ws --if-absent')).toMatchObject({ code: 0 });
    expect(holding('one')).toEqual(ALL);
  });
});

describe('two machines with one keyring', () => {
  it('each have their hand-outs, and who deletes the keys is told what the other still has', async () => {
    const { wants, vkeys, holding, path, keyring } = makePlaces();
    for (const folder of ['one', 'two']) wants(`${folder}/spec.json`, FORMS);
    const hide = (folder: string): void => renameSync(path(folder), path(`${folder}.hidden`));
    const show = (folder: string): void => renameSync(path(`${folder}.hidden`), path(folder));
    const at = async (folder: string, other: string, line: string): Promise<Seen> => {
      hide(other);
      const seen = await vkeys(folder, line, folder === 'one' ? 'lab1' : 'lab2');
      show(other);
      return seen;
    };
    for (const [folder, other] of [
      ['one', 'two'],
      ['two', 'one'],
      ['one', 'two'],
      ['two', 'one'],
    ] as const) {
      expect(await at(folder, other, APPLY)).toMatchObject({ code: 0 });
      expect(await at(folder, other, PLAN)).toMatchObject({ code: 0 });
    }
    expect([holding('one'), holding('two')]).toEqual([ALL, ALL]);
    const { code, stdout } = await at('one', 'two', 'delete -f spec.json --yes -o json');
    const { notices } = documentIn(stdout);
    expect([code, holding('one'), await keyring()]).toEqual([0, [], []]);
    expect(notices).toMatchObject([
      {
        code: 'delivery',
        message: `The machine lab2 still has the secret of a and 1 more, which vkeys here cannot take back: ${path('two/out/a.env')} and 3 more.`,
      },
    ]);
    expect(await at('one', 'two', PLAN)).toMatchObject({ code: 2 });
  });

  it('with the same paths take back what their spec no longer names, each its own', async () => {
    const { wants, vkeys, holding, path } = makePlaces();
    const on = async (host: string, line: string): Promise<Seen> => {
      renameSync(path(host), path('work'));
      const seen = await vkeys('work', line, host);
      renameSync(path('work'), path(host));
      return seen;
    };
    for (const host of ['lab1', 'lab2']) {
      wants(`${host}/spec.json`, FORMS);
      expect(await on(host, APPLY)).toMatchObject({ code: 0 });
    }
    for (const host of ['lab1', 'lab2']) wants(`${host}/spec.json`, [{ json: 'moved.json' }]);
    expect(await on('lab1', APPLY)).toMatchObject({ code: 0 });
    expect([holding('lab1'), holding('lab2')]).toEqual([['moved.json'], ALL]);
    expect(await on('lab2', APPLY)).toMatchObject({ code: 0 });
    expect(holding('lab2')).toEqual(['moved.json']);
    for (const host of ['lab1', 'lab2']) expect(await on(host, PLAN)).toMatchObject({ code: 0 });
    const { stdout, stderr } = await on('lab1', 'delete -f spec.json --yes');
    expect([holding('lab1'), `${stdout}${stderr}`.includes('The machine lab2 still has')]).toEqual([[], true]);
  });

  it('that are one, with another name each time, remember a hand-out once', async () => {
    const { wants, vkeys, holding, keyring } = makePlaces();
    wants('one/spec.json', [{ json: 'keys.json' }]);
    for (const host of ['c1', 'c2', 'c3']) expect(await vkeys('one', APPLY, host)).toMatchObject({ code: 0 });
    expect((await keyring()).map(({ places }) => places.length)).toEqual([1, 1]);
    const { stdout, stderr } = await vkeys('one', 'delete -f spec.json --yes', 'c4');
    expect([holding('one'), `${stdout}${stderr}`.includes('still has')]).toEqual([[], false]);
  });
});
