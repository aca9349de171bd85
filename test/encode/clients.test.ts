/** The table of clients: what is rendered of each row is read by the format's own parser, and says what that client needs. */
import { spawnSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { placeholdersOf } from '../../src/base/template.ts';
import type { ClientFile } from '../../src/encode/client.ts';
import { clientValues, deliveryVariables, helperLine } from '../../src/encode/client-values.ts';
import { CLIENTS, type Client } from '../../src/encode/clients.ts';
import { filledMembers, filledVariables, type Values } from '../../src/encode/filled.ts';
import { settingsText } from '../../src/encode/settings.ts';
import { variablesText } from '../../src/encode/shell.ts';

const ROOT = 'https://litellm.example.com/prefix';
const KEY = 'sk-abc_DEF-123';
const asking = { name: "o'hara", set: 'my lab' };
const known: Values = {
  ...clientValues(`${ROOT}/v1`, { model: 'gpt-4o', small_model: 'gpt-4o-mini' }),
  key: KEY,
  ...asking,
  helper: helperLine(asking),
};
const unknown: Values = { ...clientValues(`${ROOT}/v1`, { model: undefined, small_model: undefined }), key: KEY };

/** What each adds to the base by itself, as its documentation says: nothing to `/v1`, or that too. */
const SHAPES: Readonly<Record<Client, 'v1' | 'root' | 'both'>> = {
  openai: 'v1',
  anthropic: 'root',
  'claude-code': 'root',
  codex: 'v1',
  'gemini-cli': 'root',
  aider: 'v1',
  continue: 'v1',
  cline: 'root',
  opencode: 'v1',
  'open-webui': 'v1',
  librechat: 'v1',
  zed: 'v1',
  langchain: 'v1',
  llamaindex: 'v1',
  'ai-sdk': 'v1',
  'litellm-sdk': 'root',
  curl: 'v1',
  all: 'both',
};

function isPython(): boolean {
  return spawnSync('python3', ['-c', 'import tomllib']).status === 0;
}

function python(code: string, text: string): unknown {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', code], { input: text, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** By a reader that is none of ours, where there is one. */
function read({ format }: ClientFile, text: string): unknown {
  if (format === 'json') return JSON.parse(text);
  if (format === 'yaml') return parseYaml(text);
  if (format === 'dotenv') return { ...parseEnv(text) };
  return python('import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.stdin.read())))', text);
}

const filesOf = (client: Client): readonly ClientFile[] => {
  const { settings, secrets, asking: program } = CLIENTS[client];
  return [settings, secrets, program].filter((file) => file !== undefined);
};
const rows = (Object.keys(CLIENTS) as Client[]).flatMap((client) =>
  filesOf(client).map((file) => [client, file.path, file] as const),
);
const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, each]) => [name, ...textsIn(each)])
    : [String(value)];

describe.each(Object.entries(CLIENTS) as [Client, (typeof CLIENTS)[Client]][])('%s', (client, facts) => {
  const variables = filledVariables(facts.variables, known);

  it('has the key once in each of its lines that need it, and no empty variable', () => {
    expect([...variables.values()]).toContain(KEY);
    for (const values of [known, unknown])
      expect([...filledVariables(facts.variables, values).values()]).not.toContain('');
    expect(parseEnv(variablesText(variables))).toEqual(Object.fromEntries(variables));
  });

  it('gets the address in the form that it expects', async () => {
    const texts = await Promise.all(
      filesOf(client).map((file) => settingsText(file.format, filledMembers(file.members, known))),
    );
    const note = facts.note?.replaceAll('{api_base_url}', `${ROOT}/v1`).replaceAll('{api_endpoint}', ROOT) ?? '';
    const found =
      [...texts, [...variables.values()].join('\n'), note].join('\n').match(/https:\/\/litellm[\w./-]*\w/g) ?? [];
    const shapes = new Set(found.map((url) => (url.startsWith(`${ROOT}/v1`) ? 'v1' : 'root')));
    expect(shapes.size === 2 ? 'both' : [...shapes][0]).toBe(SHAPES[client]);
  });

  it('has variables in the words of a delivery', () => {
    const words = new Set(Object.values(deliveryVariables(client)).flatMap(placeholdersOf));
    expect(['api_base_url', 'api_endpoint', 'key', 'model']).toEqual(expect.arrayContaining([...words]));
  });

  it('says where its facts are from', () => {
    expect(facts.source).toMatch(/\w{3}/);
  });
});

describe.each(rows)('the file of %s, %s', (client, _, file) => {
  const isRead = file.format !== 'toml' || isPython();

  it.skipIf(!isRead)('is read by a reader of its format', async () => {
    const members = filledMembers(file.members, known);
    const there = read(file, await settingsText(file.format, members));
    expect(there).toEqual(JSON.parse(JSON.stringify(members, (_name, value: unknown) => value ?? undefined)));
  });

  it('has the key only where that is its place', async () => {
    const text = await settingsText(file.format, filledMembers(file.members, known));
    expect(text.includes(KEY)).toBe(file === CLIENTS[client].secrets);
    expect(text).not.toMatch(/\{(?:key|model|small_model|api_base_url|api_endpoint|helper|name|set)\}/);
  });

  it('has nothing empty where no model is known', async () => {
    const members = filledMembers(file.members, unknown);
    const there: unknown = isRead ? read(file, await settingsText(file.format, members)) : {};
    expect(textsIn(there ?? {})).not.toContain('');
    expect(textsIn(there ?? {})).not.toContain('undefined');
  });
});

it('a program is asked in words that a shell reads as they are meant', () => {
  const words = spawnSync('sh', ['-c', `printf '%s\\n' ${helperLine({ ...asking, keyring: '/a b/$x' })}`], {
    encoding: 'utf8',
  });
  expect(words.stdout.split('\n')).toEqual(['vkeys', 'token', '--set=my lab', '--keyring=/a b/$x', '--', "o'hara", '']);
});

it('the key of Continue stands without quotes, which it does not take away', async () => {
  const { secrets } = CLIENTS.continue;
  if (secrets === undefined) throw new Error('it has a file');
  expect(await settingsText('dotenv', filledMembers(secrets.members, known))).toBe(`LITELLM_API_KEY=${KEY}\n`);
});
