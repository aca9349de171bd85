/** The keys that a command acts on, by what they have in common and by the specs that name them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { othersIn } from '../support/others.ts';
import { after, hashOf } from '../support/make.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

const SPEC = 'set: lab\nkeys:\n  - key_alias: ada\n  - { key_alias: bob, max_budget: 5 }\n';

async function appliedHome(): Promise<Home> {
  const home = makeHome();
  await writeFile(join(home.folder, 'lab.yaml'), SPEC);
  expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
  await home.vkeys('create --alias eve --set other');
  return home;
}

async function listed({ vkeys }: Home, flags: string): Promise<readonly unknown[]> {
  const { code, stdout, stderr } = await vkeys(`list ${flags} --sort key_alias -o json`);
  expect(code, stderr).toBe(0);
  return documentIn(stdout).keys.map(({ key_alias }) => key_alias);
}

const RETIRING = { vkeys: { set: 'lab', name: 'ada', retiring: after(3600) } };

describe('keys of a spec', () => {
  it('are known by their marks, and narrowed down', async () => {
    const home = await appliedHome();
    expect(await listed(home, '-f lab.yaml')).toEqual(['ada', 'bob']);
    expect(await listed(home, '-f lab.yaml --only b*')).toEqual(['bob']);
    expect(await listed(home, '-f lab.yaml --status blocked')).toEqual([]);
    expect(await home.vkeys('delete -f lab.yaml --status active --only a* --yes')).toMatchObject({ code: 0 });
    expect(await listed(home, '')).toEqual(['bob', 'eve']);
  });

  it('are known by the keyring where the mark was wiped, and whatever they are called', async () => {
    const home = await appliedHome();
    home.sandbox.writeRow(home.minted[0]?.hash() ?? '', { key_alias: 'renamed', metadata: {} });
    expect(await listed(home, '-f lab.yaml --only ada')).toEqual(['renamed']);
  });

  it('are neither those that retire nor those of others under the same name', async () => {
    const home = await appliedHome();
    const vkeys = { set: 'other', name: 'bob' };
    home.sandbox.writeRow(home.minted[1]?.hash() ?? '', { metadata: { vkeys } });
    home.sandbox.writeRow(hashOf('old'), { key_alias: 'ada~old', metadata: RETIRING });
    expect(await listed(home, '-f lab.yaml')).toEqual(['ada']);
    expect(await listed(home, '--status retiring')).toEqual(['ada~old']);
    const { stderr, code } = await home.vkeys('delete -f lab.yaml --older-than 1s --only bob --yes');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('no key bob of the set lab') });
  });

  it('are asked for beside a thousand of others, without reading them', async () => {
    const home = await appliedHome();
    await othersIn(home.sandbox).fill(1000);
    const { requests, stdout } = await home.vkeys('list -f lab.yaml -o json');
    expect(documentIn(stdout).keys).toHaveLength(2);
    expect(requests.filter((request) => request === 'GET /key/list').length).toBeLessThan(5);
  });

  it.each([
    ['list -f lab.yaml --key ada', 'Either name keys or give -f'],
    ['list -f lab.yaml --only z*', 'There is no key that matches z* in lab.yaml'],
    ['delete -f lab.yaml -f two.yaml --status active --url http://a.test', 'There is no file two.yaml'],
    ['list --older-than long', 'A duration is a whole number'],
  ])('%s is refused', async (line, words) => {
    const { code, stderr } = await (await appliedHome()).vkeys(line);
    expect(stderr).toContain(words);
    expect(code).toBe(3);
  });

  it('of several servers are refused', async () => {
    const home = await appliedHome();
    for (const name of ['a', 'b'])
      await writeFile(
        join(home.folder, `${name}.yaml`),
        `set: ${name}\nserver: { url: http://${name}.test }\nkeys: [{ key_alias: ${name} }]\n`,
      );
    const { code, stderr } = await home.vkeys('list -f a.yaml b.yaml', { env: { LITELLM_MASTER_KEY: MASTER_KEY } });
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('for several servers') });
  });
});

it('takes those that are old enough', async () => {
  const home = await appliedHome();
  await othersIn(home.sandbox).fill(3);
  expect(await listed(home, '--older-than 60d')).toEqual(['filler-1', 'filler-2', 'filler-3']);
  expect(await home.vkeys('delete --older-than 60d --yes --max-deletions 100%')).toMatchObject({ code: 0 });
  expect(await listed(home, '')).toEqual(['ada', 'bob', 'eve']);
});
