/** `vkeys env`: a key from wherever it is, for a client, in the form of a shell or in the client's own file; and whether it works. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/auth/run.ts';
import { Secret } from '../../src/base/secret.ts';
import { quickToken } from '../../src/cli/quick-token.ts';
import type { World } from '../../src/run/world.ts';
import { makeHome, MASTER_KEY, type Home, type Seen } from '../support/run.ts';
import { use } from '../support/use.ts';

const isRoot = process.getuid?.() === 0;
const stdinOf = (text: string) => ({ stdin: { isTTY: false, read: () => Promise.resolve(text) } });
const keyOf = (home: Home, at = 0): string => home.minted[at]?.reveal() ?? '';
const there = (home: Home, path: string): string => join(home.folder, path);
const contentOf = (home: Home, path: string): string => readFileSync(there(home, path), 'utf8');

/** A home whose keyring has these keys, each of which may use gpt-4o-mini. */
async function homeWith(...names: readonly string[]): Promise<Home> {
  const home = makeHome();
  for (const name of names)
    expect(await home.vkeys(`create --alias ${name} --models gpt-4o-mini`)).toMatchObject({ code: 0 });
  return home;
}

/** Puts a key into the keyring that was made elsewhere. */
async function remember(home: Home, name: string, secret: string, ...words: readonly string[]): Promise<void> {
  const line = ['keyring', 'import', '--key-id', new Secret(secret).hash(), ...words, '--', name];
  expect(await home.vkeys(line, stdinOf(secret))).toMatchObject({ code: 0 });
}

function put(home: Home, path: string, text: string): string {
  const whole = there(home, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

describe('the key', () => {
  it('is found in the keyring by alias, hash, its end or itself, and no server is asked', async () => {
    const home = await homeWith('ada', 'bob');
    const text = `OPENAI_API_KEY=${keyOf(home, 1)}\nOPENAI_BASE_URL=http://litellm.test/v1\n`;
    const hash = home.minted[1]?.hash() ?? '';
    const words = ['bob', hash, hash.slice(0, 12), `sk-...${keyOf(home, 1).slice(-4)}`];
    for (const word of words)
      expect(await home.vkeys(['env', word])).toEqual({ code: 0, stdout: text, stderr: '', requests: [] });
    expect((await home.vkeys('env -', stdinOf(keyOf(home, 1)))).stdout).toBe(text);
  });

  it('is the only one of the keyring, or has to be named', async () => {
    const home = await homeWith('ada');
    expect((await home.vkeys('env')).stdout).toContain(keyOf(home));
    await home.vkeys('create --alias bob');
    const { code, stderr } = await home.vkeys('env');
    expect([code, stderr]).toEqual([
      3,
      'error: The keyring has several keys: ada (adhoc at http://litellm.test), bob (adhoc at http://litellm.test).\nnext:  Name one; see them all: vkeys keyring list\n',
    ]);
    expect(await makeHome().vkeys('env')).toMatchObject({ code: 3, stderr: expect.stringContaining('has no key') });
  });

  it('has the address of its own server, unless a flag says another', async () => {
    const home = await homeWith('ada');
    const env = { LITELLM_BASE_URL: 'http://other.test' };
    expect((await home.vkeys('env ada', { env })).stdout).toContain('OPENAI_BASE_URL=http://litellm.test/v1\n');
    expect((await home.vkeys('env ada', { env: {} })).stdout).toContain('OPENAI_BASE_URL=http://litellm.test/v1\n');
    expect((await home.vkeys('env ada --url https://llm.example.com/v1/')).stdout).toContain(
      'OPENAI_BASE_URL=https://llm.example.com/v1\n',
    );
    await home.vkeys(
      'auth login --profile work --url https://work.example.com --master-key-stdin',
      stdinOf(MASTER_KEY),
    );
    expect((await home.vkeys('env ada --profile work')).stdout).toContain(
      'OPENAI_BASE_URL=https://work.example.com/v1\n',
    );
  });

  it('comes from standard input, for the server that is meant', async () => {
    const home = makeHome();
    expect(await home.vkeys('env --key-stdin --for anthropic', stdinOf('sk-typed-key\n'))).toEqual({
      code: 0,
      stdout: 'ANTHROPIC_AUTH_TOKEN=sk-typed-key\nANTHROPIC_BASE_URL=http://litellm.test\n',
      stderr: '',
      requests: [],
    });
    for (const text of ['', 'sk-a sk-b'])
      expect(await home.vkeys('env --key-stdin', stdinOf(text))).toMatchObject({ code: 3 });
    expect(await home.vkeys('env --key-stdin', { ...stdinOf('sk-typed-key'), env: {} })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('Which server?'),
    });
  });

  it('that may be one of several is asked for by its set or server', async () => {
    const home = await homeWith('ada');
    const other = stdinOf('sk-another-key');
    const hash = 'c'.repeat(64);
    expect(await home.vkeys(`keyring import ada --set lab --key-id ${hash}`, other)).toMatchObject({ code: 6 });
    const lab = spawnSync('sh', ['-c', 'printf sk-another-key | sha256sum | cut -c-64'], {
      encoding: 'utf8',
    }).stdout.trim();
    await home.vkeys(`keyring import ada --set lab --key-id ${lab}`, other);
    expect(await home.vkeys('env ada')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('ada (lab at http://litellm.test)'),
    });
    expect((await home.vkeys('env ada --set lab')).stdout).toContain('sk-another-key');
    expect((await home.vkeys('env ada --set adhoc')).stdout).toContain(keyOf(home));
  });

  it('that is on two servers is found with the flag that the error names', async () => {
    const home = await homeWith('ada');
    const url = 'https://second.example.com';
    await remember(home, 'ada', 'sk-second', '--url', url);
    expect((await home.vkeys('env ada')).stderr).toContain('Say which: --set NAME, --server URL');
    expect((await home.vkeys(`env ada --server ${url}/v1`)).stdout).toBe(
      `OPENAI_API_KEY=sk-second\nOPENAI_BASE_URL=${url}/v1\n`,
    );
  });
});

