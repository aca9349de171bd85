import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import type { Console } from '../../src/cli/console.ts';
import { answer } from '../support/make.ts';
import { documentIn } from '../support/document.ts';
import { makeTeam } from '../support/server.ts';
import { makeHome } from '../support/run.ts';
import { use } from '../support/use.ts';

/** A terminal of 120 columns without colours. */
function terminal(): { readonly world: Partial<Console>; text(): string } {
  const parts: string[] = [];
  const stdout = { isTTY: true, columns: 120, write: (text: string) => void parts.push(text) };
  const env = { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: 'sk-sandbox-master', NO_COLOR: '1' };
  return { world: { stdout, env }, text: () => parts.join('') };
}

async function homeWithKeys() {
  const home = makeHome();
  await home.vkeys('create --alias alpha --duration 8h --max-budget 5 --user-id ada --models gpt-4o-mini');
  await makeTeam(home.server, 'red');
  await home.vkeys('create --alias beta --set other --team-id red --field blocked=true');
  return home;
}

describe('list', () => {
  it('is a table on a terminal and lines in a pipe', async () => {
    const { vkeys } = await homeWithKeys();
    const screen = terminal();
    await vkeys('list', screen.world);
    expect(screen.text()).toMatchInlineSnapshot(`
      "KEY_ALIAS  OWNED_BY  KEY_NAME    STATUS   MODELS       SPEND        EXPIRES  USER_ID
      alpha      adhoc     sk-...EoKI  active   gpt-4o-mini  0.00 / 5.00  in 8 h   ada
      beta       other     sk-...OS7A  blocked  all          0.00         never

      2 keys, 0.00 US dollars spent
      "
    `);
    expect((await vkeys('list')).stdout).toMatchInlineSnapshot(`
      "alpha	adhoc	sk-...EoKI	active	gpt-4o-mini	0	2026-11-21T18:00:03.000Z	ada
      beta	other	sk-...OS7A	blocked		0		
      "
    `);
  });

  it.each([
    ['--set other', ['beta']],
    ['--key al*', ['alpha']],
    ['--key al* --key beta', ['alpha', 'beta']],
    ['--key al* --set other', []],
    ['--key nobody', []],
    ['--user ada', ['alpha']],
    ['--team red', ['beta']],
    ['--status blocked', ['beta']],
    ['--status expired', []],
    ['--expiring 9h', ['alpha']],
    ['--expiring 1h', []],
    ['--sort -key_alias', ['beta', 'alpha']],
  ])('%s', async (flags, aliases) => {
    const { vkeys } = await homeWithKeys();
    const { keys } = documentIn((await vkeys(`list ${flags} -o json`)).stdout);
    expect(keys.map(({ key_alias }) => key_alias)).toEqual(aliases);
    const yaml = await vkeys(`list ${flags} -o yaml`);
    expect(yaml.stdout.match(/key_alias/g) ?? []).toHaveLength(aliases.length);
    expect((await vkeys(`list ${flags} -o csv`)).code).toBe(0);
  });
});

