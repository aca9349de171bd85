import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BASH_COMPLETION } from '../../src/cli/completion-bash.ts';
import { FISH_COMPLETION } from '../../src/cli/completion-fish.ts';
import { ZSH_COMPLETION } from '../../src/cli/completion-zsh.ts';
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
    expect(stdout).toContain('vkeys complete -- ');
  });

  it('offers the shells that it has scripts for', async () => {
    await makeHome().vkeys(['complete', '--', 'completion', '']);
    expect(printed.filter((row) => !row.startsWith(':')).toSorted()).toEqual(['bash\t', 'fish\t', 'zsh\t']);
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
    ['team get la', ['lab']],
    ['team members la', ['lab']],
    ['team list la', ['lab']],
    ['user keys ad', ['ada']],
    ['budget get fr', ['frugal']],
  ])('of %j offers %j', async (line, offered) => {
    const home = makeHome();
    await home.vkeys('create --alias participant1 --set workshop');
    await home.vkeys(['create', '--alias', '$(id)', '--set', 'workshop']);
    const people = { users: [{ user_id: 'ada' }], teams: [{ team_alias: 'lab' }], budgets: [{ budget_id: 'frugal' }] };
    writeFileSync(join(home.folder, 'people.yaml'), JSON.stringify({ set: 'people', ...people }));
    await home.vkeys('apply -f people.yaml');
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

/** Whether this machine has a shell. */
function has(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

/** Where zsh keeps what its completion has found once. */
const ZSH_HOME = mkdtempSync(join(tmpdir(), 'vkeys-test-'));

/** What a zsh runs that has the words of `line` completed, with a vkeys that offers these; it sources the script twice, and starts its completion itself. */
function ranByZsh(line: string, answers: readonly string[]): readonly string[] {
  const inner = `PS1=; PROMPT_EOL_MARK=
vkeys() {
  if [[ $1 == complete ]]; then printf '%s' "$ANSWERS"; else print -rl -- "$@" > ran.new; mv ran.new ran; fi
}
eval "$SCRIPT"; eval "$SCRIPT"
print REA""DY`;
  const shell = `
zmodload zsh/zpty
zpty z 'zsh -f -i'
zpty -w z '${inner.replaceAll("'", String.raw`'\\''`)}'
while ! [[ $all == *$'\\n'READY* ]]; do zpty -r z out; all+=$out; done
zpty -w z "$LINE"
while ! [[ -e ran ]]; do zpty -r -t z out || sleep 0.02; done
print -r -- "$(<ran)"`;
  const cwd = mkdtempSync(join(tmpdir(), 'vkeys-test-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: ZSH_HOME,
    TERM: 'dumb',
    SCRIPT: ZSH_COMPLETION,
    LINE: line,
    ANSWERS: `${answers.join('\n')}\n:4\n`,
  };
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', shell], { cwd, env, encoding: 'utf8', timeout: 30_000 });
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

describe.skipIf(!has('zsh'))('the script of zsh', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['vkeys val\t', ['validate\tcheck: a spec'], ['validate']],
    ['vkeys get a\t', ['ada\t'], ['get', 'ada']],
    ['vkeys get lab\t', ['lab:ada\t', 'lab:eve\t'], ['get', 'lab:']],
    ['vkeys get lab:a\t', ['lab:ada\t', 'lab:eve\t'], ['get', 'lab:ada']],
    ['vkeys list --set=wo\t', ['workshop\t'], ['list', '--set=workshop']],
  ])('%j', (line, answers, ran) => {
    expect(ranByZsh(line, answers)).toEqual(ran);
  });
});

/** What a fish offers for the end of `line`, with a vkeys that offers these; it sources the script twice. */
function offeredByFish(line: string, answers: readonly string[], directive = 4): readonly string[] {
  const shell = `
function vkeys; printf '%s\\n' $argv > asked; printf '%s' $ANSWERS; end
echo $SCRIPT | source
echo $SCRIPT | source
complete -C $LINE`;
  const cwd = mkdtempSync(join(tmpdir(), 'vkeys-test-'));
  writeFileSync(join(cwd, 'lab.yaml'), '');
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    SCRIPT: FISH_COMPLETION,
    LINE: line,
    ANSWERS: `${answers.map((answer) => `${answer}\n`).join('')}:${String(directive)}\n`,
  };
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', shell], { cwd, env, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(readFileSync(join(cwd, 'asked'), 'utf8')).toBe(`complete\n--\n${line.split(' ').slice(1).join('\n')}\n`);
  return stdout.split('\n').filter((row) => row !== '');
}

describe.skipIf(!has('fish'))('the script of fish', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['vkeys val', ['validate\tcheck'], ['validate\tcheck']],
    ['vkeys get ', ['ada\t', 'bob\t'], ['ada', 'bob']],
    ['vkeys get lab:a', ['lab:ada\t'], ['lab:ada']],
    ['vkeys list --set=wo', ['workshop\t'], ['--set=workshop']],
    ['vkeys get nobody', [], []],
    ['vkeys get $(touch${IFS}x)', ['$(id)\t'], []],
  ])('%s', (line, answers, offered) => {
    expect(offeredByFish(line, answers)).toEqual(offered);
  });

  it('completes files where vkeys leaves them to it', () => {
    expect(offeredByFish('vkeys apply -f la', [], 0)).toEqual(['lab.yaml']);
  });
});