describe('--from', () => {
  const SPEC = {
    set: 'lab',
    keys: [{ key_alias: 'lab', roster: { count: 2 } }],
    deliver: [{ dotenv: '{key_alias}.env' }, { json: 'all.json' }, { csv: 'all.csv' }],
  };

  async function handedOut(): Promise<Home> {
    const home = makeHome();
    put(home, 'lab.json', JSON.stringify(SPEC));
    const { code, stdout } = await home.vkeys('apply -f lab.json --yes -o env');
    expect(code).toBe(0);
    put(home, 'all.env', stdout);
    return home;
  }

  it('takes the key and its address from each kind of hand-out, without a keyring or a server', async () => {
    const home = await handedOut();
    const world = { env: {}, folders: { state: null, config: null, home: null } };
    const text = `OPENAI_API_KEY=${keyOf(home, 1)}\nOPENAI_BASE_URL=http://litellm.test/v1\n`;
    for (const words of [
      '--from lab-user2.env',
      'lab-user2 --from all.env',
      'lab-user2 --from all.json',
      'lab-user2 --from all.csv',
    ])
      expect([words, await home.vkeys(`env ${words}`, world)]).toEqual([
        words,
        { code: 0, stdout: text, stderr: '', requests: [] },
      ]);
    put(
      home,
      'flat.json',
      JSON.stringify({ ANTHROPIC_AUTH_TOKEN: 'sk-flat', ANTHROPIC_BASE_URL: 'https://llm.example.com' }),
    );
    expect((await home.vkeys('env --from flat.json', world)).stdout).toBe(
      'OPENAI_API_KEY=sk-flat\nOPENAI_BASE_URL=https://llm.example.com/v1\n',
    );
  });

  it.each([
    ['all.json', 'has several keys: lab-user1, lab-user2.', 'Name one of these'],
    ['all.env', 'has several keys: LAB_USER1_API_KEY, LAB_USER2_API_KEY.', 'Name one of these'],
    ['lab.json', 'has no key.', 'Give a .env, JSON or CSV file'],
    ['nothing.env', 'There is no file', '--from'],
    ['.', 'is a folder', 'path of a file'],
  ])('says what is the matter with %s', async (path, message, hint) => {
    const { stderr, stdout } = await (await handedOut()).vkeys(`env --from ${path}`);
    expect([stdout, stderr.includes(message), stderr.includes(hint), stderr]).toEqual(['', true, true, stderr]);
  });

  it('names no key that the file has not', async () => {
    const { code, stderr } = await (await handedOut()).vkeys('env bob --from all.csv');
    expect([code, stderr]).toEqual([3, expect.stringContaining('all.csv has no key of bob.')]);
  });
});

