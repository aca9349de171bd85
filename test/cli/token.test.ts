/** `vkeys token`: a secret alone, for a client that asks a program; by the command, and by the file that answers sooner. */
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { quickToken } from '../../src/cli/quick-token.ts';
import type { World } from '../../src/run/world.ts';
import { keyringPath } from '../../src/secrets/location.ts';
import { start } from '../support/process.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

const URL = 'http://litellm.test';
const stdinOf = (text: string) => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });
const keyOf = (home: Home, at = 0): string => home.minted[at]?.reveal() ?? '';

async function homeWith(...names: readonly string[]): Promise<Home> {
  const home = makeHome();
  for (const name of names) expect(await home.vkeys(`create --alias ${name}`)).toMatchObject({ code: 0 });
  return home;
}

/** What the quick file answers in this home. */
async function quick(home: Home, words: readonly string[], env: World['env'] = {}): Promise<string | null> {
  const { folder } = home;
  const folders = { state: join(folder, 'state'), config: null, home: null };
  return quickToken(words, { env, cwd: folder, folders } as World);
}

async function remember(home: Home, name: string, secret: string, words = ''): Promise<void> {
  const line = `keyring import --key-id ${new Secret(secret).hash()} ${words} -- ${name}`.split(' ').filter(Boolean);
  expect(await home.vkeys(line, stdinOf(secret))).toMatchObject({ code: 0 });
}

