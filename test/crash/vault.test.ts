/** The recipe of Vault as whole processes, also where one is killed in the middle of what it says to Vault. */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { ROOT, vaultServer, type Intercept } from '../deliver/vault-server.ts';
import { secretAt } from '../deliver/vaults.ts';
import { MASTER_KEY } from '../support/run.ts';
import { start, type Running } from '../support/process.ts';

const RECIPE = fileURLToPath(new URL('../../examples/into-vault/', import.meta.url));
const NAMES = ['search', 'billing'];

async function stage(intercept: Intercept) {
  const sandbox = createSandbox({ now: () => new Date(), masterKey: MASTER_KEY });
  const litellm = await serveSandbox(sandbox, 0);
  onTestFinished(() => litellm.close());
  const vault = await vaultServer(intercept);
  const cwd = mkdtempSync(join(tmpdir(), 'vkeys-vault-'));
  cpSync(RECIPE, cwd, { recursive: true });
  const env = {
    LITELLM_BASE_URL: litellm.url,
    LITELLM_MASTER_KEY: MASTER_KEY,
    VAULT_ADDR: vault.address,
    VAULT_TOKEN: ROOT,
    XDG_STATE_HOME: join(cwd, 'state'),
    HOME: cwd,
  };
  const vkeys = (...argv: readonly string[]): Running => start(argv, { cwd, env });
  const secrets = () => Promise.all(NAMES.map((name) => secretAt(vault, `secret/data/llm/${name}`)));
  return { vkeys, secrets };
}

type Found = Awaited<ReturnType<typeof secretAt>>;

function keyIn(found: Found | undefined): string {
  const key = found?.data?.['OPENAI_API_KEY'];
  return typeof key === 'string' ? key : '';
}

it('the keys of the recipe are in Vault, stay so, and go with the keys', async () => {
  const { vkeys, secrets } = await stage(() => undefined);
  const applied = await vkeys('apply', '-f', 'services.yaml', '--yes').ended;
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining('/v1/secret/data/llm/search')]);
  const [search, billing] = await secrets();
  const data = {
    OPENAI_API_KEY: expect.stringMatching(/^sk-\S{20,}$/),
    OPENAI_BASE_URL: 'https://litellm.example.com/v1',
  };
  expect([search, billing]).toEqual([
    { data, version: 1 },
    { data, version: 1 },
  ]);
  const planned = await vkeys('plan', '-f', 'services.yaml', '--exit-code').ended;
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining('No changes.')]);
  const said = [applied, planned, await vkeys('delete', '-f', 'services.yaml', '--yes').ended];
  expect((await secrets()).map((secret) => secret?.data)).toEqual([null, null]);
  const secret = keyIn(search);
  expect(secret).toMatch(/^sk-/);
  expect(JSON.stringify(said)).not.toMatch(new RegExp(`${secret}|${ROOT}`));
});

it.each([1, 6, 7, 8, 9])('killed at request %i to Vault, the next run has every key in its place', async (fatal) => {
  let count = 0;
  const running: Running[] = [];
  const { vkeys, secrets } = await stage(async () => {
    count += 1;
    if (count === fatal) await running[0]?.signal('SIGKILL');
    return undefined;
  });
  running.push(vkeys('apply', '-f', 'services.yaml', '--yes'));
  expect((await running[0]?.ended)?.code).toBeNull();
  const healed = await vkeys('apply', '-f', 'services.yaml', '--yes').ended;
  expect(healed).toMatchObject({ code: 0 });
  const held = (await secrets()).map(keyIn);
  const known = await Promise.all(NAMES.map((name) => vkeys('get', name, '--show-key', '-o', 'json').ended));
  expect(known.map(({ stdout }, index) => stdout.includes(held[index] ?? ''))).toEqual([true, true]);
  expect(held).not.toContain('');
  expect((await vkeys('plan', '-f', 'services.yaml', '--exit-code').ended).code).toBe(0);
});