describe('what is printed', () => {
  it('is what a shell runs, and the shell then has it', async () => {
    const home = await homeWith('ada');
    const { stdout, code } = await home.vkeys([
      'env',
      'ada',
      '--for',
      'claude-code',
      '--shell',
      'bash',
      '--model',
      "o'model $x",
    ]);
    expect(code).toBe(0);
    const { stdout: seen } = spawnSync(
      'sh',
      ['-c', `${stdout}printf '%s\\n' "$ANTHROPIC_MODEL" "$ANTHROPIC_AUTH_TOKEN"`],
      {
        encoding: 'utf8',
      },
    );
    expect(seen).toBe(`o'model $x\n${keyOf(home)}\n`);
  });

  it('has models where they are named, and says what else could be', async () => {
    const home = await homeWith('ada');
    const bare = await home.vkeys('env ada --for claude-code');
    expect(bare.stdout).not.toContain('MODEL');
    expect(bare.stderr).toContain('No model is named: --model NAME');
    const one = await home.vkeys('env ada --for claude-code --model big');
    expect(one.stdout).toContain('ANTHROPIC_MODEL=big\nANTHROPIC_DEFAULT_HAIKU_MODEL=big\n');
    expect(one.stderr).toContain('--small-model NAME');
    const both = await home.vkeys('env ada --for claude-code --model big --small-model small');
    expect(both.stdout).toContain('ANTHROPIC_DEFAULT_HAIKU_MODEL=small\n');
    expect(both.stderr).not.toContain('--small-model');
    expect((await home.vkeys('env ada --for openai --model big')).stderr).toContain('openai has no place for a model');
    expect((await home.vkeys('env ada --for claude-code --model big --quiet')).stderr).toBe('');
  });

  it('is a file without the key where a program is asked', async () => {
    const home = await homeWith('ada');
    const { stdout } = await home.vkeys('env ada --for codex --model gpt-4o-mini --helper');
    expect(stdout).toContain('args = [ "token", "--set=adhoc", "--server=http://litellm.test", "--", "ada" ]');
    expect(stdout).not.toContain(keyOf(home));
  });

  it.each([
    ['--for openai --helper', 'asks no program', 'claude-code, codex'],
    ['--for openai --file x', '--file is for --write', 'Add --write'],
    ['--for codex --write', 'has to be told a model', '--model NAME'],
    ['--for cline --write', 'has no file', '--file .env'],
    ['--write --shell fish', '--shell', '--help'],
    ['--helper --key-stdin --for codex', '--helper', '--help'],
    ['--key-stdin', 'A key is named, and --key-stdin reads another.', 'Leave the name out'],
    ['--key-stdin --set adhoc', '--key-stdin', '--help'],
    ['--from all.csv --set adhoc', '--from', '--help'],
    ['--from all.csv --server http://litellm.test', '--from', '--help'],
    ['--for nobody', 'Allowed choices', '--help'],
    ['-o env', '-o is not for this command', 'leave -o out'],
  ])('is refused with %s', async (words, message, hint) => {
    const home = await homeWith('ada');
    const { code, stdout, stderr } = await home.vkeys(`env ada ${words}`);
    expect([code, stdout, stderr.includes(message), stderr.includes(hint), stderr]).toEqual([
      3,
      '',
      true,
      true,
      stderr,
    ]);
  });
});