describe('list', () => {
  const COLUMNS = ['created_at', 'last_active', 'total_spend', 'model_spend', 'budget_reset_at'];

  it('tells what a key spent and when it was used, and sums it up on a terminal', async () => {
    const home = await homeWithKeys();
    const [alpha] = home.minted;
    await use(home, alpha);
    await use(home, alpha);
    const { keys } = documentIn((await home.vkeys(`list --columns ${COLUMNS.join(',')} --key alpha -o json`)).stdout);
    expect(keys).toEqual([
      {
        created_at: '2026-11-21T10:00:03.000Z',
        last_active: expect.stringMatching(/^2026-11-21T10:00:1\d\.000Z$/) as string,
        total_spend: 0.1,
        model_spend: {},
        budget_reset_at: null,
      },
    ]);
    const screen = terminal();
    await home.vkeys('list --columns key_alias,spend,total_spend,last_active', screen.world);
    expect(screen.text()).toMatchInlineSnapshot(`
      "KEY_ALIAS  SPEND        TOTAL_SPEND  LAST_ACTIVE
      alpha      0.10 / 5.00  0.1          4 s ago
      beta       0.00         0

      2 keys, 0.10 US dollars spent
      "
    `);
    await home.vkeys('get alpha', screen.world);
    expect(screen.text()).toMatch(/total spend +0\.10 US dollars\n +last active +2026-11-21 10:00 UTC/);
  });

  it('has the columns that were asked for, in their order, in every format', async () => {
    const { vkeys } = await homeWithKeys();
    const asked = ['key_id', ...COLUMNS, 'tpm_limit', 'key_alias'];
    const line = `list --columns ${asked.join(',')} --sort -key_alias`;
    const { keys } = documentIn((await vkeys(`${line} -o json`)).stdout);
    expect(keys.map((key) => Object.keys(key))).toEqual([asked, asked]);
    expect(keys.map(({ key_alias }) => key_alias)).toEqual(['beta', 'alpha']);
    const [header = '', ...rows] = (await vkeys(`${line} -o csv`)).stdout.trim().split('\n');
    expect([header.split(','), rows.length]).toEqual([asked, 2]);
    const members = [...(await vkeys(`${line} -o yaml`)).stdout.matchAll(/^ {2}[ -] (\w+):/gm)].map(([, name]) => name);
    expect(members).toEqual([...asked, ...asked]);
    expect((await vkeys(line)).stdout.split('\n')[0]?.split('\t')).toHaveLength(asked.length);
    const screen = terminal();
    await vkeys(line, screen.world);
    expect(screen.text()).toContain('KEY_ID');
  });

  it.each(['table', 'json', 'yaml', 'csv'])(
    'refuses what is no column before it asks the server: -o %s',
    async (format) => {
      const { vkeys } = await homeWithKeys();
      for (const columns of ['key_alais', 'key_alias,nothing']) {
        const { code, requests, stderr } = await vkeys(`list -o ${format} --columns ${columns}`);
        expect({ code, requests }).toEqual({ code: 3, requests: [] });
        expect(stderr).toContain('Columns: key_alias, ');
      }
    },
  );

  it.each([
    ['--set nothing', 'None of the 2 keys matches --set nothing.'],
    ['--set othr', 'None of the 2 keys matches --set othr. Did you mean other?'],
    ['--set other --status expired', 'None of the 2 keys matches --set other --status expired.'],
    ['--key alpha --set other', 'The only key does not match --key alpha --set other.'],
    ['--user nobody --team none --expiring 1h', 'None of the 2 keys matches --user nobody --team none --expiring 1h.'],
  ])('%s matches nothing, and says so on stderr in every format', async (flags, said) => {
    const { vkeys } = await homeWithKeys();
    for (const format of ['table', 'json', 'yaml', 'csv']) {
      const { code, stderr } = await vkeys(`list ${flags} -o ${format}`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: `notice: ${said}\n` });
    }
    const { stdout } = await vkeys(`list ${flags} -o json`);
    expect(documentIn(stdout).notices).toMatchObject([{ level: 'notice', code: 'missing', message: said }]);
    expect((await vkeys(`list ${flags} -q`)).stderr).toBe('');
  });

  it('says nothing of filters where there is no key at all, nor where one matches', async () => {
    expect((await makeHome().vkeys('list --set nothing')).stderr).toBe('');
    const { vkeys } = await homeWithKeys();
    expect((await vkeys('list --set other')).stderr).toBe('');
    await vkeys('delete beta --yes');
    expect((await vkeys('list --set other')).stderr).toBe('notice: The only key does not match --set other.\n');
  });
});

describe('--only', () => {
  it.each(['plan -f a.json', 'apply -f a.json', 'delete -f a.json --yes'])(
    'that matches no key of %s says so',
    async (line) => {
      const home = makeHome();
      writeFileSync(
        join(home.folder, 'a.json'),
        JSON.stringify({ set: 'a', keys: [{ key_alias: 'one' }, { key_alias: 'two' }] }),
      );
      const { stderr } = await home.vkeys(`${line} --only tow`);
      expect(stderr).toContain('Nothing in the spec matches --only tow: there are one, two.\n');
      expect((await home.vkeys(`${line} --only tow --only t*`)).stderr).not.toContain('--only');
    },
  );
});

describe('get', () => {
  it('is a card on a terminal', async () => {
    const { vkeys } = await homeWithKeys();
    const screen = terminal();
    expect((await vkeys('get alpha', screen.world)).code).toBe(0);
    expect(screen.text().replace(/1\d s ago/, '1. s ago')).toMatchInlineSnapshot(`
      "alpha

        key          sk-...EoKI
        base URL     http://litellm.test/v1
        status       active
        expires      2026-11-21 18:00 UTC (in 8 h)
        models       gpt-4o-mini
        spend        0.00 / 5.00 US dollars
        user_id      ada
        total spend  0.00 US dollars
        created      2026-11-21 10:00 UTC (1. s ago)
        set          adhoc
        key_id       7a678723e43100fc19bfcb036524378512894efa9f55cafe2cd9556f90c50956
      "
    `);
  });

  it('gives the variables of a key that the keyring has, and says when it has not', async () => {
    const home = await homeWithKeys();
    expect((await home.vkeys('get alpha -o env')).stdout).toBe(
      `OPENAI_API_KEY=${home.minted[0]?.reveal() ?? ''}\nOPENAI_BASE_URL=http://litellm.test/v1\n`,
    );
    const elsewhere = await home.vkeys('get alpha --show-key --keyring elsewhere');
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain('does not have the key of alpha');
  });
});

