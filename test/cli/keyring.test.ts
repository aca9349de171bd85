/** What this machine remembers, by hand: keyrings that are seen, added to, taken from, encrypted, or not kept. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY, type Home, type HomeOptions } from '../support/run.ts';

const URL = 'http://litellm.test';
const ENV = { LITELLM_BASE_URL: URL, LITELLM_MASTER_KEY: MASTER_KEY };

function newHome(options: HomeOptions = {}): Home {
  const home = makeHome(options);
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  return home;
}

/** A home with the keys `a` and `b` of the set `ws`. */
async function homeWithKeys(deliver: readonly unknown[] = []): Promise<Home> {
  const home = newHome();
  const spec = { set: 'ws', keys: [{ key_alias: 'a' }, { key_alias: 'b' }], deliver };
  writeFileSync(join(home.folder, 'ws.json'), JSON.stringify(spec));
  expect(await home.vkeys('apply -f ws.json --yes')).toMatchObject({ code: 0 });
  return home;
}

const journalOf = ({ folder }: Home, set = 'ws', state = 'state'): string =>
  keyringPath(join(folder, state), { server: URL, set });
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
const stdinOf = (text: string) => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });

describe('keyring list', () => {
  it('shows what is known, without the secrets, as a table, for a pipe and as JSON', async () => {
    const home = await homeWithKeys();
    const [a] = home.minted;
    const shown: string[] = [];
    await home.vkeys('keyring list --no-color', {
      stdout: { isTTY: true, columns: 120, write: (text) => shown.push(text) },
    });
    expect(shown.join('')).toMatchInlineSnapshot(`
      "NAME  KEY_ID         SET  SERVER               STATE  SINCE    PLACES
      a     7a678723e431…  ws   http://litellm.test  done   3 s ago
      b     36052599a022…  ws   http://litellm.test  done   3 s ago

      2 secrets
      "
    `);
    const { code, stdout } = await home.vkeys('keyring list');
    expect([code, stdout.split('\n')[0]?.split('\t')]).toEqual([
      0,
      ['a', a?.hash(), 'ws', URL, 'done', '2026-11-21T10:00:02.000Z', ''],
    ]);
    const json = await home.vkeys('keyring list -o json --set ws');
    expect(documentIn(json.stdout).keys).toMatchObject([
      { name: 'a', key_id: a?.hash(), set: 'ws', server: URL, state: 'done', expires: null, gone_at: null, places: [] },
      { name: 'b' },
    ]);
    for (const secret of home.minted) expect(`${stdout}${json.stdout}`).not.toContain(secret.reveal());
    expect((await home.vkeys('keyring list --set other')).stdout).toBe('');
    expect((await home.vkeys('keyring list --url http://other.test')).stdout).toBe('');
  });

  it('tells a journal that it cannot read, and lists the others', async () => {
    const home = await homeWithKeys();
    const other = journalOf(home, 'other');
    writeFileSync(other, '{"vkeys":3,"by":"9.0.0"}\n', { mode: 0o600 });
    const { code, stdout, stderr } = await home.vkeys('keyring list');
    expect([code, stdout.split('\n').length]).toEqual([3, 3]);
    expect(stderr).toContain(`warning: The keyring ${other} was written by a newer vkeys (9.0.0)`);
  });
});

describe('keyring import', () => {
  it('remembers the secret of a key that the server has, with the set and the name that it has there', async () => {
    const home = await homeWithKeys();
    const [a] = home.minted;
    rmSync(join(home.folder, 'state'), { recursive: true });
    expect(await home.vkeys('get a --show-key')).toMatchObject({ code: 1 });
    const { code, stdout, stderr } = await home.vkeys('keyring import', stdinOf(`${a?.reveal() ?? ''}\n`));
    expect([code, stdout, stderr]).toEqual([0, '', `Remembered the secret of a (${a?.hash() ?? ''}) in the set ws.\n`]);
    expect((await home.vkeys('get a --show-key -o json')).stdout).toContain(a?.reveal());
    expect(documentIn((await home.vkeys('keyring list -o json')).stdout).keys).toMatchObject([
      { name: 'a', set: 'ws', state: 'done' },
    ]);
  });

  it('refuses a secret that the server has no key for, and one of another hash', async () => {
    const home = await homeWithKeys();
    const before = readFileSync(journalOf(home), 'utf8');
    const [a] = home.minted;
    expect(await home.vkeys('keyring import x', stdinOf('sk-of-nobody'))).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('has no key with this secret'),
    });
    expect(await home.vkeys(`keyring import x --key-id ${a?.hash() ?? ''}`, stdinOf('sk-of-nobody'))).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('not the secret of the key with that hash'),
    });
    expect(readFileSync(journalOf(home), 'utf8')).toBe(before);
  });

  it('takes the hash for the server where one is given, and asks nobody', async () => {
    const home = await homeWithKeys();
    const [a] = home.minted;
    const line = `keyring import old --set lab --key-id ${a?.hash() ?? ''}`;
    expect(await home.vkeys(line, stdinOf(a?.reveal() ?? ''))).toMatchObject({ code: 0, requests: [] });
    expect(filesIn(dirname(journalOf(home))).toSorted()).toEqual(['lab.jsonl', 'ws.jsonl']);
  });

  it.each([
    ['keyring import', '', 'There is no secret on standard input'],
    ['keyring import', 'sk-one sk-two', 'or more than one'],
    ['keyring import --keyring none', 'sk-one', '--keyring none keeps nothing'],
  ])('%s with %j ends with 3', async (line, text, words) => {
    const { code, stderr } = await newHome().vkeys(line, stdinOf(text));
    expect([code, stderr.includes(words)]).toEqual([3, true]);
  });
});

