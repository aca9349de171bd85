/** One key for a job or a person: what is there already, what others do at the same time, and where the key goes. */
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

async function homeWith(line = 'create ci --duration 8h --max-budget 5'): Promise<Home & { readonly secret: string }> {
  const home = makeHome();
  const { code, stdout, stderr } = await home.vkeys(line);
  expect(code, stderr).toBe(0);
  return { ...home, secret: stdout.trim() };
}

describe('a key that is there', () => {
  it('is printed again, and nothing is asked of it but to be usable', async () => {
    const { vkeys, secret } = await homeWith();
    const again = await vkeys('create ci --duration 8h --max-budget 5 --if-absent');
    expect(again).toMatchObject({
      code: 0,
      stdout: `${secret}\n`,
      stderr: 'ci is there already; nothing was changed.\n',
    });
  });

  it.each([
    ['expired', async ({ server }: Home) => server.clock.pass(9 * 3_600_000), '--replace-expired'],
    ['blocked', async ({ vkeys }: Home) => vkeys('update ci --field blocked=true'), '--field blocked=false'],
    ['has spent its budget', async ({ vkeys }: Home) => vkeys('update ci --max-budget 0'), '--max-budget N'],
  ])('and %s is refused, with the ways on', async (why, spoil, way) => {
    const home = await homeWith();
    await spoil(home);
    for (const more of ['', ' --update', ' -o json']) {
      const { code, stdout, stderr, requests } = await home.vkeys(`create ci --duration 8h --if-absent${more}`);
      expect(code).toBe(6);
      expect(stderr).toContain(why);
      expect(stderr).toContain(way);
      expect(stdout).not.toContain('sk-');
      expect(requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
    }
  });

  it('and expired is made anew where that is said', async () => {
    const { vkeys, server, secret } = await homeWith();
    server.clock.pass(9 * 3_600_000);
    const anew = await vkeys('create ci --duration 8h --if-absent --replace-expired');
    expect(anew.code, anew.stderr).toBe(0);
    expect(anew.stdout).toMatch(/^sk-/);
    expect(anew.stdout.trim()).not.toBe(secret);
    const { stdout } = await vkeys('get ci -o json');
    expect(documentIn(stdout).keys).toMatchObject([{ status: 'active' }]);
    expect((await vkeys('create ci --duration 8h --if-absent --replace-expired')).stdout).toBe(anew.stdout);
  });

  it.each(['', ' --update', ' --if-absent', ' --replace-expired'])(
    'is there too when somebody called it otherwise on the server:%s',
    async (more) => {
      const { vkeys, server, minted, secret } = await homeWith();
      server.sandbox.writeRow(minted[0]?.hash() ?? '', { key_alias: 'other' });
      const { code, stdout, stderr, requests } = await vkeys(`create ci --duration 8h --max-budget 9${more}`);
      const isPrinted = more === ' --update' || more === ' --if-absent';
      expect({ code, stdout }).toEqual(isPrinted ? { code: 0, stdout: `${secret}\n` } : { code: 6, stdout: '' });
      if (!isPrinted) expect(stderr).toContain('Somebody called it other since.');
      if (more !== ' --update') expect(requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
    },
  );

  it('and expired is not made anew unasked, whatever it is called on the server', async () => {
    const { vkeys, server, minted } = await homeWith();
    server.sandbox.writeRow(minted[0]?.hash() ?? '', { key_alias: 'other' });
    server.clock.pass(9 * 3_600_000);
    const { code, requests } = await vkeys('create ci --duration 8h');
    expect(code).toBe(6);
    expect(requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
  });

  it('is no reason to replace one that has not expired', async () => {
    expect((await (await homeWith()).vkeys('create ci --replace-expired')).code).toBe(6);
  });

  it('that ended and was cleaned up is made anew', async () => {
    const { vkeys, server, minted, secret } = await homeWith();
    server.clock.pass(9 * 3_600_000);
    server.sandbox.writeRow(minted[0]?.hash() ?? '', null);
    const anew = await vkeys('create ci --duration 8h');
    expect(anew.code, anew.stderr).toBe(0);
    expect(anew.stdout.trim()).not.toBe(secret);
  });

  it.each(['', ' -o json', ' -o env', ' --update'])('and whose secret is not here is no success: %s', async (more) => {
    const { vkeys } = await homeWith();
    const { code, stderr, requests } = await vkeys(`create ci --if-absent --keyring elsewhere${more}`);
    expect(code).toBe(1);
    expect(stderr).toContain('is not in the keyring of this machine');
    expect(requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
  });

  it('and is not what was asked for is told, field by field', async () => {
    const { vkeys, secret } = await homeWith();
    const seen = await vkeys('create ci --duration 8h --max-budget 10 --if-absent');
    expect(seen).toMatchObject({ code: 0, stdout: `${secret}\n` });
    expect(seen.stderr).toMatchInlineSnapshot(`
      "ci is there already; nothing was changed.
      It is not what was asked for; --update makes it that:
            max_budget  5 → 10
      "
    `);
  });

  it('and is not what was asked for is changed where that is said', async () => {
    const { vkeys, secret } = await homeWith();
    const seen = await vkeys('create ci --duration 8h --max-budget 10 --if-absent --update');
    expect(seen).toMatchObject({ code: 0, stdout: `${secret}\n` });
    expect(documentIn((await vkeys('get ci -o json')).stdout).keys).toMatchObject([{ max_budget: 10 }]);
  });
});

it.each([false, true])('a key is not printed with --no-secrets, on a terminal (%s) or elsewhere', async (isTTY) => {
  const home = makeHome();
  const shown: string[] = [];
  const stdout = { isTTY, columns: 80, write: (text: string) => shown.push(text) };
  const { code } = await home.vkeys('create ci --no-secrets', { stdout });
  expect(code).toBe(0);
  expect(shown.join('')).not.toContain(home.minted[0]?.reveal());
});

describe('of ten jobs that want one alias', () => {
  it('on as many machines all but one end with 6, and one key stays', async () => {
    const first = makeHome();
    const jobs = Array.from({ length: 10 }, (_, job) => makeHome({ server: first.server, seed: `job ${String(job)}` }));
    const ends = await Promise.all(jobs.map(({ vkeys }) => vkeys('create ci --duration 1h')));
    expect(ends.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 6, 6, 6, 6, 6, 6, 6, 6, 6]);
    for (const { code, stdout, stderr } of ends.filter(({ code: each }) => each === 6)) {
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
      expect(stderr).toMatch(/There is a key with the alias ci already|Another run made a key with the alias ci/);
    }
    expect(documentIn((await first.vkeys('list -o json')).stdout).keys).toHaveLength(1);
  });

  it('those that the server itself refuses end with 6, too', async () => {
    const home = makeHome({
      wrap: (fetch) => async (url, init) =>
        url.includes('/key/list')
          ? {
              ...(await fetch(url, init)),
              text: async () => '{"keys":[],"total_count":0,"current_page":1,"total_pages":0}',
            }
          : fetch(url, init),
    });
    home.sandbox.writeRow('a'.repeat(64), { key_alias: 'ci', created_at: '2026-11-21T09:00:00Z' });
    expect((await home.vkeys('create ci -o json')).code).toBe(6);
  });
});

describe('the alias', () => {
  it.each([
    ['create ci', 0],
    ['create --alias ci', 0],
    ['create ci --alias ci', 0],
    ['create ci --alias other', 3],
    ['create', 3],
    ['create ci other', 3],
    ['create sk-not-an-alias', 3],
    [`create ${'0a'.repeat(32)}`, 3],
  ])('%s ends with %i', async (line, code) => {
    expect((await makeHome().vkeys(line)).code).toBe(code);
  });
});

describe('--github', () => {
  const runner = (): { readonly env: Record<string, string>; readonly file: (name: string) => string } => {
    const at = mkdtempSync(join(tmpdir(), 'vkeys-github-'));
    writeFileSync(join(at, 'env'), 'BEFORE=1\n');
    writeFileSync(join(at, 'output'), '');
    return {
      env: {
        LITELLM_BASE_URL: 'http://litellm.test',
        LITELLM_MASTER_KEY: MASTER_KEY,
        GITHUB_ENV: join(at, 'env'),
        GITHUB_OUTPUT: join(at, 'output'),
      },
      file: (name) => readFileSync(join(at, name), 'utf8'),
    };
  };

  it.each(['create ci', 'get ci'])('%s masks the key before it is printed', async (line) => {
    const home = await homeWith('create other');
    if (line.startsWith('get')) await home.vkeys('create ci');
    const { stdout, stderr } = await home.vkeys(`${line} --github`, { env: runner().env });
    const secret = home.minted.at(-1)?.reveal() ?? '';
    expect(stderr).toMatch(new RegExp(`^::add-mask::${secret}\n`));
    expect(stdout).toContain(line.startsWith('get') ? 'ci' : secret);
  });

  it.each([
    ['env', 'create ci --github env', 'BEFORE=1\n'],
    ['output', 'create ci --github output', ''],
    ['env', 'create ci --github env -o env', 'BEFORE=1\n'],
  ])('writes to the file of %s and not to stdout: %s', async (name, line, before) => {
    const home = makeHome();
    const { env, file } = runner();
    const { code, stdout, stderr } = await home.vkeys(line, { env });
    const secret = home.minted[0]?.reveal() ?? '';
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.startsWith(`::add-mask::${secret}\n`)).toBe(true);
    expect(file(name)).toBe(`${before}OPENAI_API_KEY=${secret}\nOPENAI_BASE_URL=http://litellm.test/v1\n`);
    expect((await home.vkeys('get ci --github env', { env })).code).toBe(0);
    expect((await home.vkeys('create ci --if-absent --github output', { env })).code).toBe(0);
    expect(file('output')).toContain(secret);
  });

  it('asks for the file before a key is made', async () => {
    const { code, requests, stderr } = await makeHome().vkeys('create ci --github env');
    expect({ code, requests }).toEqual({ code: 3, requests: [] });
    expect(stderr).toContain('GITHUB_ENV');
  });

  it('begins a line of its own, in a file for its owner alone', async () => {
    const home = makeHome();
    const { env, file } = runner();
    writeFileSync(String(env['GITHUB_ENV']), 'OLD=1');
    expect((await home.vkeys('create ci --github env', { env })).code).toBe(0);
    expect(file('env').split('\n')).toEqual([
      'OLD=1',
      `OPENAI_API_KEY=${home.minted[0]?.reveal() ?? ''}`,
      expect.any(String),
      '',
    ]);
    const anew = `${String(env['GITHUB_OUTPUT'])}-anew`;
    const more = { env: { ...env, GITHUB_OUTPUT: anew } };
    expect((await home.vkeys('create ci --if-absent --github output', more)).code).toBe(0);
    expect(statSync(anew).mode & 0o077).toBe(0);
  });

  it('says that the file cannot be written, and how to go on', async () => {
    const home = makeHome();
    const { env } = runner();
    const seen = await home.vkeys('create ci --github env', { env: { ...env, GITHUB_ENV: '/nowhere/env' } });
    expect(seen).toMatchObject({ code: 1, stdout: '' });
    expect(seen.stderr).toMatch(/^error: The file of GITHUB_ENV .*\nnext: .* --if-absent /m);
    expect((await home.vkeys('create ci --if-absent --github env', { env })).code).toBe(0);
  });
});

describe('an option that is empty', () => {
  it.each(
    [
      '--models',
      '--duration',
      '--user-id',
      '--team-id',
      '--set',
      '--url',
      '--profile',
      '--keyring',
      '--alias',
      '--master-key-file',
    ].map((name) => [name]),
  )('is refused: %s', async (name) => {
    const { code, stderr, requests } = await makeHome().vkeys(['create', 'ci', name, '']);
    expect({ code, requests }).toEqual({ code: 3, requests: [] });
    expect(stderr).toContain(`${name} is empty`);
  });

  it.each([
    [['list', '--key', '']],
    [['list', '--columns', '']],
    [['list', '--set', '']],
    [['update', 'ci', '--unset', '']],
    [['delete', '--set', '', '--yes']],
    [['delete', '', '--yes']],
    [['create', '']],
    [['get', '']],
  ])('is refused everywhere: %j', async (argv) => {
    expect(await makeHome().vkeys(argv)).toMatchObject({ code: 3, requests: [] });
  });
});

describe('commands of other tools', () => {
  it.each([
    ['rm ci --yes', 0],
    ['ls', 0],
    ['diff -f a.yaml', 0],
  ])('work: %s', async (line, code) => {
    const home = await homeWith();
    writeFileSync(join(home.folder, 'a.yaml'), 'keys: [{ key_alias: a }]\n');
    expect((await home.vkeys(line)).code).toBe(code);
  });

  it.each([
    ['import', 'keyring import'],
    ['login', 'auth login'],
    ['logout', 'auth logout'],
    ['regenerate', 'rotate'],
    ['revoke', 'delete'],
    ['new', 'create'],
    ['show', 'get'],
    ['lst', 'list'],
  ])('are pointed to: %s', async (word, meant) => {
    const { code, stderr } = await makeHome().vkeys(`${word} x`);
    expect(code).toBe(3);
    expect(stderr).toContain(`(Did you mean`);
    expect(stderr).toContain(meant);
    const { stdout } = await makeHome().vkeys(`${word} x -o json`);
    expect(documentIn(stdout).error?.['message']).toContain(meant);
  });

  it.each(['constructor', 'toString', '__proto__'])('are none by accident: %s', async (word) => {
    expect((await makeHome().vkeys(word)).stderr).not.toContain('native code');
  });
});