describe('--write', () => {
  const write = (home: Home, words: string, world = {}): Promise<Seen> =>
    home.vkeys(`env ada --write --no-check ${words}`, world);

  it('puts the key into the file of the client, for its owner alone, and changes nothing a second time', async () => {
    const home = await homeWith('ada');
    const before = '{\n  // mine\n  "theme": "dark", // yes\n  "env": { "FOO": "1" }\n}\n';
    const path = put(home, '.claude/settings.json', before);
    const { code, stdout, stderr, requests } = await write(home, '--for claude-code');
    expect({ code, requests }).toEqual({ code: 0, requests: [] });
    expect(stdout).toBe(
      `${path}: added env.ANTHROPIC_AUTH_TOKEN, env.ANTHROPIC_BASE_URL. The old file is ${path}.vkeys-old.\n`,
    );
    expect(stderr).not.toContain(keyOf(home));
    expect(readFileSync(path, 'utf8')).toBe(
      before.replace(
        '"FOO": "1"',
        `"FOO": "1","ANTHROPIC_AUTH_TOKEN": "${keyOf(home)}","ANTHROPIC_BASE_URL": "http://litellm.test"`,
      ),
    );
    expect(readFileSync(`${path}.vkeys-old`, 'utf8')).toBe(before);
    expect([statSync(path).mode & 0o777, statSync(`${path}.vkeys-old`).mode & 0o777]).toEqual([0o600, 0o600]);
    const { mtimeMs, ino } = statSync(path);
    expect(await write(home, '--for claude-code')).toMatchObject({ code: 0, stdout: `${path}: nothing to change.\n` });
    expect(statSync(path)).toMatchObject({ mtimeMs, ino });
    chmodSync(path, 0o644);
    await write(home, '--for claude-code');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes where the client has its file by a variable, or where it is said', async () => {
    const home = await homeWith('ada');
    const env = { CODEX_HOME: there(home, 'codex'), XDG_CONFIG_HOME: there(home, 'xdg') };
    await write(home, '--for codex --model m', { env });
    expect(contentOf(home, 'codex/config.toml')).toContain('env_key = "LITELLM_API_KEY"');
    await write(home, '--for opencode --model m', { env });
    expect(contentOf(home, 'xdg/opencode/opencode.json')).toContain('{env:LITELLM_API_KEY}');
    await write(home, '--for opencode --model m', { env: { ...env, OPENCODE_CONFIG: 'own.json' } });
    expect(contentOf(home, 'own.json')).toBe(contentOf(home, 'xdg/opencode/opencode.json'));
    await write(home, '--for librechat --model m --file chat/librechat.yaml');
    expect(contentOf(home, 'chat/.env')).toBe(`LITELLM_API_KEY=${keyOf(home)}\n`);
    await write(home, '--for curl --file keys.env');
    expect(contentOf(home, 'keys.env')).toBe(`LITELLM_API_KEY=${keyOf(home)}\n`);
    await write(home, '--for openai');
    expect(contentOf(home, '.env')).toContain('OPENAI_BASE_URL=http://litellm.test/v1\n');
    const folders = { state: there(home, 'state'), config: null, home: null };
    expect(await write(home, '--for aider', { folders })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--file PATH'),
    });
  });

  it('changes all of the files of a client, or none', async () => {
    const home = await homeWith('ada');
    put(home, '.continue/config.yaml', 'models:\n  - name: A # mine\n');
    mkdirSync(there(home, '.continue/.env'));
    const { code, stderr } = await write(home, '--for continue --model m');
    expect([code, stderr]).toEqual([1, expect.stringContaining('.continue/.env is a folder.')]);
    expect(contentOf(home, '.continue/config.yaml')).toBe('models:\n  - name: A # mine\n');
    rmSync(there(home, '.continue/.env'), { recursive: true });
    put(home, '.continue/.env', 'A=1\n');
    expect(await write(home, '--for continue --model m')).toMatchObject({ code: 0 });
    expect(contentOf(home, '.continue/.env')).toBe(`A=1\nLITELLM_API_KEY=${keyOf(home)}\n`);
    expect(contentOf(home, '.continue/config.yaml')).toMatch(/^models:\n {2}- name: A # mine\n {2}- name: LiteLLM m\n/);
  });

  it('says what it would do with --dry-run, and does not', async () => {
    const home = await homeWith('ada');
    const path = put(home, '.aider.conf.yml', 'model: old # mine\n');
    const { code, stdout, requests } = await home.vkeys('env ada --for aider --model m --dry-run');
    expect([code, stdout, requests]).toEqual([
      0,
      `${path}: would have added openai-api-base, openai-api-key; changed model. The old file is to be ${path}.vkeys-old.\n`,
      [],
    ]);
    expect(readFileSync(path, 'utf8')).toBe('model: old # mine\n');
    expect(readdirSync(home.folder).filter((name) => name.startsWith('.aider'))).toEqual(['.aider.conf.yml']);
  });

  it('follows a link, which stays one', async () => {
    const home = await homeWith('ada');
    const target = put(home, 'dotfiles/settings.json', '{}\n');
    mkdirSync(there(home, '.claude'), { recursive: true });
    const link = there(home, '.claude/settings.json');
    symlinkSync(target, link);
    expect(await write(home, '--for claude-code')).toMatchObject({ code: 0 });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain(keyOf(home));
    expect(existsSync(`${target}.vkeys-old`)).toBe(true);
    put(home, '.aider.conf.yml', '');
    symlinkSync(there(home, 'nowhere'), there(home, 'away.yml'));
    expect(await write(home, '--for aider --file away.yml')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is a link that leads nowhere'),
    });
  });

  it.each([
    ['codex --model m', '.codex/config.toml', 'a = 1\nb = = 2\n', ':2:5: This is not valid TOML'],
    ['claude-code', '.claude/settings.json', '{\n  "env": {,\n}\n', ':2:11: This is not valid JSON'],
    ['aider', '.aider.conf.yml', 'a: [b\n', ':2:1: This is not valid YAML'],
    ['claude-code', '.claude/settings.json', '{"env": 1}', 'env is not an object.'],
  ])('leaves a file of %s alone that does not parse, and says where', async (client, path, text, words) => {
    const home = await homeWith('ada');
    put(home, path, text);
    const { code, stdout, stderr } = await write(home, `--for ${client}`);
    expect([code, stdout, stderr]).toEqual([3, '', expect.stringContaining(words)]);
    expect(stderr).toContain(path);
    expect(contentOf(home, path)).toBe(text);
  });

  it('says that a folder may not be written, before anything is changed', async () => {
    const home = await homeWith('ada');
    put(home, 'a-file', '');
    expect(await write(home, '--for aider --file a-file/x.yml')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a-file/x.yml'),
    });
    const path = put(home, '.claude/settings.json', '{}\n');
    chmodSync(join(path, '..'), 0o555);
    const { code, stderr } = await write(home, '--for claude-code');
    if (isRoot) expect(code).toBe(0);
    else
      expect([code, stderr, readFileSync(path, 'utf8')]).toEqual([
        1,
        expect.stringContaining('may not be written'),
        '{}\n',
      ]);
    chmodSync(join(path, '..'), 0o755);
  });

  it('tells a file with the key that Git would take', async () => {
    const home = await homeWith('ada');
    const world = { run: runProgram };
    spawnSync('git', ['init', '-q', home.folder]);
    expect((await write(home, '--for openai', world)).stderr).toContain('is in a Git work tree that does not ignore');
    put(home, '.gitignore', '.env*\n');
    expect((await write(home, '--for anthropic', world)).stderr).not.toContain('Git work tree');
    expect((await write(home, '--for librechat --model m', world)).stderr).not.toContain('Git work tree');
  });

  it('says where the key has to be that is in no file', async () => {
    const home = await homeWith('ada');
    const { stderr, stdout } = await write(home, '--for codex --model gpt-4o-mini');
    expect(stderr).toContain(
      'codex reads LITELLM_API_KEY from its environment: eval "$(vkeys env --for=codex --shell=bash --set=adhoc --server=http://litellm.test -- ada)"',
    );
    expect(stdout + stderr + contentOf(home, '.codex/config.toml')).not.toContain(keyOf(home));
  });

  it('says so in a line that finds the same key wherever it was found', async () => {
    const home = makeHome();
    await home.vkeys('create --alias ada --keyring own');
    await remember(home, 'ada', 'sk-of-lab', '--set', 'lab', '--keyring', 'own');
    put(home, 'one.env', 'OPENAI_API_KEY=sk-handed\n');
    put(home, 'two.env', 'ADA_API_KEY=sk-first\nBOB_API_KEY=sk-other\n');
    const lineFor = async (words: string): Promise<string> => {
      const { code, stderr } = await home.vkeys(`env ${words} --for codex --model m --write --no-check`);
      const [, line = ''] = /eval "\$\(vkeys (.*)\)"/.exec(stderr) ?? [];
      expect([code, line, stderr]).toEqual([0, expect.stringMatching(/./), stderr]);
      return line;
    };
    for (const [words, key] of [
      ['ada --set lab --keyring own', 'sk-of-lab'],
      ['--from one.env --url https://llm.example.com', 'sk-handed'],
      ['bob --from two.env --url https://llm.example.com', 'sk-other'],
    ] as const) {
      const { stdout } = await home.vkeys((await lineFor(words)).split(' '), { env: {} });
      expect(stdout).toBe(`export LITELLM_API_KEY=${key}\n`);
    }
    const { stderr } = await home.vkeys(
      'env --key-stdin --for codex --model m --write --no-check',
      stdinOf('sk-typed'),
    );
    expect(stderr).toContain('codex reads LITELLM_API_KEY from its environment: set it to the key that you gave');
  });
});