describe('keyring forget', () => {
  it('asks, and forgets by name or by hash, wherever it is; the keys stay', async () => {
    const home = await homeWithKeys();
    const [, b] = home.minted;
    expect(await home.vkeys('keyring forget a')).toMatchObject({ code: 6, stderr: expect.stringContaining('--yes') });
    expect(await home.vkeys('keyring forget a --yes')).toMatchObject({ code: 0, stderr: 'Forgot 1 secret.\n' });
    expect(await home.vkeys(`keyring forget ${b?.hash().slice(0, 12) ?? ''} --yes`)).toMatchObject({ code: 0 });
    expect(filesIn(join(home.folder, 'state'))).toEqual([]);
    expect((await home.vkeys('list')).stdout.split('\n').length).toBe(3);
  });

  it('refuses a name that it has not, and one that may be several', async () => {
    const home = await homeWithKeys();
    const [, b] = home.minted;
    await home.vkeys(`keyring import a --set lab --key-id ${b?.hash() ?? ''}`, stdinOf(b?.reveal() ?? ''));
    expect(await home.vkeys('keyring forget nothing --yes')).toMatchObject({ code: 3 });
    expect(await home.vkeys('keyring forget a --yes')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('may be one of several'),
    });
    expect(await home.vkeys('keyring forget a --set ws --yes')).toMatchObject({ code: 0 });
  });
});