describe('token', () => {
  it('prints the secret and a newline, asks no server, and is answered alike by both', async () => {
    const home = await homeWith('ada', 'bob');
    const hash = home.minted[1]?.hash() ?? '';
    const words = [
      'bob',
      hash,
      hash.slice(0, 9),
      `sk-...${keyOf(home, 1).slice(-4)}`,
      'bob --set=adhoc',
      `bob --server=${URL}/v1`,
    ];
    for (const word of words) {
      expect(await home.vkeys(`token ${word}`)).toEqual({
        code: 0,
        stdout: `${keyOf(home, 1)}\n`,
        stderr: '',
        requests: [],
      });
      expect(await quick(home, word.split(' '))).toBe(keyOf(home, 1));
    }
    expect(await home.vkeys('token -', stdinOf(keyOf(home)))).toMatchObject({ stdout: `${keyOf(home)}\n` });
  });

  it.each([
    ['nobody', 3, 'The keyring has nothing of nobody.', 'vkeys keyring list'],
    [
      'ada --set=other',
      3,
      'The keyring has nothing of ada there, but has ada (adhoc at http://litellm.test).',
      '--set adhoc --server http://litellm.test',
    ],
    ['ada --server=https://other.example.com', 3, 'but has ada (adhoc at', '--set adhoc --server http://litellm.test'],
    ['ada --server=nonsense', 3, 'does not begin with http', 'Give an address'],
    ['', 3, 'missing required argument', '--help'],
    ['ada bob', 3, 'too many arguments', '--help'],
    ['ada --keyring=nowhere', 3, 'The keyring has nothing of ada.', '--keyring PATH'],
  ])('leaves %j to the command, which says what to do next', async (words, code, message, hint) => {
    const home = await homeWith('ada');
    expect(await quick(home, words.split(' ').filter(Boolean))).toBeNull();
    const { stderr, stdout, ...ended } = await home.vkeys(`token ${words}`);
    expect([ended.code, stdout, stderr.includes(message), stderr.includes(hint), stderr]).toEqual([
      code,
      '',
      true,
      true,
      stderr,
    ]);
  });

  it('leaves to the command what is not simple, too', async () => {
    const home = await homeWith('ada');
    for (const words of [['ada', '--set', 'adhoc'], ['ada', '--debug'], ['--help'], ['-'], [keyOf(home)]])
      expect(await quick(home, words)).toBeNull();
    expect(await quick(home, ['ada'], { VKEYS_KEYRING: '"quoted"' })).toBeNull();
    const whole = await home.vkeys(['token', keyOf(home)]);
    expect([whole.stdout, whole.stderr]).toEqual([
      `${keyOf(home)}\n`,
      expect.stringContaining('warning: a key on the command line'),
    ]);
  });

  it('is the key of that very name, where others look like it', async () => {
    const home = await homeWith('star*', 'star1');
    expect((await home.vkeys(['token', 'star*'])).stdout).toBe(`${keyOf(home)}\n`);
    expect(await quick(home, ['star*'])).toBe(keyOf(home));
    expect(await home.vkeys(['token', 's*'])).toMatchObject({ code: 6 });
  });

  it('takes a name behind --, whatever it looks like', async () => {
    const home = await homeWith('ada');
    await remember(home, '--set=x', 'sk-odd');
    expect(await quick(home, ['--set=adhoc', '--', '--set=x'])).toBe('sk-odd');
    expect((await home.vkeys(['token', '--', '--set=x'])).stdout).toBe('sk-odd\n');
    for (const words of [['--'], ['ada', '--', 'ada'], ['-x', '--'], ['--', '-'], ['--', 'ada', 'ada']])
      expect(await quick(home, words)).toBeNull();
  });

  it('is the key that has the name now, of several that had it', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'lab.json'), JSON.stringify({ set: 'lab', keys: [{ key_alias: 'ada' }] }));
    await home.vkeys('apply -f lab.json --yes');
    await home.vkeys('delete ada --yes --keyring elsewhere');
    expect(await home.vkeys('apply -f lab.json --yes --recreate')).toMatchObject({ code: 0 });
    expect(keyOf(home, 1)).not.toBe(keyOf(home));
    expect((await home.vkeys('token ada')).stdout).toBe(`${keyOf(home, 1)}\n`);
    expect((await home.vkeys(`token ${home.minted[0]?.hash() ?? ''}`)).stdout).toBe(`${keyOf(home)}\n`);
    await remember(home, 'ada', 'sk-by-hand', '--set lab');
    expect((await home.vkeys('token ada')).stdout).toBe('sk-by-hand\n');
  });

  it('is none that the server has no more, and says so', async () => {
    const home = await homeWith('ada');
    const journal = keyringPath(join(home.folder, 'state'), { server: URL, set: 'adhoc' });
    appendFileSync(
      journal,
      `${JSON.stringify({ op: 'gone', key_id: home.minted[0]?.hash(), at: '2026-11-21T10:00:00Z' })}\n`,
    );
    expect(await home.vkeys('token ada')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('is gone from its server'),
    });
    expect(await home.vkeys('env')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('Every key of the keyring is gone'),
    });
  });

  it('that may be one of several is named by its set or server', async () => {
    const home = await homeWith('ada');
    for (const set of ['a', 'b', 'c', 'd', 'e']) await remember(home, 'ada', `sk-of-set-${set}`, `--set ${set}`);
    await remember(home, 'ada', 'sk-elsewhere', '--url https://other.example.com');
    const { code, stderr } = await home.vkeys('token ada');
    expect([code, stderr]).toEqual([
      6,
      expect.stringMatching(/may be one of several: .* and 2 more\.\nnext: {2}Say which: --set NAME/),
    ]);
    expect((await home.vkeys('token ada --set c')).stdout).toBe('sk-of-set-c\n');
    expect((await home.vkeys('token ada --server https://other.example.com')).stdout).toBe('sk-elsewhere\n');
  });

  it('one journal that cannot be read stops nobody who has the key elsewhere', async () => {
    const home = await homeWith('ada');
    writeFileSync(
      keyringPath(join(home.folder, 'state'), { server: URL, set: 'newer' }),
      '{"vkeys":3,"by":"9.0.0"}\n',
      { mode: 0o600 },
    );
    expect((await home.vkeys('token ada')).stdout).toBe(`${keyOf(home)}\n`);
    expect(await home.vkeys('token bob')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('written by a newer vkeys'),
    });
  });

  it('is opened where the keyring is encrypted, with the identity', async () => {
    const home = makeHome();
    const identity = await generateX25519Identity();
    writeFileSync(join(home.folder, 'identity.txt'), `${identity}\n`, { mode: 0o600 });
    const env = {
      LITELLM_BASE_URL: URL,
      VKEYS_KEYRING: 'age:sealed',
      VKEYS_AGE_RECIPIENTS: await identityToRecipient(identity),
    };
    const own = { ...env, VKEYS_AGE_IDENTITY: 'identity.txt', LITELLM_MASTER_KEY: MASTER_KEY };
    for (const name of ['ada', 'bob'])
      expect(await home.vkeys(`create --alias ${name}`, { env: own })).toMatchObject({ code: 0 });
    expect(await quick(home, ['bob'], env)).toBeNull();
    expect((await home.vkeys('token bob', { env: own })).stdout).toBe(`${keyOf(home, 1)}\n`);
    expect(await home.vkeys('token bob', { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('VKEYS_AGE_IDENTITY'),
    });
  });

  it('is answered by the program that is built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vkeys-token-'));
    const home = makeHome({ folder });
    await home.vkeys('create --alias ada --keyring own');
    const place = { cwd: folder, env: { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder } };
    expect(await start(['token', 'ada', '--keyring=own'], place).ended).toEqual({
      code: 0,
      stdout: `${keyOf(home)}\n`,
      stderr: '',
    });
    expect(await start(['token', 'bob', '--keyring=own'], place).ended).toMatchObject({ code: 3, stdout: '' });
    expect(readFileSync('dist/main.js', 'utf8')).toContain('./quick-token.js');
  });
});
