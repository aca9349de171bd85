/** `vkeys run`: a key for one command, seen from here; `test/crash/run-command.test.ts` kills what runs. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import type { Console } from '../../src/cli/console.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { textOf } from '../crash/promise.ts';
import { keysIn } from '../support/printed.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';
import { use } from '../support/use.ts';

/** What the server has. */
function rowsOf({ sandbox }: Home): readonly JsonObject[] {
  const headers = { authorization: `Bearer ${MASTER_KEY}` };
  const { body } = sandbox.handle({
    method: 'GET',
    path: '/key/list?return_full_object=true&size=100',
    headers,
    body: '',
  });
  return keysIn({ stdout: body }) ?? [];
}

const keysOf = (home: Home): readonly string[] => rowsOf(home).map(({ key_alias }) => textOf(key_alias));
const shell = (line: string, ...words: readonly string[]): readonly string[] => [
  'run',
  ...words,
  '--',
  'sh',
  '-c',
  line,
];

/** Variables that a command was given, which it wrote to a file. */
function given(file: string): Readonly<Record<string, string>> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe.skipIf(process.platform === 'win32')('run', () => {
  it('gives a command a key and its address, without our credentials, and takes it away', async () => {
    const home = makeHome();
    const file = join(home.folder, 'env.txt');
    process.env['LITELLM_MASTER_KEY'] = 'sk-of-the-administrator';
    try {
      const seen = await home.vkeys(shell(`env > ${file}; exit 7`, '--max-budget', '1', '--ttl', '10m'));
      expect(seen).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('No call is counted yet.') });
      const env = given(file);
      expect(env).toMatchObject({
        OPENAI_API_KEY: home.minted[0]?.reveal(),
        OPENAI_BASE_URL: 'http://litellm.test/v1',
      });
      expect(env).not.toHaveProperty('LITELLM_MASTER_KEY');
      expect(seen.stderr).not.toContain(home.minted[0]?.reveal());
    } finally {
      delete process.env['LITELLM_MASTER_KEY'];
    }
    expect(keysOf(home)).toEqual([]);
    expect((await home.vkeys('keyring list')).stdout).toBe('');
  });

  it('makes a key that ends by itself, as it was asked for', async () => {
    const home = makeHome();
    let row: unknown;
    const attach: Console['attach'] = async ({ env }) => {
      [row] = rowsOf(home);
      await use(home, new Secret(env['ANTHROPIC_AUTH_TOKEN'] ?? ''));
      return 3;
    };
    const line = ['run', '--models', 'gpt-4o-mini', '--max-budget', '2', '--for', 'claude-code', '--', 'true'];
    const seen = await home.vkeys(line, { attach });
    expect(seen).toMatchObject({ code: 3, stderr: expect.stringContaining('1 call, 0.05 US dollars, as of ') });
    expect(row).toMatchObject({
      key_alias: expect.stringMatching(/^run-test-[0-9a-f]{8}-[0-9]+-[0-9]+$/),
      models: ['gpt-4o-mini'],
      max_budget: 2,
      expires: expect.stringMatching(/^2026-11-21T11:0/),
    });
    expect((await home.vkeys(['run', '-q', '--', 'true'])).stderr).toBe('');
  });

  it('looks for the command first', async () => {
    const home = makeHome();
    const file = join(home.folder, 'closed');
    writeFileSync(file, '');
    expect(await home.vkeys(['run', '--', 'no-such-program'])).toMatchObject({ code: 127, requests: [] });
    expect(await home.vkeys(['run', '--', file])).toMatchObject({ code: 126, requests: [] });
    expect(await home.vkeys(['run', '--', home.folder])).toMatchObject({ code: 127, requests: [] });
    expect(await home.vkeys('run --master-key-stdin -- true')).toMatchObject({ code: 3, requests: [] });
    expect(await home.vkeys('run --ttl soon -- true')).toMatchObject({ code: 3, requests: [] });
    expect(await home.vkeys('run --models nothing -- true')).toMatchObject({ code: 3 });
    expect(keysOf(home)).toEqual([]);
  });

  it('ends with 128 and the number of the signal that ended the command', async () => {
    expect(await makeHome().vkeys(shell('kill -9 $$', '-q'))).toMatchObject({ code: 137 });
  });

  it('uses one key again within its time, on this machine', async () => {
    const home = makeHome();
    const seen: string[] = [];
    const attach: Console['attach'] = ({ env }) => Promise.resolve(seen.push(env['OPENAI_API_KEY'] ?? '') && 0);
    const run = (words = ''): ReturnType<Home['vkeys']> => home.vkeys(`run -q --reuse 8h ${words} -- true`, { attach });
    await run();
    await run();
    await run('--max-budget 3');
    expect([seen[0] === seen[1], seen[0] === seen[2], keysOf(home).length]).toEqual([true, false, 2]);
    await home.server.clock.sleep(9 * 3600 * 1000);
    await run();
    expect([seen[3] === seen[0], keysOf(home).length]).toEqual([false, 1]);
    await home.vkeys(`update ${keysOf(home)[0] ?? ''} --field blocked=true`);
    const blocked = await run();
    expect([blocked.code, seen.length, blocked.stderr]).toEqual([6, 4, expect.stringContaining('is blocked.')]);
  });

  it('deletes what a killed run left, and no key of a process that is there', async () => {
    const home = makeHome();
    const dies = (): Promise<number> => Promise.reject(new Error('killed'));
    const gone = { self: { pid: 4_000_000, host: 'test', command: '' }, isAlive: (pid: number) => pid !== 4_000_000 };
    const down: Console['transport'] = () => Promise.reject(new Error('no network'));
    let calls = 0;
    await home.vkeys('run -q -- true', {
      ...gone,
      attach: dies,
      transport: async (options) =>
        (calls += 1) === 1 ? { fetch: home.server.fetch, close: async () => undefined } : down(options),
    });
    expect(keysOf(home)).toHaveLength(1);
    const attach: Console['attach'] = async () => {
      expect(keysOf(home)).toHaveLength(1);
      expect(
        await home.vkeys('run -q -- true', { self: { pid: process.ppid, host: 'test', command: '' } }),
      ).toMatchObject({ code: 0 });
      expect(keysOf(home)).toHaveLength(1);
      return 0;
    };
    expect(
      await home.vkeys('run -q -- true', { ...gone, self: { pid: process.pid, host: 'test', command: '' }, attach }),
    ).toMatchObject({ code: 0 });
    expect(keysOf(home)).toEqual([]);
  });

  it('tells a key that it could not delete, and ends as the command did', async () => {
    let isAway = false;
    const home = makeHome({
      wrap: (fetch) => (url, init) =>
        isAway
          ? Promise.resolve({ status: 500, headers: new Headers(), text: () => Promise.resolve('') })
          : fetch(url, init),
    });
    const attach = (): Promise<number> => {
      isAway = true;
      return Promise.resolve(5);
    };
    const seen = await home.vkeys('run -- true', { attach });
    expect([seen.code, seen.stderr]).toEqual([
      5,
      expect.stringMatching(/ends by itself at .*; the next vkeys run deletes it/),
    ]);
    isAway = false;
    expect(keysOf(home)).toHaveLength(1);
    await home.server.clock.sleep(2 * 3600 * 1000);
    expect(await home.vkeys('run -q -- true')).toMatchObject({ code: 0 });
    expect(keysOf(home)).toEqual([]);
  });

  it('keeps nothing where the keyring is to keep nothing', async () => {
    const home = makeHome({ folder: mkdtempSync(join(tmpdir(), 'vkeys-none-')) });
    expect(await home.vkeys('run -q --keyring none -- true')).toMatchObject({ code: 0 });
    expect(keysOf(home)).toEqual([]);
  });
});