describe('a key that was deleted', () => {
  it.each(['delete -f new.json --yes', 'delete a b --yes', 'apply -f new.json --prune --max-deletions 2 --yes'])(
    'is forgotten by the set that had it before, too: %s',
    async (argv) => {
      const home = await homeWithKeys();
      const keys = (names: readonly string[]) =>
        JSON.stringify({ set: 'new', keys: names.map((key_alias) => ({ key_alias })) });
      const path = join(home.folder, 'new.json');
      writeFileSync(path, keys(['a', 'b', 'c']));
      expect((await home.vkeys('apply -f new.json --adopt')).code).toBe(0);
      if (argv.startsWith('apply')) writeFileSync(path, keys(['c']));
      expect((await home.vkeys(argv)).code).toBe(0);
      const kept = readdirSync(join(home.folder, 'state'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => readFileSync(join(home.folder, 'state', name), 'utf8'))
        .join('');
      const [a, b] = home.minted;
      expect([kept.includes(a?.reveal() ?? 'sk'), kept.includes(b?.reveal() ?? 'sk')]).toEqual([false, false]);
      expect(await home.vkeys('apply -f ws.json')).toMatchObject({ code: 0 });
    },
  );
});

it('a key that was renamed by hand and one that took its alias are both known', async () => {
  const home = await homeWithKeys();
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const body = JSON.stringify({ key: home.minted[0]?.hash(), key_alias: 'old' });
  expect(home.sandbox.handle({ method: 'POST', path: '/key/update', headers, body }).status).toBe(200);
  expect(await home.vkeys('create a')).toMatchObject({ code: 0 });
  const shown = async (alias: string) => (await home.vkeys(`get ${alias} --show-key -o json`)).stdout;
  expect(home.minted.length).toBe(3);
  expect(await shown('old')).toContain(home.minted[0]?.reveal());
  expect(await shown('a')).toContain(home.minted[2]?.reveal());
});

describe('--keyring none', () => {
  const deliver = [{ dotenv: 'out/{key_alias}.env' }];

  it('changes nothing that earlier runs kept, and keeps nothing itself', async () => {
    const home = await homeWithKeys(deliver);
    const before = readFileSync(journalOf(home), 'utf8');
    const more = { set: 'ws', keys: ['a', 'b', 'c'].map((key_alias) => ({ key_alias })), deliver };
    writeFileSync(join(home.folder, 'ws.json'), JSON.stringify(more));
    expect(await home.vkeys('apply -f ws.json --keyring none')).toMatchObject({ code: 0 });
    expect(readFileSync(join(home.folder, 'out', 'c.env'), 'utf8')).toContain(home.minted[2]?.reveal());
    expect(readFileSync(journalOf(home), 'utf8')).toBe(before);
    expect(filesIn(join(home.folder, 'state', 'none'))).toEqual([]);
  });

  it('hands out what an earlier run kept, and a run that keeps takes it back', async () => {
    const home = await homeWithKeys(deliver);
    const write = (keys: readonly string[]): void => {
      const more = [...deliver, { csv: 'all.csv' }];
      const spec = { set: 'ws', keys: keys.map((key_alias) => ({ key_alias })), deliver: more };
      writeFileSync(join(home.folder, 'ws.json'), JSON.stringify(spec));
    };
    const table = (): string => readFileSync(join(home.folder, 'all.csv'), 'utf8');
    write(['a', 'b']);
    expect(await home.vkeys('apply -f ws.json --keyring none')).toMatchObject({ code: 0 });
    expect(table()).toContain(home.minted[1]?.reveal());
    write(['a']);
    expect(await home.vkeys('apply -f ws.json --prune --yes')).toMatchObject({ code: 0 });
    expect(table()).toContain(home.minted[0]?.reveal());
    expect(table()).not.toContain(home.minted[1]?.reveal());
  });

  it('finishes what a run without a keyring left when it was cut', async () => {
    const home: Home = newHome({
      wrap: (fetch) => (url, init) => {
        if (url.endsWith('/key/generate')) writeFileSync(join(home.folder, 'out'), 'in the way');
        return fetch(url, init);
      },
    });
    const spec = { set: 'ws', keys: [{ key_alias: 'a' }], deliver };
    writeFileSync(join(home.folder, 'ws.json'), JSON.stringify(spec));
    expect((await home.vkeys('apply -f ws.json --keyring none')).code).not.toBe(0);
    expect(filesIn(join(home.folder, 'state', 'none')).length).toBe(1);
    rmSync(join(home.folder, 'out'));
    expect(await home.vkeys('apply -f ws.json --keyring none')).toMatchObject({ code: 0 });
    expect(home.minted.length).toBe(1);
    expect(readFileSync(join(home.folder, 'out', 'a.env'), 'utf8')).toContain(home.minted[0]?.reveal());
    expect(filesIn(join(home.folder, 'state'))).toEqual([]);
  });
});

describe('--keyring age:PATH', () => {
  it('keeps no secret in plain text, and hands it out with the identity', async () => {
    const home = newHome();
    const identity = await generateX25519Identity();
    const recipients = { VKEYS_AGE_RECIPIENTS: await identityToRecipient(identity) };
    writeFileSync(join(home.folder, 'id.txt'), `${identity}\n`, { mode: 0o600 });
    writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', keys: [{ key_alias: 'a' }] }));
    const env = { ...ENV, ...recipients, VKEYS_KEYRING: 'age:team' };
    expect(await home.vkeys('apply -f ws.json', { env })).toMatchObject({ code: 0 });
    const secret = home.minted[0]?.reveal() ?? '';
    expect(readFileSync(journalOf(home, 'ws', 'team'), 'utf8')).not.toContain(secret);
    expect((await home.vkeys('keyring list', { env })).stdout).toContain('a\t');
    expect(await home.vkeys('plan -f ws.json', { env })).toMatchObject({ code: 0 });
    expect(await home.vkeys('get a --show-key', { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no identity was given'),
    });
    const own = await home.vkeys('get a --show-key -o json --age-identity id.txt', { env });
    expect([own.code, own.stdout.includes(secret)]).toEqual([0, true]);
    expect(await home.vkeys('keyring forget a --yes', { env })).toMatchObject({ code: 0 });
    expect(filesIn(join(home.folder, 'team'))).toEqual([]);
  });

  it('needs no identity for the plan of a set that is as wanted, hand-outs included', async () => {
    const home = newHome();
    const identity = await generateX25519Identity();
    const deliver = [{ json: 'out/keys.json' }];
    writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', keys: [{ key_alias: 'a' }], deliver }));
    const env = { ...ENV, VKEYS_AGE_RECIPIENTS: await identityToRecipient(identity), VKEYS_KEYRING: 'age:team' };
    for (const line of ['apply -f ws.json', 'plan -f ws.json --exit-code'])
      expect([line, (await home.vkeys(line, { env })).code]).toEqual([line, 0]);
  });

  it.each(['delete a --yes', 'delete -f ws.json --yes'])('needs no identity to take keys away: %s', async (argv) => {
    const home = newHome();
    const identity = await generateX25519Identity();
    const deliver = [{ json: 'out/keys.json' }];
    writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', keys: [{ key_alias: 'a' }], deliver }));
    const env = { ...ENV, VKEYS_AGE_RECIPIENTS: await identityToRecipient(identity), VKEYS_KEYRING: 'age:team' };
    expect(await home.vkeys('apply -f ws.json', { env })).toMatchObject({ code: 0 });
    expect(await home.vkeys(argv, { env })).toMatchObject({ code: 0 });
    expect(documentIn((await home.vkeys('list -o json', { env })).stdout).keys).toEqual([]);
    expect(existsSync(join(home.folder, 'out/keys.json'))).toBe(false);
    expect(filesIn(join(home.folder, 'team'))).toEqual([]);
  });

  it('is refused without anybody who could read it, and with a file that is not there', async () => {
    const home = newHome();
    writeFileSync(join(home.folder, 'ws.json'), JSON.stringify({ set: 'ws', keys: [{ key_alias: 'a' }] }));
    const nobody = await home.vkeys('apply -f ws.json --keyring age:team');
    expect([nobody.code, nobody.stderr]).toEqual([6, expect.stringContaining('VKEYS_AGE_RECIPIENTS')]);
    expect(nobody.requests.filter((request) => request.includes('generate'))).toEqual([]);
    const missing = await home.vkeys('apply -f ws.json --keyring age:team --age-identity nothing.txt');
    expect([missing.code, missing.stderr]).toEqual([6, expect.stringContaining('There is no file nothing.txt')]);
  });
});

it.each(['', ' --keyring none'])('a set has one writer, with a keyring and without: apply%s', async (flags) => {
  const home = await homeWithKeys();
  writeFileSync(`${journalOf(home)}.lock`, `{"id":"x","pid":77,"host":"build-7"}\n000000000000\n`);
  const stop = AbortSignal.abort(new VkeysError('interrupted', 'Interrupted.', 'Go on.'));
  const { stderr } = await home.vkeys(`keyring forget a --yes${flags}`, { stop });
  expect(stderr).toContain('Interrupted.');
  const { code } = await home.vkeys(`apply -f ws.json --deadline 1${flags}`, { sleep: (wait) => delay(wait) });
  expect(code).not.toBe(0);
});

it('waits for another run no longer than the deadline', async () => {
  const home = await homeWithKeys();
  const lock = `${journalOf(home)}.lock`;
  writeFileSync(lock, `{"id":"x","pid":77,"host":"build-7"}\n000000000000\n`);
  let waited = 0;
  const sleep = (wait: number): Promise<void> => {
    waited += wait;
    return delay(wait);
  };
  const { code, stderr } = await home.vkeys('apply -f ws.json --deadline 1', { sleep });
  expect([code, stderr]).toEqual([1, expect.stringContaining('The --deadline of 1 s is over.')]);
  expect(stderr).toContain('Waiting for process 77 on build-7, which works on ws …');
  expect(waited).toBeLessThan(5000);
});

describe('unlock', () => {
  const holder = { id: 'x', pid: 77, host: 'build-7', command: 'apply', boot: 'b', namespace: 'n', started: '5' };

  it('shows who holds a set, asks, and takes the lock away', async () => {
    const home = newHome();
    const lock = `${journalOf(home)}.lock`;
    mkdirSync(`${lock}.turn`, { recursive: true, mode: 0o700 });
    writeFileSync(lock, `${JSON.stringify(holder)}\n000000000000\n`);
    const asked = await home.vkeys('unlock ws');
    expect([asked.code, asked.stderr]).toEqual([
      6,
      expect.stringContaining('process 77 on build-7 (vkeys apply) has the lock of ws.'),
    ]);
    const done = await home.vkeys('unlock ws --yes');
    expect([done.code, done.stderr]).toEqual([0, 'Took the lock of ws away.\n']);
    expect(readdirSync(dirname(lock))).toEqual([]);
    expect((await home.vkeys('unlock ws --yes')).stderr).toBe(`Nobody works on ws at ${URL}.\n`);
  });
});
