/** A keyring that a disk or a hand has spoiled between two runs: what is said, what is not lost, how it goes on. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyringPath } from '../../src/secrets/location.ts';
import { isObject, parseJson } from '../../src/base/json.ts';
import { keysIn } from '../support/printed.ts';
import { makeHome, type Home } from '../support/run.ts';
import { makeServer } from '../support/server.ts';
import { hash, textOf } from './promise.ts';

const MEMBERS = ['set-a', 'set-b', 'set-c'];
const SPEC = {
  set: 'set',
  keys: MEMBERS.map((key_alias) => ({ key_alias, models: [] })),
  deliver: [{ dotenv: 'out/{key_alias}.env' }],
};

type Spoiled = Home & { readonly keyring: string };

/** Somebody whose three keys were made and handed out. */
async function applied(server = makeServer(), seed = 'one', keys: readonly object[] = SPEC.keys): Promise<Spoiled> {
  const home = makeHome({ server, seed });
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  writeFileSync(join(home.folder, 'spec.json'), JSON.stringify({ ...SPEC, keys }));
  expect(await home.vkeys('apply -f spec.json')).toMatchObject({ code: 0 });
  return { ...home, keyring: keyringPath(join(home.folder, 'state'), { server: 'http://litellm.test', set: 'set' }) };
}

const handouts = (folder: string): readonly string[] =>
  MEMBERS.map(
    (alias) => /^OPENAI_API_KEY=(.*)$/m.exec(readFileSync(join(folder, 'out', `${alias}.env`), 'utf8'))?.[1] ?? '',
  );

async function live(home: Home): Promise<readonly string[]> {
  return (keysIn(await home.vkeys('list -o json')) ?? []).map(({ key_id }) => textOf(key_id));
}

const known = (keyring: string): number =>
  MEMBERS.filter((alias) => readFileSync(keyring, 'utf8').includes(`"${alias}"`)).length;

describe('a keyring that is cut off', () => {
  it('at any byte costs no key and no hand-out, and what it cost is told', async () => {
    const home = await applied();
    const [whole, keys] = [readFileSync(home.keyring), await live(home)];
    const lines = [...whole.toString('utf8').matchAll(/\n/g)].map(({ index }) => index);
    const cuts = lines.flatMap((end) => [end - 60, end - 1, end, end + 1]);
    for (const cut of [0, 1, ...cuts]) {
      const left = whole.subarray(0, cut);
      writeFileSync(home.keyring, left, { mode: 0o600 });
      const [first, ...others] = MEMBERS.filter((alias) => !isIn(left.toString('utf8'), alias));
      const { code, stdout, stderr, requests } = await home.vkeys('apply -f spec.json');
      expect([cut, code, stderr, requests]).toEqual([cut, 0, '', ['GET /key/list']]);
      expect([cut, stdout]).toEqual([cut, expect.not.stringContaining('does not have the secret')]);
      expect(await live(home)).toEqual(keys);
      expect(handouts(home.folder).map(hash).toSorted()).toEqual([...keys].toSorted());
      const lost = await withoutHandouts(home, () => home.vkeys('plan -f spec.json'));
      expect([cut, /does not have the secret of ([^,]*)/.exec(lost.stdout)?.[1]]).toEqual([
        cut,
        others.length === 0 ? first : `${String(first)} and ${String(others.length)} more`,
      ]);
    }
  });
});

/** What is done where the hand-outs are away for a while. */
async function withoutHandouts<T>({ folder }: Home, work: () => Promise<T>): Promise<T> {
  renameSync(join(folder, 'out'), join(folder, 'away'));
  try {
    return await work();
  } finally {
    renameSync(join(folder, 'away'), join(folder, 'out'));
  }
}

/** Whether a key's secret can still be read there: its line is whole, but perhaps for its newline. */
function isIn(journal: string, alias: string): boolean {
  return journal.split('\n').some((line) => {
    const json = parseJson(line);
    return isObject(json) && json['op'] === 'mint' && json['name'] === alias;
  });
}

describe('a keyring with garbage in its middle', () => {
  it('is refused by every command that needs it, with its line, and mended by deleting that line', async () => {
    const home = await applied();
    const keys = await live(home);
    const lines = readFileSync(home.keyring, 'utf8').split('\n');
    const spoiled = lines.toSpliced(1, 0, '\u0000\u0000garbage').join('\n');
    writeFileSync(home.keyring, spoiled);
    for (const argv of ['apply -f spec.json', 'plan -f spec.json', 'delete -f spec.json --yes']) {
      const { code, stderr } = await home.vkeys(argv);
      expect([argv, code, stderr]).toEqual([
        argv,
        3,
        expect.stringMatching(/Line 2 of the keyring .*\n.*the other lines still hold secrets/),
      ]);
    }
    expect([readFileSync(home.keyring, 'utf8'), await live(home)]).toEqual([spoiled, keys]);
    writeFileSync(home.keyring, lines.join('\n'));
    expect((await home.vkeys('apply -f spec.json')).stdout).toContain('Nothing to do');
  });
});

describe('two keyrings of one set, put together by hand,', () => {
  it.each([
    ['one behind the other', (a: string, b: string) => a + b],
    ['the other way round', (a: string, b: string) => b + a],
    ['twice', (a: string, b: string) => a + b + a + b],
    [
      'with the line ends and the marks of Windows',
      (a: string, b: string) => `\uFEFF${a}\uFEFF${b}`.replaceAll('\n', '\r\n'),
    ],
    ['without the last newline', (a: string, b: string) => (a + b).trimEnd()],
  ])('%s, know the secrets of both', async (_, merge) => {
    const one = await applied(undefined, 'one', SPEC.keys.slice(0, 2));
    const other = await applied(one.server, 'other');
    expect((await other.vkeys('apply -f spec.json')).stdout).toContain('does not have the secret of set-a and 1 more');
    writeFileSync(other.keyring, merge(readFileSync(one.keyring, 'utf8'), readFileSync(other.keyring, 'utf8')));
    const { code, stdout } = await other.vkeys('apply -f spec.json');
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('does not have the secret')]);
    expect(handouts(other.folder).map(hash).toSorted()).toEqual([...(await live(other))].toSorted());
    expect(known(other.keyring)).toBe(3);
  });
});

describe('a keyring that goes away', () => {
  it('under a run stops it before the server is asked for more, and is there again with all that the run knows', async () => {
    const home = await applied();
    const keys = await live(home);
    const more = [...SPEC.keys, { key_alias: 'set-d', models: ['gpt-4o-mini'] }];
    writeFileSync(join(home.folder, 'spec.json'), JSON.stringify({ ...SPEC, keys: more }));
    const spoil = makeHome({
      folder: home.folder,
      server: home.server,
      wrap: (fetch) => (url, init) => {
        if (url.endsWith('/v1/models')) rmSync(home.keyring);
        return fetch(url, init);
      },
    });
    const { code, stderr, requests } = await spoil.vkeys('apply -f spec.json');
    expect([code, stderr]).toEqual([3, expect.stringContaining('somebody cut it while it was in use')]);
    expect([requests.includes('POST /key/generate'), await live(home)]).toEqual([false, keys]);
    expect(known(home.keyring)).toBe(3);
    expect(await home.vkeys('apply -f spec.json')).toMatchObject({ code: 0 });
  });
});
