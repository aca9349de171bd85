/** Hostile names, end to end: in specs, where they become files, and on the server, where anybody may have put them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'csv-parse/sync';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { makeHome, type Home } from '../support/run.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { NAMES } from './names.ts';
import { UNSAFE } from './target.ts';

const CASES = Object.entries(NAMES);

function home(options: Parameters<typeof makeHome>[0] = {}): Home {
  const made = makeHome(options);
  onTestFinished(() => rmSync(made.folder, { recursive: true, force: true }));
  return made;
}

/** A spec whose one user has this name and delivers into every kind of file. */
function specOf(user: string): string {
  const deliver = [
    { dotenv: 'secrets/{user}.env' },
    { dotenv: { path: 'secrets/{key_alias}/.env', variables: { KEY: '{key}', WHO: '{user_id}' } } },
    { json: 'secrets/all.json' },
    { csv: 'secrets/all.csv' },
  ];
  const literal = user.replaceAll('$', '$$$$');
  return JSON.stringify({ set: 'ws', keys: [{ key_alias: 'k-{user}', roster: [{ user: literal }] }], deliver });
}

/** Every file below a folder. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What a terminal was sent, without our own colours and the line of the progress. */
function shown(text: string): string {
  // oxlint-disable-next-line no-control-regex -- our own sequences
  return text.replaceAll(/\u001B\[\d*m|\r\u001B\[K/g, '');
}

const LINES = [
  'validate -f spec.json',
  'plan -f spec.json',
  'apply -f spec.json --yes',
  'apply -f spec.json --yes -o json',
  'list',
  'delete -f spec.json --yes',
];

describe('a user named like', () => {
  test.each(CASES)('%s gets no file outside, no line and no cursor', async (_, user) => {
    const at = home();
    writeFileSync(join(at.folder, 'spec.json'), specOf(user));
    for (const line of LINES) {
      const { code, stdout, stderr } = await at.vkeys(line);
      expect([0, 3], stderr).toContain(code);
      expect(stdout + stderr).not.toMatch(UNSAFE);
      expect(readdirSync(at.folder).filter((name) => !['spec.json', 'secrets', 'state'].includes(name))).toEqual([]);
      if (line.startsWith('apply') && code === 0) checkFiles(at, user);
    }
  });
});

/** Each file holds the key and nothing that the name brought in. */
function checkFiles({ folder, minted }: Home, user: string): void {
  const secret = minted.at(-1)?.reveal();
  const files = filesIn(join(folder, 'secrets'));
  expect(files).toHaveLength(4);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.env')) {
      expect(['OPENAI_API_KEY OPENAI_BASE_URL', 'KEY WHO']).toContain(Object.keys(parseEnv(text)).join(' '));
      expect(Object.values(parseEnv(text))).toContain(secret);
    } else if (file.endsWith('.csv')) {
      const rows: readonly (readonly string[])[] = parse(text);
      expect(rows).toHaveLength(2);
      expect(rows[1]?.[0]?.replace(/^'/, '')).toBe(user);
      expect(rows[1]?.[0]).not.toMatch(/^[=+\-@]/);
    } else {
      expect(JSON.parse(text).keys).toMatchObject([{ user, key: secret }]);
    }
  }
}

describe("a foreign key's alias like", () => {
  test.each(CASES)('%s is shown and never obeyed', async (_, key_alias) => {
    const server = makeServer({ version: '1.83.14' });
    const headers = { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({
      key_alias,
      user_id: key_alias,
      models: [key_alias],
      metadata: { [key_alias]: key_alias, vkeys: { set: 'ws' } },
    });
    const init = { method: 'POST', headers, body, signal: new AbortController().signal, redirect: 'manual' } as const;
    expect((await server.fetch('http://litellm.test/key/generate', init)).status).toBe(200);
    const at = home({ server });
    writeFileSync(join(at.folder, 'spec.yaml'), 'set: ws\nkeys: [{ key_alias: mine }]\n');
    const lines = [
      ...['table', 'json', 'yaml', 'csv'].map((format) => ['list', '-o', format]),
      ...['table', 'json', 'yaml'].map((format) => ['get', '-o', format, '--', key_alias]),
      ['plan', '-f', 'spec.yaml', '--prune'],
      ['apply', '-f', 'spec.yaml', '--prune', '--yes', '--max-deletions', '9'],
    ];
    for (const argv of lines) {
      for (const isTTY of [false, true]) {
        let text = '';
        const output = { isTTY, columns: isTTY ? 80 : null, write: (more: string) => void (text += more) };
        const code = (await at.vkeys(argv, { stdout: output, stderr: output })).code;
        expect(text, argv.join(' ')).not.toMatch(/This is a bug/);
        expect(shown(text), argv.join(' ')).not.toMatch(UNSAFE);
        expect(code).toBeLessThan(7);
      }
    }
    expect(readdirSync(at.folder).toSorted()).toEqual(['spec.yaml', 'state']);
  });

  test('any of them is offered to no shell, which would run it', async () => {
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    onTestFinished(() => void vi.restoreAllMocks());
    const server = makeServer({ version: '1.83.14' });
    const headers = { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' };
    for (const key_alias of [...Object.values(NAMES), 'harmless/1']) {
      const init = { method: 'POST', headers, signal: new AbortController().signal, redirect: 'manual' } as const;
      await server.fetch('http://litellm.test/key/generate', { ...init, body: JSON.stringify({ key_alias }) });
    }
    await home({ server }).vkeys(['complete', '--', 'get', '']);
    expect(printed.join('\n')).toContain('harmless/1');
    expect(printed.join('\n')).not.toMatch(/[$`'"\\;|&<>(){}*?[\]!#~ ]touch|\$\(|`/);
    expect(printed.join('\n')).not.toMatch(UNSAFE);
  });
});

describe('a link in the folder', () => {
  const spec = (user: string): string =>
    JSON.stringify({
      set: 'ws',
      keys: [{ key_alias: user, roster: [user] }],
      deliver: [{ dotenv: 'secrets/{user}/.env' }],
    });

  test.skipIf(process.platform === 'win32')('that leads out is not taken by a user of its name', async () => {
    const at = home();
    mkdirSync(join(at.folder, 'secrets'));
    mkdirSync(join(at.folder, 'elsewhere'));
    symlinkSync('../elsewhere', join(at.folder, 'secrets', 'ada'));
    writeFileSync(join(at.folder, 'spec.json'), spec('ada'));
    const { code, stderr, stdout } = await at.vkeys('apply -f spec.json --yes');
    expect(code).toBe(6);
    expect(stderr + stdout).toMatch(/is a link that leads out of .*secrets/);
    expect((await at.vkeys('list -o csv')).stdout).not.toContain('ada');
    expect(readdirSync(join(at.folder, 'elsewhere'))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')(
    'that stays inside, or that the path itself names, is written through',
    async () => {
      const at = home();
      mkdirSync(join(at.folder, 'real', 'blue'), { recursive: true });
      symlinkSync('real', join(at.folder, 'secrets'));
      symlinkSync('blue', join(at.folder, 'real', 'ada'));
      writeFileSync(join(at.folder, 'spec.json'), spec('ada'));
      expect((await at.vkeys('apply -f spec.json --yes')).code).toBe(0);
      expect(existsSync(join(at.folder, 'real', 'blue', '.env'))).toBe(true);
    },
  );
});