describe('--for', () => {
  it('says what a client wants in a file beside the result, and not in it', async () => {
    const { vkeys } = makeHome();
    const made = await vkeys('create svc --models gpt-4o-mini --for codex');
    expect(made.stdout).toMatch(/^LITELLM_API_KEY=sk-[\w-]+\n$/);
    expect(made.stderr).toContain('codex wants LITELLM_API_KEY in the environment, and in ~/.codex/config.toml:\n');
    expect(made.stderr).toContain('base_url = "http://litellm.test/v1"');
    expect(await vkeys('get svc --for codex')).toMatchObject({ stdout: made.stdout, stderr: made.stderr });
    expect((await vkeys('get svc --for codex --quiet')).stderr).toBe('');
    expect((await vkeys('get svc --for openai')).stderr).toBe('');
  });

  it('gives the variables of a client with get, create and apply, as -o env does', async () => {
    const home = await homeWithKeys();
    writeFileSync(join(home.folder, 'a.json'), JSON.stringify({ set: 'a', keys: [{ key_alias: 'one' }] }));
    const expected = (at: number) =>
      `ANTHROPIC_AUTH_TOKEN=${home.minted[at]?.reveal() ?? ''}\nANTHROPIC_BASE_URL=http://litellm.test\n`;
    expect((await home.vkeys('get beta --for anthropic')).stdout).toBe(expected(1));
    expect((await home.vkeys('create --alias gamma --for anthropic')).stdout).toBe(expected(2));
    expect((await home.vkeys('apply -f a.json --for anthropic -o env')).stdout).toBe(expected(3));
    expect((await home.vkeys('get alpha --for claude-code')).stdout).toContain('ANTHROPIC_MODEL=gpt-4o-mini\n');
    const screen = terminal();
    await home.vkeys('create --alias delta --for openai', screen.world);
    expect(screen.text()).toMatch(/^OPENAI_API_KEY=sk-.*\nOPENAI_BASE_URL=http:\/\/litellm.test\/v1\n$/);
  });

  it.each(['get alpha', 'create --alias new', 'apply -f a.json'])(
    'is refused with another format: %s',
    async (line) => {
      const home = await homeWithKeys();
      writeFileSync(join(home.folder, 'a.json'), JSON.stringify({ set: 'a', keys: [{ key_alias: 'one' }] }));
      const other = await home.vkeys(`${line} --for openai -o json`);
      expect([other.code, other.requests]).toEqual([3, []]);
      const unknown = await home.vkeys(`${line} --for nobody`);
      expect([unknown.code, unknown.requests]).toEqual([3, []]);
      expect(unknown.stderr).toContain('Allowed choices are openai, anthropic, claude-code');
    },
  );
});