describe('--helper', () => {
  it('takes our own key out of the file, and the command in it prints it', async () => {
    const home = await homeWith('ada');
    await home.vkeys('env ada --for claude-code --write --no-check');
    expect(await home.vkeys('env ada --for claude-code --write --helper')).toMatchObject({ code: 0 });
    const settings = JSON.parse(contentOf(home, '.claude/settings.json')) as { readonly apiKeyHelper: string };
    expect(settings).toEqual({
      env: { ANTHROPIC_BASE_URL: 'http://litellm.test' },
      apiKeyHelper: 'vkeys token --set=adhoc --server=http://litellm.test -- ada',
    });
    expect((await home.vkeys(settings.apiKeyHelper.replace('vkeys ', ''))).stdout).toBe(`${keyOf(home)}\n`);
  });

  it('keeps the first copy of what a person had, and no secret in it', async () => {
    const home = await homeWith('ada', 'bob');
    const before = '{\n  "env": { "ANTHROPIC_AUTH_TOKEN": "of-mine" }\n}\n';
    const path = put(home, '.claude/settings.json', before);
    const copy = (): string => contentOf(home, '.claude/settings.json.vkeys-old');
    for (const words of ['ada --write', 'bob --write', 'ada --write', 'ada --write --helper', 'bob --write --helper']) {
      expect(await home.vkeys(`env ${words} --for claude-code --no-check`)).toMatchObject({ code: 0 });
      expect([words, copy()]).toEqual([words, before]);
    }
    await home.vkeys('env ada --for claude-code --write --no-check');
    put(home, '.claude/settings.json', readFileSync(path, 'utf8').replace('{', '{ "theme": "dark",'));
    await home.vkeys('env ada --for claude-code --write --no-check --model m');
    expect(copy()).toContain(keyOf(home));
    await home.vkeys('env ada --for claude-code --write --helper --no-check --dry-run');
    expect(copy()).toContain(keyOf(home));
    await home.vkeys('env ada --for claude-code --write --helper --no-check');
    expect(copy()).toContain('"theme": "dark"');
    expect(copy() + readFileSync(path, 'utf8')).not.toContain(keyOf(home));
    put(home, '.claude/settings.json.vkeys-old', `{ "mine": "${keyOf(home)}" }`);
    await home.vkeys('env ada --for claude-code --write --helper --no-check');
    expect(copy()).toMatch(/^\{ "mine": "sk-….{4}" \}$/);
  });

  it('changes no file when the key is another', async () => {
    const home = await homeWith('ada');
    const line = 'env ada --for codex --model gpt-4o-mini --write --helper';
    await home.vkeys('env ada --for codex --model gpt-4o-mini --write');
    expect((await home.vkeys(line)).stdout).toContain('removed model_providers.litellm.env_key');
    const file = contentOf(home, '.codex/config.toml');
    await home.vkeys('delete ada --yes');
    await home.vkeys('create --alias ada --models gpt-4o-mini');
    expect((await home.vkeys(line)).stdout).toContain('nothing to change');
    expect(contentOf(home, '.codex/config.toml')).toBe(file);
    expect((await home.vkeys('token ada --set=adhoc')).stdout).toBe(`${keyOf(home, 1)}\n`);
    expect((await home.vkeys('env ada --for codex --model gpt-4o-mini --write')).stdout).toContain(
      'removed model_providers.litellm.auth',
    );
  });

  it('prints the same key when another server has one of its name', async () => {
    const home = await homeWith('ada');
    await home.vkeys('env ada --for claude-code --write --helper --no-check');
    const { apiKeyHelper } = JSON.parse(contentOf(home, '.claude/settings.json')) as { readonly apiKeyHelper: string };
    await remember(home, 'ada', 'sk-second', '--url', 'https://second.example.com');
    expect((await home.vkeys(apiKeyHelper.replace('vkeys ', ''))).stdout).toBe(`${keyOf(home)}\n`);
  });

  it.each(['-x', '--set=x', '-', 'star*', "'quoted'", '...abcde', 'deadbeef', "o'hara; x"])(
    'is a command that works for a key with the alias %s',
    async (alias) => {
      const home = await homeWith('star1');
      await remember(home, alias, 'sk-of-it');
      const hash = new Secret('sk-of-it').hash();
      await home.vkeys(['env', hash, '--for', 'claude-code', '--write', '--helper', '--no-check']);
      const { apiKeyHelper } = JSON.parse(contentOf(home, '.claude/settings.json')) as {
        readonly apiKeyHelper: string;
      };
      const { stdout: words } = spawnSync('sh', ['-c', `printf '%s\\n' ${apiKeyHelper}`], { encoding: 'utf8' });
      const [, ...asked] = words.trimEnd().split('\n');
      expect((await home.vkeys(asked)).stdout).toBe('sk-of-it\n');
      const folders = { state: there(home, 'state'), config: null, home: null };
      expect(await quickToken(asked.slice(1), { env: {}, cwd: home.folder, folders } as World)).toBe('sk-of-it');
    },
  );

  it('names a keyring that is not the usual one', async () => {
    const home = makeHome();
    await home.vkeys('create --alias ada --keyring own');
    const { stdout } = await home.vkeys('env ada --for codex --model m --helper --keyring own');
    expect(stdout).toContain(`"--keyring=${there(home, 'own')}", "--", "ada" ]`);
  });
});

