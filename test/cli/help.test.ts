/** Every example of every command's help is a command line that works. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/auth/split-words.ts';
import { Interrupted } from '../../src/base/errors.ts';
import type { Console } from '../../src/cli/console.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { makeServer } from '../support/server.ts';

const SPEC = `
set: lab
keys:
  - key_alias: lab
    roster: { count: 3 }
deliver: [{ dotenv: 'secrets/{key_alias}.env' }]
rules: { keys: { key_alias: lab-* } }
`;
/** And with whom the examples of `vkeys team` and the like are about. */
const PEOPLE = `
set: group
budgets: [{ budget_id: frugal, max_budget: 20 }]
users: [{ user_id: ada@example.com }]
teams: [{ team_alias: lab, members: [{ user_id: ada@example.com }] }]
keys: [{ key_alias: ada, team: lab, user: ada@example.com }]
`;
const URL = 'https://litellm.example.com';
/** Another server. */
const NEW = 'http://new.example.com';

/** A server with the keys of a spec, one more whose secret is in a file, and a profile. */
async function makeUser(command: string): Promise<Home> {
  const other = makeServer();
  const isOther = (url: string): boolean => url.startsWith(NEW);
  const home = makeHome({ wrap: (fetch) => (url, init) => (isOther(url) ? other.fetch : fetch)(url, init) });
  const write = (name: string, text: string): void => writeFileSync(join(home.folder, name), text, { mode: 0o600 });
  mkdirSync(join(home.folder, 'lab'));
  if (command !== 'init') write('vkeys.yaml', SPEC);
  write('lab/vkeys.yaml', SPEC);
  write('master-key.txt', `${MASTER_KEY}\n`);
  await home.vkeys('apply -f lab/vkeys.yaml');
  if (/^(team|user|budget) /.test(command)) {
    write('lab/people.yaml', PEOPLE);
    expect(await home.vkeys('apply -f lab/people.yaml')).toMatchObject({ code: 0 });
  }
  if (command === 'auth delegate') await home.vkeys('user create admin@example.com --user-role proxy_admin');
  if (command === 'migrate')
    for (const [name, url] of [
      ['old', 'http://litellm.test'],
      ['new', NEW],
    ] as const)
      await home.vkeys(`auth login --profile ${name} --url ${url} --master-key-file master-key.txt`);
  if (/^(usage|snapshot)$/.test(command))
    for (const when of ['before', 'after']) await home.vkeys(`snapshot --out ${when}.json`);
  const { stdout } = await home.vkeys('create --alias theirs --keyring none');
  write('key.txt', stdout);
  await home.vkeys(`auth login --url ${URL} --profile work --master-key-file master-key.txt`);
  return home;
}

/** A command line as a person types it at a terminal, whose shell does `<`, `>` and `<( )`. */
async function type(home: Home, example: string): Promise<{ readonly code: number; readonly text: string }> {
  const line = example.replace(/^source <\((.*)\)$/, '$1');
  const [, words = '', input] = /^vkeys (.*?)(?: < (\S+))?(?: > \S+)?$/.exec(line) ?? [];
  const said: string[] = [];
  const argv = [...splitWords(words), ...(words.startsWith('sandbox') ? ['--port', '0'] : [])];
  const isLogin = words.startsWith('auth login');
  const text = input === undefined ? '' : readFileSync(join(home.folder, input), 'utf8');
  const world: Partial<Console> = {
    stdin: { isTTY: input === undefined, read: () => Promise.resolve(text) },
    stderr: { isTTY: true, columns: 80, write: (part) => void said.push(part) },
    ask: () => Promise.resolve('yes'),
    askSecret: () => Promise.resolve(MASTER_KEY),
    run: () => Promise.resolve({ exitCode: 0, stdout: MASTER_KEY, stderr: '' }),
    ...(isLogin ? { env: {} } : {}),
    ...(words.startsWith('sandbox') ? { stop: AbortSignal.abort(new Interrupted(130)) } : {}),
  };
  const { code, stdout } = await home.vkeys(argv, world);
  return { code, text: said.join('') + stdout };
}

/** `auth login` and the like, with the lines below `Examples:`. */
async function examplesOf(path: string): Promise<readonly string[]> {
  const { code, stdout } = await makeHome().vkeys(`${path} --help`);
  expect(code).toBe(0);
  const [, examples = ''] = stdout.split('\nExamples:\n');
  return examples
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim());
}

const NOBODY = { isTTY: false, columns: null, write: () => undefined };
const { program } = makeProgram(
  { code: 0, console: { stdout: NOBODY, stderr: NOBODY } as unknown as Console },
  () => undefined,
);
const PATHS = program.commands.flatMap((command) =>
  command.commands.length > 0
    ? command.commands.map((child) => `${command.name()} ${child.name()}`)
    : command.name() === 'complete'
      ? []
      : [command.name()],
);

describe.each(PATHS)('vkeys %s', (path) => {
  it('has two or three examples in its help, and each of them works', async () => {
    const examples = await examplesOf(path);
    expect([2, 3]).toContain(examples.length);
    for (const example of examples) {
      expect(example).toMatch(new RegExp(String.raw`^(source <\()?vkeys ${path}\b`));
      const home = await makeUser(path);
      const { code, text } = await type(home, example);
      expect([code, example, text]).toEqual([example.includes('--exit-code') && code === 2 ? 2 : 0, example, text]);
      expect(text).not.toContain(MASTER_KEY);
    }
  });
});
