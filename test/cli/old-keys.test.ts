/** Old keys in their grace: what is done about a key reaches them where they open what it opened, and nothing of others. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home } from '../support/run.ts';

const KEYS = ['a', 'b'];
const spec = (set: string, keys: readonly string[], more = ''): string =>
  `set: ${set}\nkeys:\n${keys.map((key) => `  - { key_alias: ${key}${more} }\n`).join('')}`;

/** Two sets, all of whose keys were rotated a moment ago. */
async function rotated(): Promise<Home> {
  const home = makeHome();
  writeFileSync(join(home.folder, 'lab.yaml'), spec('lab', KEYS));
  writeFileSync(join(home.folder, 'other.yaml'), spec('other', ['c', 'd']));
  for (const words of ['apply', 'rotate --grace 2h'])
    expect(await home.vkeys(`${words} -f lab.yaml -f other.yaml -o json`)).toMatchObject({ code: 0 });
  return home;
}

/** What there is, with its state: `a~old` for an old key. */
async function there(home: Home): Promise<readonly string[]> {
  const { keys } = printedIn(await home.vkeys('list -o json')) as {
    keys: readonly { readonly key_alias: string; readonly status: string; readonly blocked?: boolean }[];
  };
  return keys.map(({ key_alias, status }) => `${key_alias.replace(/-[0-9a-f]{8}$/, '')} ${status}`).toSorted();
}

const ALL = ['a', 'b', 'c', 'd'].flatMap((name) => [`${name} active`, `${name}~old retiring`]);
const without = (name: string): readonly string[] => ALL.filter((each) => !each.startsWith(name));

describe('an old key in its grace', () => {
  it('goes with its key, and nothing else does', async () => {
    const home = await rotated();
    expect(await there(home)).toEqual(ALL);
    expect(await home.vkeys('delete a --yes')).toMatchObject({ code: 0 });
    expect(await there(home)).toEqual(without('a'));
    writeFileSync(join(home.folder, 'lab.yaml'), spec('lab', ['a']));
    expect(await home.vkeys('apply -f lab.yaml --prune --max-deletions 9 --yes')).toMatchObject({ code: 0 });
    expect(await there(home)).toEqual(['a active', ...without('a').filter((each) => !each.startsWith('b'))]);
  });

  it('is blocked with its key, and opened again', async () => {
    const home = await rotated();
    expect(await home.vkeys('block a')).toMatchObject({ code: 0 });
    expect(await there(home)).toEqual(['a blocked', 'a~old blocked', ...without('a')]);
    expect(await home.vkeys('unblock a')).toMatchObject({ code: 0 });
    expect(await there(home)).toEqual(ALL);
  });

  it('goes where its spec blocks its key', async () => {
    const home = await rotated();
    writeFileSync(join(home.folder, 'lab.yaml'), spec('lab', KEYS, ', blocked: true'));
    expect(await home.vkeys('apply -f lab.yaml')).toMatchObject({ code: 0 });
    expect(await there(home)).toEqual([
      'a blocked',
      'b blocked',
      ...without('a').filter((each) => !each.startsWith('b')),
    ]);
  });

  it.each(['rotate a --leaked', 'rotate -f lab.yaml --only a --leaked'])(
    'goes where others have the secret of its key: %s',
    async (words) => {
      const home = await rotated();
      expect(await home.vkeys(words)).toMatchObject({ code: 0 });
      expect(await there(home)).toEqual(ALL.filter((each) => each !== 'a~old retiring'));
    },
  );

  it('goes where others have its own secret', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.yaml'), `${spec('lab', KEYS)}deliver: [{ dotenv: '{key_alias}.env' }]\n`);
    await home.vkeys('apply -f lab.yaml');
    const secret = /sk-[\w-]+/.exec(readFileSync(join(home.folder, 'a.env'), 'utf8'))?.[0] ?? '';
    await home.vkeys('rotate -f lab.yaml --grace 2h');
    const ran = await home.vkeys('rotate - --leaked', { stdin: { isTTY: false, read: () => Promise.resolve(secret) } });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(await there(home)).toEqual(['a active', 'b active', 'b~old retiring']);
  });

  it('neither gets a later end nor more money unless somebody names it', async () => {
    const home = await rotated();
    for (const words of ['extend --set lab --until 2040-01-01T00:00:00Z', 'raise --set lab --max-budget 9']) {
      const { keys } = printedIn(await home.vkeys(`${words} -o json`)) as { keys: readonly { key_alias: string }[] };
      expect(keys.map(({ key_alias }) => key_alias).toSorted()).toEqual(KEYS);
    }
  });
});

it('a key whose end moves with its rotation has that end, and nothing is left to do', async () => {
  const home = makeHome();
  const until = (end: string): void =>
    writeFileSync(join(home.folder, 'lab.yaml'), spec('lab', KEYS, `, expires: ${end}, rotate: { every: 1d }`));
  until('2040-01-01T00:00:00Z');
  await home.vkeys('apply -f lab.yaml');
  await home.server.clock.sleep(2 * 86_400_000);
  until('2041-01-01T00:00:00Z');
  expect(printedIn(await home.vkeys('apply -f lab.yaml -o json'))['summary']).toMatchObject({ rotate: 2, failed: 0 });
  expect(await home.vkeys('plan -f lab.yaml --exit-code')).toMatchObject({ code: 0 });
});
