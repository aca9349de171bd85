/** `vkeys history`: what was done, by whom, from which spec, and that nobody wrote in it since. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/auth/run.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { printedIn } from '../support/printed.ts';
import { makeHome, type Home } from '../support/run.ts';
import { use } from '../support/use.ts';

const objects = (value: unknown): readonly JsonObject[] => value as readonly JsonObject[];
const runsIn = async (home: Home, line = ''): Promise<readonly JsonObject[]> =>
  objects(printedIn(await home.vkeys(`history ${line} -o json`))['history']);

function fileIn({ folder }: Home): string {
  const state = join(folder, 'state');
  const path = readdirSync(state, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.history'));
  return join(state, path ?? '');
}

async function labHome(): Promise<Home> {
  const home = makeHome();
  const spec = { set: 'lab', keys: [{ key_alias: 'ada', max_budget: 5 }, { key_alias: 'bob' }] };
  writeFileSync(join(home.folder, 'lab.json'), JSON.stringify(spec));
  await home.vkeys('apply -f lab.json');
  return home;
}

describe('history', () => {
  it('tells each run that changed something, and none that did not', async () => {
    const home = await labHome();
    await home.vkeys('apply -f lab.json');
    await use(home, home.minted[0]);
    await home.vkeys('raise ada --max-budget 20', {
      env: {
        LITELLM_BASE_URL: 'http://litellm.test',
        LITELLM_MASTER_KEY: 'sk-sandbox-master',
        GITHUB_ACTOR: 'octocat',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'acme/keys',
        GITHUB_RUN_ID: '7',
      },
    });
    await home.vkeys('delete ada --yes');
    const key_id = home.minted[0]?.hash();
    const who = { user: 'tester', host: 'test', actor: null, job: null, url: 'http://litellm.test', set: 'lab' };
    expect(await runsIn(home)).toMatchObject([
      {
        ...who,
        command: 'apply',
        planned: { create: 2 },
        specs: [{ file: join(home.folder, 'lab.json'), commit: null, modified: null }],
        changes: [
          {
            action: 'create',
            ref: 'key/ada',
            id: key_id,
            status: 'applied',
            changes: [{ field: 'max_budget', from: null, to: 5 }],
          },
          { action: 'create', ref: 'key/bob' },
        ],
      },
      {
        ...who,
        command: 'raise',
        actor: 'octocat',
        job: 'https://github.com/acme/keys/actions/runs/7',
        changes: [{ action: 'update', changes: [{ field: 'max_budget', from: 5, to: 20 }] }],
      },
      { ...who, command: 'delete', changes: [{ action: 'delete', ref: 'key/ada', id: key_id, spend: 0.05 }] },
    ]);
    const text = readFileSync(fileIn(home), 'utf8') + (await home.vkeys('history')).stdout;
    for (const secret of home.minted) expect(text).not.toContain(secret.reveal());
  });

  it('of a key is what was done to it, whatever it is named by', async () => {
    const home = await labHome();
    await home.vkeys('block bob');
    expect((await runsIn(home, 'bob')).map(({ command }) => command)).toEqual(['apply', 'block']);
    expect((await runsIn(home, home.minted[0]?.hash())).map(({ command }) => command)).toEqual(['apply']);
    expect(await runsIn(home, '--set other')).toEqual([]);
    expect((await home.vkeys('history b*')).stdout.split('\n')).toEqual([
      expect.stringMatching(/\tlab\thttp:\/\/litellm.test\tapply\ttester on test\tcreated\tbob\t$/),
      expect.stringMatching(/\tblock\ttester on test\tupdated\tbob\tblocked {2}not set → true$/),
      '',
    ]);
    expect(await home.vkeys('history sk-...abcd')).toMatchObject({ code: 3 });
  });

  it('is a paragraph for each run, for people', async () => {
    const home = await labHome();
    await home.vkeys('team create red --max-budget 10');
    const screen: string[] = [];
    const stdout = { isTTY: true, columns: 100, write: (text: string) => void screen.push(text) };
    await home.vkeys('history --no-color', { stdout });
    expect(screen.join('')).toMatch(
      /^2026-11-21 10:00 UTC \(\d+ s ago\) {2}vkeys apply {2}lab\n {2}tester on test, http:\/\/litellm.test, lab.json\n {2}\+ ada, bob \(2 keys\)\n\n.* {2}vkeys team create {2}adhoc\n.*\n {2}\+ team\/red\n$/,
    );
  });

  it('names the commit of a spec, and whether the file is as it is there', async () => {
    const home = makeHome();
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', home.folder, '-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], {
        encoding: 'utf8',
      }).trim();
    const write = (budget: number): void =>
      writeFileSync(
        join(home.folder, 'lab.yaml'),
        `set: lab\nkeys: [{ key_alias: ada, max_budget: ${String(budget)} }]\n`,
      );
    git('init', '--quiet');
    write(1);
    git('add', 'lab.yaml');
    git('commit', '--quiet', '-m', 'one');
    const commit = git('rev-parse', 'HEAD');
    await home.vkeys('apply -f lab.yaml', { run: runProgram });
    write(2);
    await home.vkeys('apply -f lab.yaml', { run: runProgram });
    const file = join(home.folder, 'lab.yaml');
    expect((await runsIn(home)).map(({ specs }) => specs)).toEqual([
      [{ file, commit, modified: false }],
      [{ file, commit, modified: true }],
    ]);
  });

  it('says when it was altered, or cut behind a hash that somebody kept', async () => {
    const home = await labHome();
    const [of] = objects(printedIn(await home.vkeys('history -o json'))['history_of']);
    const head = JSON.stringify(of?.['head']).slice(1, -1);
    const file = fileIn(home);
    const text = readFileSync(file, 'utf8');
    expect(await home.vkeys(`history --contains ${head}`)).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(file, text.split('\n').slice(0, 2).join('\n').concat('\n'));
    const cut = await home.vkeys(`history --contains ${head}`);
    expect(cut).toMatchObject({ code: 5, stderr: expect.stringContaining('No history has the hash') });
    expect(cut.stdout).toContain('\tcut\t');
    writeFileSync(file, text.replace('"to":5', '"to":6'));
    expect(await home.vkeys('history')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('The history of lab at http://litellm.test was altered'),
    });
  });

  it('stays when its keys are gone, and is no reason for a run to fail', async () => {
    const home = await labHome();
    await home.vkeys('delete -f lab.json --yes');
    expect((await runsIn(home)).length).toBe(2);
    const file = fileIn(home);
    rmSync(file);
    writeFileSync(file, '', { mode: 0o644 });
    const seen = await home.vkeys('apply -f lab.json');
    expect(seen).toMatchObject({ code: 0, stdout: expect.stringContaining('What was done is not in the history.') });
    expect(await home.vkeys('history')).toMatchObject({ code: 3 });
  });

  it('is not kept with --keyring none, and in a sandbox', async () => {
    const home = makeHome();
    await home.vkeys('create ada --keyring none');
    await home.vkeys('create ada --sandbox');
    expect(await runsIn(home)).toEqual([]);
    expect(await home.vkeys('history --keyring none')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Runs with --keyring none are in no history.'),
    });
  });

  it('asks the server too', async () => {
    const home = await labHome();
    await home.vkeys('delete ada --yes');
    const told = printedIn(await home.vkeys('history --server -o json'))['server_keys'];
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key_alias: 'bob', set: 'lab', created_by: expect.any(String), deleted_at: null }),
        expect.objectContaining({ key_alias: 'ada', deleted_at: expect.any(String), deleted_by: expect.any(String) }),
      ]),
    );
    expect((await home.vkeys('history ada --server')).stdout).toMatch(/\tdeleted\tada\t/);
  });
});
