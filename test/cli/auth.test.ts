import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RequestError } from '../../src/litellm/http/request-error.ts';
import { answer as reply } from '../support/make.ts';
import type { Console } from '../../src/cli/console.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

const URL = 'http://litellm.test';

const hang = (): Promise<string> => new Promise(() => undefined);

describe('auth', () => {
  it('status tells the source and what it may do', async () => {
    const { stdout, code } = await makeHome().vkeys('auth status');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "ok       server      http://litellm.test
      ok       credential  LITELLM_MASTER_KEY (master-key)
      ok       who         the master key
      ok       rights      It may list keys. It may do everything with keys.
      note     routes      It may call every route that its user may, not only the 40 routes that vkeys needs.
                           For a pipeline, a key with those alone: vkeys auth delegate --name ci
      "
    `);
  });

  it('without a credential lists every source that was looked at', async () => {
    const { code, stderr, requests } = await makeHome().vkeys('list', { env: { LITELLM_BASE_URL: URL } });
    expect({ code, requests }).toEqual({ code: 4, requests: [] });
    expect(stderr).toMatchInlineSnapshot(`
      "error: There is no credential for the server. Looked at:
               LITELLM_MASTER_KEY: not set
               LITELLM_MASTER_API_KEY: not set
               LITELLM_PROXY_API_KEY: not set
               LITELLM_USERNAME and LITELLM_PASSWORD: not set
      next:  Set LITELLM_MASTER_KEY, give --master-key-file PATH, or save a connection with \`vkeys auth login\`.
      more:  vkeys help auth
      "
    `);
  });

  it('with a wrong key names the source of it, and not the key', async () => {
    const env = { LITELLM_BASE_URL: URL, LITELLM_MASTER_KEY: 'sk-wrong-wrong-wrong' };
    const { code, stderr } = await makeHome().vkeys('list', { env });
    expect(code).toBe(4);
    expect(stderr).toContain('LITELLM_MASTER_KEY was refused');
    expect(stderr).not.toContain('sk-wrong');
  });

  it('logs in with a password for one command, and ends the session', async () => {
    const env = { LITELLM_BASE_URL: URL, LITELLM_USERNAME: 'admin', LITELLM_PASSWORD: MASTER_KEY };
    const { code, requests } = await makeHome().vkeys('list', { env });
    expect({ code, requests }).toEqual({ code: 0, requests: ['POST /login', 'GET /key/list', 'POST /key/delete'] });
  });

  it('login saves a profile that other commands use, and logout forgets it', async () => {
    const home = makeHome();
    const env = { LITELLM_USERNAME: 'admin', LITELLM_PASSWORD: MASTER_KEY };
    expect((await home.vkeys(`auth login --profile work --url ${URL}`, { env })).code).toBe(0);
    const path = join(home.folder, 'config/profiles.json');
    expect(readFileSync(path, 'utf8')).not.toContain(MASTER_KEY);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await home.vkeys('create --alias me', { env: {} })).toMatchObject({ code: 0 });
    expect((await home.vkeys('auth profiles', { env: {} })).stdout).toBe(`* work\t${URL}\tsession\n`);
    expect((await home.vkeys('auth logout', { env: {} })).requests).toEqual(['POST /key/delete']);
    expect((await home.vkeys('list', { env: {} })).code).toBe(3);
  });

  it.each([
    [
      'is gone',
      () =>
        Promise.reject(
          new RequestError('network', 'http://litellm.test is gone.', '', { reach: 'unsent', transient: true }),
        ),
    ],
    ['fails', () => reply(500, 'Internal Server Error')],
  ])('logout forgets the profile here when the server %s', async (_, answer) => {
    let isUp = true;
    const home = makeHome({ wrap: (fetch) => (url, init) => (isUp ? fetch(url, init) : answer()) });
    const env = { LITELLM_USERNAME: 'admin', LITELLM_PASSWORD: MASTER_KEY };
    await home.vkeys(`auth login --profile work --url ${URL}`, { env });
    isUp = false;
    const { code, stderr } = await home.vkeys('auth logout', { env: {} });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^Forgot the profile work\.\nwarning: its session may live on at the server for up to a day\. /,
    );
    expect((await home.vkeys('auth profiles', { env: {} })).stdout).not.toContain('work');
  });

  it.each(['"sk-master-key-1234"', "'sk-master-key-1234'", '“sk-master-key-1234”', '"sk-master-key-1234'])(
    'tells quotes around a key as such, and shows no part of it: %s',
    async (key) => {
      const { code, stderr, requests } = await makeHome().vkeys('list', {
        env: { LITELLM_BASE_URL: URL, LITELLM_MASTER_KEY: key },
      });
      expect({ code, requests }).toEqual({ code: 4, requests: [] });
      expect(stderr).toContain('LITELLM_MASTER_KEY: it has quotes around it');
      expect(stderr).not.toMatch(/1234|master-key|sk-/);
    },
  );

  it('names what gave an address that cannot be used, and what is used of one that was copied', async () => {
    const quoted = await makeHome().vkeys('list', {
      env: { LITELLM_BASE_URL: `"${URL}"`, LITELLM_MASTER_KEY: MASTER_KEY },
    });
    expect(quoted.stderr).toContain('LITELLM_BASE_URL has quotes around it');
    const copied = await makeHome().vkeys(`list --url ${URL}/ui/?page=api-keys`);
    expect([copied.code, copied.stderr]).toEqual([
      0,
      `--url has more than the address of the server: ${URL} is used.\n`,
    ]);
  });

  describe('login', () => {
    const pipe = (text: string, isOpen = true): Partial<Console> => ({
      env: {},
      stdin: { isTTY: false, read: () => (isOpen ? Promise.resolve(text) : Promise.reject(new Error('read'))) },
    });
    const saved = async (home: Home): Promise<string> => (await home.vkeys('auth profiles', { env: {} })).stdout;

    it.each([MASTER_KEY, `${MASTER_KEY}\n`, `  ${MASTER_KEY}\r\n`])('takes the key from a pipe: %j', async (text) => {
      const home = makeHome();
      const { code, stderr } = await home.vkeys(`auth login --url ${URL}`, pipe(text));
      expect(code).toBe(0);
      expect(stderr).toBe(
        'Reading the master key from standard input …\nThe credential is that of standard input.\n' +
          `Saved ${URL} as the profile default, and it is the current one. See who you are: vkeys auth status\n`,
      );
      expect(await saved(home)).toBe(`* default\t${URL}\tkey\n`);
    });

    it('takes the password of --username from a pipe', async () => {
      const home = makeHome();
      const { code, stderr } = await home.vkeys(`auth login --url ${URL} --username admin`, pipe(`${MASTER_KEY}\n`));
      expect([code, stderr.split('\n')[0]]).toEqual([0, 'Reading the password of admin from standard input …']);
      expect(await saved(home)).toBe(`* default\t${URL}\tsession\n`);
    });

    it.each<[string, Partial<Console>, number, string]>([
      ['an empty pipe', pipe(''), 4, 'There is no credential for the server.'],
      ['quotes', pipe(`"${MASTER_KEY}"`), 4, 'standard input: it has quotes around it'],
      ['two lines', pipe(`${MASTER_KEY}\nmore`), 4, 'standard input: it has more than one line'],
      ['a wrong key', pipe('sk-wrong-wrong'), 4, 'was refused'],
      ['nobody who sees a question', { env: {}, stdin: { isTTY: true, read: hang } }, 4, 'There is no credential'],
    ])('saves nothing of %s, and does not wait for ever', async (_, world, code, words) => {
      const home = makeHome();
      const ended = await home.vkeys(`auth login --url ${URL}`, world);
      expect(ended.code).toBe(code);
      expect(ended.stderr).toContain(words);
      expect(ended.stderr).not.toContain(MASTER_KEY);
      expect(await saved(home)).toBe('');
    });

    it('reads nothing where flags or the environment have it, and says what it takes', async () => {
      const env = { LITELLM_MASTER_KEY: MASTER_KEY };
      const { code, stderr } = await makeHome().vkeys(`auth login --url ${URL}`, { ...pipe('', false), env });
      expect(code).toBe(0);
      expect(stderr).toContain('The credential is that of LITELLM_MASTER_KEY.\n');
    });

    it('asks at a terminal for what is missing', async () => {
      const home = makeHome();
      const asked: string[] = [];
      const answer =
        (text: string) =>
        (question: string): Promise<string> => {
          asked.push(question);
          return Promise.resolve(text);
        };
      const stderr = { isTTY: true, columns: 80, write: () => undefined };
      const world = {
        env: {},
        stdin: { isTTY: true, read: hang },
        stderr,
        ask: answer(URL),
        askSecret: answer(MASTER_KEY),
      };
      expect((await home.vkeys('auth login', world)).code).toBe(0);
      expect(asked).toEqual(['Address of the server: ', 'Master key: ']);
    });
  });

  it('and logout mean the profile of VKEYS_PROFILE, and none by an empty one', async () => {
    const home = makeHome();
    const login = async (variables: Readonly<Record<string, string>>): Promise<unknown> =>
      home.vkeys(`auth login --url ${URL}`, { env: { LITELLM_MASTER_KEY: MASTER_KEY, ...variables } });
    await login({ VKEYS_PROFILE: 'work' });
    await login({ VKEYS_PROFILE: '' });
    const names = async (): Promise<readonly string[]> =>
      (await home.vkeys('auth profiles', { env: {} })).stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '');
    expect(await names()).toEqual(['work', '* default']);
    await home.vkeys('auth logout', { env: { VKEYS_PROFILE: 'work' } });
    expect(await names()).toEqual(['* default']);
    await home.vkeys('auth logout', { env: { VKEYS_PROFILE: '' } });
    expect(await names()).toEqual(['']);
  });

  it('takes what is asked for by a flag, then by the environment, then by a profile', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'key'), `${MASTER_KEY}\n`, { mode: 0o600 });
    await home.vkeys(`auth login --profile work --url ${URL} --master-key-file key`, { env: {} });
    const wrong = { LITELLM_MASTER_KEY: 'sk-wrong-wrong' };
    const login = { LITELLM_USERNAME: 'admin', LITELLM_PASSWORD: 'wrong' };
    const source = async (line: string, variables: Readonly<Record<string, string>>): Promise<string> => {
      const { code, stdout, stderr } = await home.vkeys(`auth status ${line}`, { env: variables });
      return code === 0 ? (/^ok +credential +(.*)$/m.exec(stdout)?.[1] ?? '') : (stderr.split('\n')[0] ?? '');
    };
    expect(await source('', {})).toContain('profile work');
    expect(await source('', { VKEYS_PROFILE: 'work' })).toContain('profile work');
    expect(await source('', wrong)).toContain('LITELLM_MASTER_KEY was refused');
    expect(await source('', { ...wrong, VKEYS_PROFILE: 'work' })).toContain('LITELLM_MASTER_KEY was refused');
    expect(await source('', login)).toMatch(/LITELLM_USERNAME|password/);
    expect(await source('--profile work', { ...wrong, ...login })).toContain('profile work');
    expect(await source('--profile work --master-key-file key', wrong)).toContain('--master-key-file');
    const elsewhere = {
      LITELLM_BASE_URL: 'http://elsewhere.test',
      LITELLM_MASTER_KEY: MASTER_KEY,
      VKEYS_PROFILE: 'work',
    };
    const { stdout, stderr } = await home.vkeys('auth status', { env: elsewhere });
    expect(stdout).toContain('http://elsewhere.test');
    expect(stderr).toContain('LITELLM_BASE_URL wins over the profile work, which VKEYS_PROFILE names');
  });

  it('login saves nothing that does not work', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'key'), 'sk-wrong-wrong-wrong\n', { mode: 0o600 });
    const { code } = await home.vkeys(`auth login --url ${URL} --master-key-file ${home.folder}/key`, { env: {} });
    expect(code).toBe(4);
    expect(existsSync(join(home.folder, 'config/profiles.json'))).toBe(false);
  });

  it("sends a profile's key to the profile's server only", async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'key'), `${MASTER_KEY}\n`, { mode: 0o600 });
    await home.vkeys(`auth login --url ${URL} --master-key-file ${home.folder}/key`, { env: {} });
    const { code, requests } = await home.vkeys('list --url http://elsewhere.test', { env: {} });
    expect({ code, requests }).toEqual({ code: 4, requests: [] });
  });

  it.skipIf(process.platform === 'win32')('refuses profiles that others can read', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'key'), `${MASTER_KEY}\n`, { mode: 0o600 });
    await home.vkeys(`auth login --url ${URL} --master-key-file ${home.folder}/key`, { env: {} });
    chmodSync(join(home.folder, 'config/profiles.json'), 0o644);
    const { code, stderr } = await home.vkeys('list', { env: {} });
    expect(code).toBe(3);
    expect(stderr).toContain('chmod 600');
  });

  it('sends a cluster token only when it is asked to', async () => {
    const home = makeHome();
    const env = { LITELLM_BASE_URL: URL, LITELLM_OPENSHIFT_TOKEN: 'sha256~token' };
    expect(await home.vkeys('list', { env })).toMatchObject({ code: 4, requests: [] });
    const { code, stderr } = await home.vkeys('auth status --auth openshift', { env });
    expect(code).toBe(4);
    expect(stderr).toContain('does not take OpenShift tokens');
  });

  it('--master-key works, and warns', async () => {
    const { code, stderr } = await makeHome().vkeys(['list', '--url', URL, '--master-key', MASTER_KEY], { env: {} });
    expect(code).toBe(0);
    expect(stderr).toContain('warning: --master-key shows the key');
    expect(stderr).not.toContain(MASTER_KEY);
  });

  it('--env-file gives variables, and the environment wins', async () => {
    const home = makeHome();
    writeFileSync(join(home.folder, 'vars'), `LITELLM_BASE_URL=${URL}\nLITELLM_MASTER_KEY=${MASTER_KEY}\n`);
    expect((await home.vkeys('list --env-file vars', { env: {} })).code).toBe(0);
    expect((await home.vkeys('list', { env: {} })).code).toBe(3);
    expect((await home.vkeys('list --env-file vars', { env: { LITELLM_MASTER_KEY: 'sk-wrong-wrong' } })).code).toBe(4);
  });
});