describe('--check', () => {
  it('asks with the key itself, and says that it works', async () => {
    const home = await homeWith('ada');
    expect(await home.vkeys('env ada --check --model gpt-4o-mini --quiet')).toMatchObject({
      code: 0,
      stderr: '',
      requests: ['GET /v1/models', 'GET /key/info'],
    });
    expect((await home.vkeys('env ada --check')).stderr).toBe('The key works at http://litellm.test: 1 model.\n');
  });

  it('comes after --write by itself', async () => {
    const home = await homeWith('ada');
    expect(await home.vkeys('env ada --for aider --write')).toMatchObject({
      code: 0,
      requests: ['GET /v1/models', 'GET /key/info'],
    });
    await home.vkeys('delete ada --yes --keyring other');
    const { code, stdout } = await home.vkeys('env ada --for aider --write');
    expect([code, stdout]).toEqual([5, expect.stringContaining('nothing to change')]);
  });

  it.each<[string, (home: Home) => Promise<unknown>, string, string]>([
    ['is deleted', (home) => home.vkeys('delete ada --yes --keyring other'), 'The key is not known', '--url URL'],
    [
      'is blocked',
      (home) => home.vkeys('update ada --field blocked=true'),
      'The key is blocked',
      '--field blocked=false',
    ],
    ['is over', async (home) => home.server.clock.pass(90_000_000), 'The key is over', '--duration 7d'],
    ['has spent its budget', (home) => use(home, home.minted[0]), 'The budget is spent', '--max-budget N'],
  ])('ends with 5 where the key %s, in words', async (_, spoil, message, hint) => {
    const home = makeHome();
    await home.vkeys('create --alias ada --models gpt-4o-mini --max-budget 0.01 --duration 1d');
    await spoil(home);
    const { code, stdout, stderr } = await home.vkeys('env ada --check');
    expect([code, stderr.includes(message), stderr.includes(hint), stderr]).toEqual([5, true, true, stderr]);
    expect(stdout).toContain(keyOf(home));
    expect(stderr).not.toContain(keyOf(home));
  });

  it('ends with 5 where the key may not use the model, or nobody answers', async () => {
    const home = await homeWith('ada');
    const other = await home.vkeys('env ada --check --for claude-code --model gpt-4o-mini --small-model mini');
    expect([other.code, other.stderr]).toEqual([
      5,
      expect.stringContaining('The key may not use mini.\nnext:  It may use gpt-4o-mini'),
    ]);
    const headers = { get: () => null, getSetCookie: () => [] };
    const badGateway = { status: 502, headers, text: () => Promise.resolve('') };
    const away = await home.vkeys('env ada --check', {
      transport: () => Promise.resolve({ fetch: () => Promise.resolve(badGateway), close: () => Promise.resolve() }),
    });
    expect([away.code, away.stdout, away.stderr]).toEqual([
      5,
      expect.stringContaining(keyOf(home)),
      expect.stringContaining('error: '),
    ]);
  });

  it('tells a route that this version of the server lacks', async () => {
    const home = makeHome({ server: (await import('../support/server.ts')).makeServer({ version: '1.65.8' }) });
    await home.vkeys('create --alias ada --models gpt-4o-mini');
    expect((await home.vkeys('env ada --check --for gemini-cli')).stderr).toContain(
      'warning: LiteLLM 1.65.8 lacks /v1beta/models/MODEL:generateContent, which gemini-cli asks for; 1.77.7 has it.',
    );
    expect((await home.vkeys('env ada --check --for openai')).stderr).not.toContain('lacks');
  });
});
