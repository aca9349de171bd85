import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BASH_COMPLETION } from '../../src/cli/bash-completion.ts';
import { makeHome } from '../support/run.ts';

/** The completion library prints to the console by itself. */
const printed: string[] = [];

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { code, stdout } = await makeHome().vkeys(`completion ${shell}`);
    expect(code).toBe(0);
    expect(stdout + printed.join('\n')).toContain('vkeys complete -- ');
  });

  it.each<[string, readonly string[]]>([
    ['get part', ['participant1']],
    ['update p', ['participant1']],
    ['delete participant1 p', ['participant1']],
    ['list --key p', ['participant1']],
    ['list --set w', ['workshop']],
    ['list --set=w', ['workshop']],
    ['create --alias x --set w', ['workshop']],
    ['keyring list --set w', ['workshop']],
    ['unlock w', ['workshop']],
    ['create --alias x --models gpt', ['gpt-4o-mini']],
    ['create --alias x --models=gpt', ['gpt-4o-mini']],
    ['create --alias x --models llama-3-8b,gpt', ['llama-3-8b,gpt-4o-mini']],
    ['update participant1 --models cl', ['claude-sonnet']],
    ['get x', []],
  ])('of %j offers %j', async (line, offered) => {
    const home = makeHome();
    await home.vkeys('create --alias participant1 --set workshop');
    await home.vkeys(['create', '--alias', '$(id)', '--set', 'workshop']);
    await home.vkeys(['complete', '--', ...line.split(' ')]);
    expect(printed.filter((row) => !row.startsWith(':')).map((row) => row.split('\t')[0])).toEqual(offered);
  });

  it('offers sets of the keyring where there is no server', async () => {
    const home = makeHome();
    await home.vkeys('create --alias participant1 --set workshop');
    const env = { LITELLM_BASE_URL: '' };
    expect(await home.vkeys(['complete', '--', 'unlock', ''], { env })).toMatchObject({
      code: 0,
      stderr: '',
      requests: [],
    });
    expect(printed).toContain('workshop\t');
  });

  it('says nothing of its own when there is no server', async () => {
    const { code, stderr } = await makeHome().vkeys(['complete', '--', 'get', ''], { env: {} });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('leaves files to the shell', async () => {
    expect((await makeHome().vkeys(['complete', '--', 'apply', '-f', ''])).stdout).toBe(':0\n');
    expect((await makeHome().vkeys(['complete', '--', 'plan', 'a.yaml', ''])).stdout).toBe(':0\n');
    expect((await makeHome().vkeys(['complete', '--', 'plan', '-'])).stdout).not.toBe(':0\n');
  });

  it('knows what there is help on', async () => {
    await makeHome().vkeys(['complete', '--', 'help', '']);
    expect(printed.map((line) => line.trim())).toEqual(expect.arrayContaining(['exit-codes', 'create', 'keyring']));
  });

  it('knows commands', async () => {
    await makeHome().vkeys(['complete', '--', 'val']);
    expect(printed.join('\n')).toContain('validate');
  });
});

/** What bash offers for words as it cuts them, with a vkeys that offers these; it is sourced twice, by a shell without bash-completion. */
function repliesTo(line: string, cut: readonly string[], answers: readonly string[]): readonly string[] {
  const shell = `
vkeys() { printf '%s\\n' "$@" >&3; printf '%s' "$ANSWERS"; }
compopt() { :; }
eval "$SCRIPT"
eval "$SCRIPT"
COMP_LINE="$LINE" COMP_POINT=\${#LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
__vkeys_complete
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = {
    PATH: process.env['PATH'],
    SCRIPT: BASH_COMPLETION,
    LINE: line,
    ANSWERS: `${answers.join('\n')}\n:4\n`,
  };
  const { stdout, stderr, output } = spawnSync('bash', ['--norc', '-uc', shell, 'bash', ...cut], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  expect(stderr).toBe('');
  expect(output[3]).toBe(`complete\n--\n${line.split(' ').slice(1).join('\n')}\n`);
  return stdout.trim().split('\n');
}

describe.skipIf(process.platform === 'win32')('the script of bash', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['vkeys val', ['vkeys', 'val'], ['validate\tcheck'], ['validate']],
    ['vkeys get ', ['vkeys', 'get', ''], ['ada\t', 'bob\t'], ['ada', 'bob']],
    ['vkeys list --set=wo', ['vkeys', 'list', '--set', '=', 'wo'], ['workshop\t'], ['workshop']],
    ['vkeys list --set=', ['vkeys', 'list', '--set', '='], ['workshop\t'], ['workshop']],
    ['vkeys get lab:a', ['vkeys', 'get', 'lab', ':', 'a'], ['lab:ada\t', 'lab:eve\t'], ['ada']],
    ['vkeys get lab:', ['vkeys', 'get', 'lab', ':'], ['lab:ada\t'], ['ada']],
    ['vkeys get $(touch${IFS}x)', ['vkeys', 'get', '$(touch${IFS}x)'], ['$(id)\t'], ['']],
  ])('%s', (line, cut, answers, replies) => {
    expect(repliesTo(line, cut, answers)).toEqual(replies);
  });
});
