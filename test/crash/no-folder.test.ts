/** Where no folder can be made, a run ends with an error that says so, and does not go on for ever: each has a time limit. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { serveSandbox, type RunningSandbox } from '../../src/sandbox/serve.ts';
import { start, type Ended } from '../support/process.ts';

const LIMIT = 30_000;
const MASTER_KEY = 'sk-sandbox';

describe.skipIf(process.platform !== 'linux')('no folder can be made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-no-folder-'));
  let server: RunningSandbox | null = null;

  beforeAll(async () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('/nowhere/at/all', join(folder, 'dangling'));
    symlinkSync('loop', join(folder, 'loop'));
    server = await serveSandbox(createSandbox({ now: () => new Date(), masterKey: MASTER_KEY }), 0);
  });

  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(argv: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const env = { HOME: folder, LITELLM_BASE_URL: server?.url ?? '', LITELLM_MASTER_KEY: MASTER_KEY, ...more };
    const running = start(argv, { cwd: folder, env });
    const timer = setTimeout(() => void running.signal('SIGKILL'), LIMIT);
    const ended = await running.ended;
    clearTimeout(timer);
    return ended;
  }

  const PLACES = [
    '/proc/vkeys/keyring',
    '/proc/self/a/b/c',
    '/sys/vkeys/keyring',
    '/dev/null/keyring',
    'file/keyring',
    'dangling',
    'dangling/keyring',
    'loop/keyring',
  ];

  it.concurrent.each(PLACES)(
    'for the keyring at %s',
    async (keyring) => {
      const { code, stdout, stderr } = await run(['create', '--alias', 'a', '--keyring', keyring]);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^error: The keyring .* cannot be used: .*\nnext: {2}.*--keyring PATH/);
    },
    2 * LIMIT,
  );

  it.concurrent(
    "for the user's own keyring",
    async () => {
      const { code, stderr } = await run(['create', '--alias', 'a'], { XDG_STATE_HOME: '/proc/vkeys/state' });
      expect([code, stderr]).toEqual([3, expect.stringContaining('cannot be used')]);
    },
    2 * LIMIT,
  );

  it.concurrent(
    'for a run that keeps nothing, which still needs one while it lasts',
    async () => {
      const argv = ['create', '--alias', 'passing', '--keyring', 'none'];
      expect((await run(argv, { XDG_STATE_HOME: '/proc/vkeys/state' })).stderr).toMatch(
        /folder, for the time of the run: XDG_STATE_HOME=PATH/,
      );
      expect(await run(argv, { XDG_STATE_HOME: folder })).toMatchObject({ code: 0 });
    },
    2 * LIMIT,
  );

  /* What of it the check foresees changes nothing; else the key is made, its secret kept, and the next run hands it out. */
  it.concurrent.each([
    ['/proc/vkeys', 5],
    ['file', 6],
    ['dangling', 5],
  ])(
    'for a hand-out in %s',
    async (path, expected) => {
      const set = `to-${path.replaceAll('/', '')}`;
      const spec = { version: 1, set, keys: [{ key_alias: set }], deliver: [{ json: `${path}/keys.json` }] };
      writeFileSync(join(folder, `${set}.json`), JSON.stringify(spec));
      const { code, stdout } = await run(['apply', '-f', `${set}.json`, '-o', 'json', '--no-secrets']);
      expect([code, stdout]).toEqual([expected, expect.stringContaining(`${path}/keys.json`)]);
    },
    2 * LIMIT,
  );

  it.concurrent.each(['/proc/vkeys', 'file', 'dangling'])(
    'for a plan in %s',
    async (path) => {
      const name = `plan-${path.replaceAll('/', '')}.json`;
      writeFileSync(join(folder, name), JSON.stringify({ version: 1, set: 'no-folder', keys: [{ key_alias: 'b' }] }));
      const { code, stderr } = await run(['plan', '-f', name, '--out', `${path}/plan.json`]);
      expect([code, stderr]).toEqual([3, expect.stringMatching(/cannot be written .*\nnext: /)]);
    },
    2 * LIMIT,
  );
});
