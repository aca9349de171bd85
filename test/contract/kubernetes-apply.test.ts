/** The whole program between a served sandbox and a real cluster: from a spec to Secrets, and back to nothing. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { folder } from '../deliver/handouts.ts';
import { PROGRAM, start, type Ended } from '../support/process.ts';
import {
  ADMIN,
  addressOf,
  ask,
  clean,
  dataOf,
  kubeconfig,
  kubectl,
  makeAccount,
  makeGate,
  makeNamespace,
  namesIn,
  ruleOf,
  tokenFor,
} from './cluster.ts';

type Served = { readonly url: string; readonly master_key: string };

async function served(): Promise<Served> {
  const sandbox = spawn(process.execPath, [PROGRAM, 'sandbox', '--port', '0', '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    sandbox.kill();
  });
  const line = await new Promise<string>((resolve) => {
    sandbox.stdout.setEncoding('utf8').once('data', resolve);
  });
  return JSON.parse(line) as Served;
}

const spec = (space: string, name: string): string => `set: lab
keys:
  - { key_alias: '{set}-{user}', roster: [{ user: ada }, { user: bob }, { user: eve }] }
deliver:
  - kubernetes: { namespace: ${space}, name: '${name}', for: openai, labels: { app: llm } }
  - kubernetes: { namespace: ${space}, name: all, data: { '{user}': '{key}' } }
`;

describe.skipIf(ADMIN === '')('vkeys with Secrets of Kubernetes', () => {
  const made: string[] = [];
  afterAll(() => clean(made), 30_000);

  it(
    'applies, renames, delivers from a new machine, goes on after a cut, and deletes',
    { timeout: 60_000 },
    async () => {
      const space = await makeNamespace('apply');
      made.push(space);
      const { url, master_key } = await served();
      const cwd = await folder();
      const gate = await makeGate(await addressOf(ADMIN));
      onTestFinished(() => gate.close());
      const token = await makeAccount(space, 'ci', ruleOf('get,create,patch,delete'));
      const env = {
        HOME: cwd,
        LITELLM_BASE_URL: url,
        LITELLM_MASTER_KEY: master_key,
        KUBECONFIG: await kubeconfig({ user: { token }, server: gate.server }),
      };
      const vkeys = (line: string, more: object = {}): Promise<Ended> =>
        start(line.split(' '), { cwd, env: { ...env, ...more } }).ended;
      const file = join(cwd, 'lab.yaml');

      writeFileSync(file, spec('not-there', 'llm-{user}'));
      const refused = await vkeys('apply -f lab.yaml --yes');
      expect(refused.stderr).toMatch(/the cluster refuses it to context/);
      expect((await vkeys('list -o json')).stdout).not.toMatch(/lab-ada/);

      writeFileSync(file, spec(space, 'llm-{user}'));
      gate.cutAfter(9000);
      const cut = await vkeys('apply -f lab.yaml --yes');
      expect(cut.code).not.toBe(0);
      gate.open();
      const applied = await vkeys('apply -f lab.yaml --yes');
      expect(applied, applied.stderr).toMatchObject({ code: 0 });
      expect(await namesIn(space)).toEqual(['all', 'llm-ada', 'llm-bob', 'llm-eve']);
      const all = await dataOf(space, 'all');
      const { OPENAI_API_KEY, OPENAI_BASE_URL } = (await dataOf(space, 'llm-ada')) ?? {};
      expect([OPENAI_API_KEY, OPENAI_BASE_URL]).toEqual([all?.['ada'], `${url}/v1`]);
      expect(applied.stdout + applied.stderr + cut.stdout + cut.stderr).not.toContain(OPENAI_API_KEY);

      const fresh = await vkeys('plan -f lab.yaml --exit-code', { VKEYS_KEYRING: join(cwd, 'other') });
      expect(fresh, fresh.stdout + fresh.stderr).toMatchObject({ code: 0 });

      writeFileSync(file, spec(space, 'key-of-{user}'));
      expect((await vkeys('apply -f lab.yaml --yes')).code).toBe(0);
      expect(await namesIn(space)).toEqual(['all', 'key-of-ada', 'key-of-bob', 'key-of-eve']);
      expect((await vkeys('plan -f lab.yaml --exit-code')).code).toBe(0);

      writeFileSync(file, spec(space, 'key-of-{user}').replace('{ user: bob }, ', ''));
      expect((await vkeys('apply -f lab.yaml --yes --prune')).code).toBe(0);
      expect(await namesIn(space)).toEqual(['all', 'key-of-ada', 'key-of-eve']);
      expect(Object.keys((await dataOf(space, 'all')) ?? {})).toEqual(['ada', 'eve']);
      const deleted = await vkeys('delete -f lab.yaml --yes');
      expect(deleted, deleted.stderr).toMatchObject({ code: 0 });
      expect(await namesIn(space)).toEqual([]);
    },
  );

  it('does what the recipe says, as the account of its role', { timeout: 60_000 }, async () => {
    const space = 'llm-lab';
    await ask('POST', '/api/v1/namespaces', { metadata: { name: space } }).catch(() => null);
    made.push(space);
    const example = fileURLToPath(new URL('../../examples/kubernetes-secrets/', import.meta.url));
    kubectl(['apply', '-f', join(example, 'role.yaml')]);
    const { url, master_key } = await served();
    const home = await folder();
    const env = {
      HOME: home,
      LITELLM_BASE_URL: url,
      LITELLM_MASTER_KEY: master_key,
      KUBECONFIG: await kubeconfig({ user: { token: await tokenFor(space, 'vkeys') } }),
    };
    const vkeys = (line: string): Promise<Ended> => start(line.split(' '), { cwd: example, env }).ended;
    const applied = await vkeys('apply -f lab.yaml --yes -o virtualkey-status');
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(applied.stdout)).toMatchObject([{ keySecretRef: 'llm-ada' }, { keySecretRef: 'llm-bob' }]);
    const list = kubectl([
      'get',
      'secrets',
      '-n',
      space,
      '-l',
      'app=notebook,app.kubernetes.io/managed-by=vkeys',
      '-o',
      'name',
    ]);
    expect(list).toBe('secret/llm-ada\nsecret/llm-bob\n');
    expect((await vkeys('delete -f lab.yaml --yes')).code).toBe(0);
    expect(await namesIn(space)).toEqual([]);
  });
});