describe('the server', () => {
  it('has models', async () => {
    const { vkeys } = makeHome();
    expect((await vkeys('models')).stdout).toBe('claude-sonnet\ngpt-4o-mini\nllama-3-8b\n');
    expect(documentIn((await vkeys('models -o json')).stdout)['models']).toHaveLength(3);
  });

  it('is examined by doctor, whose exit code tells', async () => {
    const home = await homeWithKeys();
    const { code, stdout } = await home.vkeys('doctor');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "ok       address     http://litellm.test answers.
      ok       database    The server is connected to its database.
      ok       credential  LITELLM_MASTER_KEY may list keys: there are 2.
      ok       version     LiteLLM 1.110.2.
      ok       aliases     No alias is there twice.
      "
    `);
    home.sandbox.setDatabase('down');
    const sick = await home.vkeys('doctor -o json');
    expect(sick.code).toBe(1);
    expect(documentIn(sick.stdout)).toMatchObject({ healthy: false, error: { kind: 'api' } });
  });
});

describe('an address without a proxy', () => {
  const notFound = () => answer(404, { detail: 'Not Found' });
  const at = (wrap: (path: string) => ReturnType<Fetch>) =>
    makeHome({ wrap: () => (url) => wrap(new URL(url).pathname) });

  it.each<[string, (path: string) => ReturnType<Fetch>, string]>([
    ['a web server', notFound, 'is not a LiteLLM proxy: it has neither'],
    ['a page for every path', () => answer(200, '<html>Welcome</html>'), 'something that is not JSON'],
    [
      'a page for every path but health',
      (path) => (path.startsWith('/key') ? notFound() : answer(200, {})),
      'is not a LiteLLM proxy',
    ],
    [
      'a control plane',
      (path) => (path === '/api/v1/auth/me' ? answer(200, { user: 'admin' }) : notFound()),
      'is not a LiteLLM proxy but a control plane',
    ],
  ])('is not called good by doctor: %s', async (_, wrap, words) => {
    const { code, stdout } = await at(wrap).vkeys('doctor');
    expect(code).toBe(1);
    expect(stdout).toContain(words);
    expect(stdout).toMatch(/^failed +address/m);
    expect(stdout).not.toMatch(/^ok +address/m);
  });

  it.each(['list', 'get x', 'create x', 'delete x --yes', 'models', 'auth status', 'plan -f a.yaml'])(
    'a control plane is told apart by %s',
    async (line) => {
      const home = at((path) => (path === '/api/v1/auth/me' ? answer(200, { user: 'admin' }) : notFound()));
      writeFileSync(join(home.folder, 'a.yaml'), 'keys: [{ key_alias: a }]\n');
      const { code, stderr } = await home.vkeys(line);
      expect(code).toBe(1);
      expect(stderr).toContain('is not a LiteLLM proxy but a control plane');
    },
  );

  it('is not called LiteLLM by other commands', async () => {
    const { code, stderr } = await at(notFound).vkeys('list');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'http://litellm.test has no /key/list, as a LiteLLM proxy has. The server answered 404: Not Found',
    );
  });

  it('is told from a proxy that only hides its health', async () => {
    const home = makeHome({
      wrap: (fetch) => (url, init) => (/health|model_hub/.test(url) ? notFound() : fetch(url, init)),
    });
    expect((await home.vkeys('doctor')).stdout).toMatch(/^ok +address/m);
    const { code, stdout } = await home.vkeys('doctor', {
      env: { LITELLM_BASE_URL: 'http://litellm.test', LITELLM_MASTER_KEY: 'sk-wrong-wrong-wrong' },
    });
    expect([code, stdout]).toEqual([4, expect.stringMatching(/^ok +address/m)]);
  });
});

describe('create on a terminal', () => {
  it('shows a card with the key', async () => {
    const home = makeHome();
    const screen = terminal();
    await home.vkeys('create --alias me', screen.world);
    expect(screen.text()).toContain(home.minted[0]?.reveal());
    expect((await home.vkeys('create --alias me2 -o env')).stdout).toMatch(/^OPENAI_API_KEY=sk-/);
  });
});

const setIn = (spec: string): string => String(/^set: (.*)$/m.exec(spec)?.[1]);

describe('offline', () => {
  it('init writes a spec that is valid, and never over another', async () => {
    const home = makeHome();
    expect((await home.vkeys('init')).stderr).toContain('Wrote vkeys.yaml');
    expect((await home.vkeys('validate -f vkeys.yaml')).code).toBe(0);
    expect((await home.vkeys('plan -f vkeys.yaml --sandbox', { env: {} })).code).toBe(0);
    expect((await home.vkeys('init')).code).toBe(6);
    const starter = readFileSync(join(home.folder, 'vkeys.yaml'), 'utf8');
    const other = (await home.vkeys('init -')).stdout;
    expect(starter.replace(setIn(starter), setIn(other))).toBe(other);
    expect((await home.vkeys('init no/such/folder.yaml')).code).toBe(3);
  });

  it('init names a set after its folder, and like no other', async () => {
    const home = makeHome();
    const made = await Promise.all([1, 2, 3].map(async () => setIn((await home.vkeys('init -')).stdout)));
    expect(new Set(made).size).toBe(3);
    mkdirSync(join(home.folder, 'Data Team'));
    await home.vkeys(['init', 'Data Team/keys.yaml']);
    expect(setIn(readFileSync(join(home.folder, 'Data Team', 'keys.yaml'), 'utf8'))).toMatch(/^Data-Team-[a-z2-9]{4}$/);
    expect(made).toEqual(made.map(() => expect.stringMatching(/^vkeys-test-[A-Za-z0-9]{6}-[a-z2-9]{4}$/)));
  });

  it('validate --print shows the keys that a spec makes', async () => {
    const home = makeHome();
    writeFileSync(
      join(home.folder, 'a.yaml'),
      'keys: [{ key_alias: a, roster: [ada], duration: null, max_budget: 1 }]',
    );
    const { stdout, requests } = await home.vkeys('validate -f a.yaml --print');
    expect(requests).toEqual([]);
    expect(stdout).toMatchInlineSnapshot(`
      "set: a
      keys:
        - key_alias: a-ada
          user: ada
          max_budget: 1
          duration: null
      "
    `);
    expect(documentIn((await home.vkeys('validate -f a.yaml -o json')).stdout)).toMatchObject({
      keys: [{ set: 'a', key_alias: 'a-ada', max_budget: 1 }],
    });
  });

  it('schema is a JSON Schema', async () => {
    expect(JSON.parse((await makeHome().vkeys('schema')).stdout)).toMatchObject({ type: 'object' });
  });
});
