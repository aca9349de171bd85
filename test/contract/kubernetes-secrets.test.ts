/** Secrets at a real API server, with its permissions and its bookkeeping of who owns which field. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { folder, gone, handout, known } from '../deliver/handouts.ts';
import {
  addressOf,
  ADMIN,
  allow,
  brought,
  clean,
  dataOf,
  delivererWith,
  kubeconfig,
  kubectl,
  makeAccount,
  makeGate,
  makeNamespace,
  namesIn,
  ruleOf,
  secret,
  secretsIn,
  tokenFor,
  wordsOf,
} from './cluster.ts';

const ADA = handout('ada');
const BOB = handout('bob');
const BASE = 'https://litellm.example.com/v1';
/** What the documents tell to give. */
const ROLE = ruleOf('get,create,patch,delete');

describe.skipIf(ADMIN === '')('Secrets of Kubernetes', { timeout: 30_000 }, () => {
  const made: string[] = [];
  const namespaceFor = async (of: string): Promise<string> => {
    const name = await makeNamespace(of);
    made.push(name);
    return name;
  };
  afterAll(() => clean(made), 30_000);

  it('are made for each key with labels and notes, found current, and go with their keys', async () => {
    const space = await namespaceFor('life');
    const delivery = secret(space, { labels: { app: 'llm', user: '{user}' }, annotations: { about: 'Key of {user}' } });
    const deliverer = delivererWith(ADMIN, [delivery]);
    const due = [ADA, BOB].map((each) => known(each));
    expect(await deliverer.check(due.map(({ desired }) => ({ desired, live: null, secret: null })))).toEqual({
      refusals: [],
      notices: [],
    });
    expect(await secretsIn(space)).toEqual([]);
    expect((await deliverer.stale(due, [])).put).toHaveLength(2);
    const { written, placed } = await brought(deliverer, [ADA, BOB]);
    expect(written.map((path) => path.replace(/^https:[^/]+\/\/[^/]+/, ''))).toEqual([
      expect.stringMatching(new RegExp(`/api/v1/namespaces/${space}/secrets/llm-ada$`)),
      expect.stringMatching(/llm-bob$/),
    ]);
    expect(await dataOf(space, 'llm-ada')).toEqual({ OPENAI_API_KEY: 'sk-ada-secret', OPENAI_BASE_URL: BASE });
    const [{ metadata, type } = { metadata: null, type: null }] = await secretsIn(space);
    expect(type).toBe('Opaque');
    expect(metadata?.labels).toEqual({ app: 'llm', user: 'ada', 'app.kubernetes.io/managed-by': 'vkeys' });
    const { [`vkeys/key-${ADA.key_id.slice(0, 16)}`]: note = '', ...others } = metadata?.annotations ?? {};
    expect(others).toEqual({ about: 'Key of ada' });
    expect(JSON.parse(note)).toEqual({ set: 'lab', key_alias: 'lab-ada', key_id: ADA.key_id, expires: ADA.expires });
    expect(metadata?.managedFields.map(({ manager, operation }) => [manager, operation])).toEqual([['vkeys', 'Apply']]);

    expect(await deliverer.stale(due, [])).toEqual({ put: [], remove: [], unknown: [], unheld: [] });
    expect((await brought(deliverer, [ADA, BOB])).written).toEqual([]);
    const { removed, failed } = await deliverer.remove([gone(ADA, placed.get(ADA.key_id))]);
    expect([removed.size, failed.size]).toEqual([1, 0]);
    expect(await namesIn(space)).toEqual(['llm-bob']);
  });

  it('are known by hash without a keyring, and found by a run that knows only the name', async () => {
    const space = await namespaceFor('lost');
    await brought(delivererWith(ADMIN, [secret(space)]), [ADA]);
    const fresh = delivererWith(ADMIN, [secret(space)]);
    expect(await fresh.stale([{ ...known(ADA), secret: null }], [])).toEqual({
      put: [],
      remove: [],
      unknown: [],
      unheld: [],
    });
    /* Without the spec's placeholders its user is not known any more: Secrets are listed. */
    expect((await fresh.stale([], [gone(ADA, [], false)])).remove).toHaveLength(1);
    expect((await fresh.remove([gone(ADA, [], false)])).written).toHaveLength(1);
    expect(await secretsIn(space)).toEqual([]);
  });

  it('keep what others have in them, and tell whose field is wanted', async () => {
    const space = await namespaceFor('foreign');
    const theirs = (data: object): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'llm-ada', labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
        stringData: data,
      });
    kubectl(['apply', '-n', space, '-f', '-'], theirs({ DB: 'postgres', OPENAI_BASE_URL: 'https://old' }));
    const deliverer = delivererWith(ADMIN, [secret(space)]);
    const { refusals } = await deliverer.check([known(ADA)]);
    expect(refusals).toMatchObject([
      {
        message: expect.stringMatching(
          /llm-ada: kubectl-client-side-apply has data\.OPENAI_BASE_URL with another value\.$/,
        ),
        hint: expect.stringMatching(/force: true/),
      },
    ]);
    expect(wordsOf(await deliverer.put([known(ADA)]))).toEqual([expect.stringMatching(/kubectl-client-side-apply/)]);
    const forced = delivererWith(ADMIN, [secret(space, { force: true })]);
    const { placed } = await brought(forced, [ADA]);
    expect(await dataOf(space, 'llm-ada')).toEqual({
      DB: 'postgres',
      OPENAI_API_KEY: 'sk-ada-secret',
      OPENAI_BASE_URL: BASE,
    });
    kubectl(['apply', '-n', space, '-f', '-'], theirs({ DB: 'mysql' }));
    expect(await dataOf(space, 'llm-ada')).toEqual({
      DB: 'mysql',
      OPENAI_API_KEY: 'sk-ada-secret',
      OPENAI_BASE_URL: BASE,
    });
    await forced.remove([gone(ADA, placed.get(ADA.key_id))]);
    expect(await dataOf(space, 'llm-ada')).toEqual({ DB: 'mysql' });
    expect((await secretsIn(space))[0]?.metadata).toMatchObject({ labels: { 'app.kubernetes.io/managed-by': 'Helm' } });
    expect(Object.keys((await secretsIn(space))[0]?.metadata.annotations ?? {})).toEqual([
      'kubectl.kubernetes.io/last-applied-configuration',
    ]);
  });

  it('that were changed by hand are told, and a gone key is taken from whoever copied it', async () => {
    const space = await namespaceFor('hand');
    const deliverer = delivererWith(ADMIN, [secret(space)]);
    const { placed } = await brought(deliverer, [ADA]);
    kubectl([
      'patch',
      'secret',
      'llm-ada',
      '-n',
      space,
      '--type=merge',
      '-p',
      JSON.stringify({ stringData: { OPENAI_API_KEY: 'mine', COPY: 'sk-ada-secret' } }),
    ]);
    expect((await deliverer.stale([known(ADA)], [])).put).toHaveLength(1);
    expect(wordsOf(await deliverer.put([known(ADA)]))).toEqual([
      expect.stringMatching(/kubectl-patch has data\.OPENAI_API_KEY/),
    ]);
    await deliverer.remove([gone(ADA, placed.get(ADA.key_id))]);
    expect(await dataOf(space, 'llm-ada')).toEqual({ OPENAI_API_KEY: 'mine' });
  });

  it('lose what the spec says no more, and keep the keys of other sets', async () => {
    const space = await namespaceFor('shared');
    const all = (more: object) => secret(space, { name: 'all', variables: { '{KEY_ALIAS}': '{key}' }, ...more });
    const one = delivererWith(ADMIN, [
      all({ variables: { '{KEY_ALIAS}': '{key}', OLD: 'x' }, labels: { app: 'one' } }),
    ]);
    await brought(one, [ADA]);
    await brought(delivererWith(ADMIN, [all({ labels: { team: 'two' } })]), [BOB]);
    expect(await dataOf(space, 'all')).toEqual({ LAB_ADA: 'sk-ada-secret', OLD: 'x', LAB_BOB: 'sk-bob-secret' });
    const both = delivererWith(ADMIN, [all({ labels: { team: 'two' } })]);
    const { placed } = await brought(both, [ADA, BOB]);
    expect(await dataOf(space, 'all')).toEqual({ LAB_ADA: 'sk-ada-secret', LAB_BOB: 'sk-bob-secret' });
    expect((await secretsIn(space))[0]?.metadata.labels).toEqual({
      team: 'two',
      'app.kubernetes.io/managed-by': 'vkeys',
    });
    await both.remove([gone(ADA, placed.get(ADA.key_id))]);
    expect(await dataOf(space, 'all')).toEqual({ LAB_BOB: 'sk-bob-secret' });
    const notes = Object.keys((await secretsIn(space))[0]?.metadata.annotations ?? {});
    expect(notes).toEqual([`vkeys/key-${BOB.key_id.slice(0, 16)}`]);
    await both.remove([gone(BOB, placed.get(BOB.key_id))]);
    expect(await secretsIn(space)).toEqual([]);
  });

  it('lose no key when many runs write one of them at once', async () => {
    const space = await namespaceFor('race');
    const users = Array.from({ length: 8 }, (_, index) => handout(`u${String(index)}`));
    const all = secret(space, { name: 'all', variables: { '{KEY_ALIAS}': '{key}' } });
    const runs = users.map((user) => brought(delivererWith(ADMIN, [all]), [user]));
    await Promise.all(runs);
    const wanted = Object.fromEntries(
      users.map(({ user, secret: key }) => [`LAB_${String(user).toUpperCase()}`, key.reveal()]),
    );
    expect(await dataOf(space, 'all')).toEqual(wanted);
    const left = users.slice(0, 7).map((user) => delivererWith(ADMIN, [all]).remove([gone(user)]));
    await Promise.all(left);
    expect(await dataOf(space, 'all')).toEqual({ LAB_U7: 'sk-u7-secret' });
  });

  it('get a new secret in the place of the old one, and another name in the place of an old name', async () => {
    const space = await namespaceFor('rename');
    const { placed } = await brought(delivererWith(ADMIN, [secret(space)]), [ADA]);
    const second = new Secret('sk-ada-second-secret');
    const renewed = { ...ADA, secret: second, key_id: second.hash() };
    await brought(delivererWith(ADMIN, [secret(space)]), [renewed]);
    expect(await dataOf(space, 'llm-ada')).toMatchObject({ OPENAI_API_KEY: 'sk-ada-second-secret' });
    expect(Object.keys((await secretsIn(space))[0]?.metadata.annotations ?? {})).toHaveLength(1);
    const moved = delivererWith(ADMIN, [secret(space, { name: 'key-of-{user}', variables: { KEY: '{key}' } })]);
    const places = [...(placed.get(ADA.key_id) ?? [])];
    const { withdrawn } = await brought(moved, [renewed], places);
    expect(withdrawn).toEqual([expect.stringMatching(/llm-ada$/)]);
    expect(await namesIn(space)).toEqual(['key-of-ada']);
  });

  it('need no more than the documented role, and say what is missing', async () => {
    const [space, closed] = [await namespaceFor('role'), await namespaceFor('closed')];
    const least = await kubeconfig({ user: { token: await makeAccount(space, 'least', ROLE) } });
    const deliverer = delivererWith(least, [secret(space)]);
    expect((await deliverer.check([known(ADA)])).refusals).toEqual([]);
    const { placed } = await brought(deliverer, [ADA]);
    /* It may not list, so what nobody remembers is not found, and nothing else fails. */
    expect(await deliverer.stale([], [gone(BOB, [], false)])).toEqual({ put: [], remove: [], unknown: [], unheld: [] });
    expect((await deliverer.remove([gone(ADA, placed.get(ADA.key_id))])).failed.size).toBe(0);
    expect(await secretsIn(space)).toEqual([]);

    const [refusal] = (await delivererWith(least, [secret(closed)]).check([known(ADA)])).refusals;
    expect(refusal?.message).toMatch(
      /the cluster refuses it to context \S+: .*cannot get resource "secrets".*in the namespace/,
    );
    expect(refusal?.hint).toMatch(/Role/);
    const nowhere = await delivererWith(ADMIN, [secret('vkeys-not-there')]).check([known(ADA)]);
    expect(nowhere.refusals[0]).toMatchObject({
      message: expect.stringMatching(/: there is no namespace vkeys-not-there\.$/),
      hint: expect.stringMatching(/^Make it, like `kubectl create namespace vkeys-not-there`\./),
    });
    const reader = await kubeconfig({ user: { token: await makeAccount(space, 'reader', ruleOf('get')) } });
    expect((await delivererWith(reader, [secret(space)]).check([known(ADA)])).refusals[0]?.message).toMatch(
      /cannot patch/,
    );
  });

  it('are emptied by who may not delete them', async () => {
    const space = await namespaceFor('empty');
    const deliverer = delivererWith(
      await kubeconfig({ user: { token: await makeAccount(space, 'writer', ruleOf('get,create,patch')) } }),
      [secret(space)],
    );
    const { placed } = await brought(deliverer, [ADA]);
    expect((await deliverer.remove([gone(ADA, placed.get(ADA.key_id))])).failed.size).toBe(0);
    expect(await dataOf(space, 'llm-ada')).toEqual({});
    expect((await deliverer.remove([gone(ADA, placed.get(ADA.key_id))])).written).toEqual([]);
  });

  it('are refused by the server before anything is made, in its words', async () => {
    const space = await namespaceFor('typed');
    const typed = delivererWith(ADMIN, [secret(space, { type: 'kubernetes.io/dockerconfigjson' })]);
    expect((await typed.check([known(ADA)])).refusals[0]?.message).toMatch(
      /the cluster refuses it: .*\.dockerconfigjson/,
    );
    kubectl(['create', 'secret', 'generic', 'llm-ada', '-n', space, '--type=their.own/type']);
    const other = delivererWith(ADMIN, [secret(space, { type: 'my.own/type' })]);
    expect((await other.check([known(ADA)])).refusals[0]?.message).toMatch(
      /kubectl-create has type with another value/,
    );
    const forced = delivererWith(ADMIN, [secret(space, { type: 'my.own/type', force: true })]);
    expect((await forced.check([known(ADA)])).refusals[0]?.message).toMatch(/field is immutable/);
    await brought(delivererWith(ADMIN, [secret(space)]), [ADA]);
    expect((await secretsIn(space))[0]?.type).toBe('their.own/type');
  });

  describe('whose cluster', () => {
    let [space, token] = ['', ''];
    beforeAll(async () => {
      space = await namespaceFor('token');
      token = await makeAccount(space, 'rotated', ROLE);
    });

    it('gives new tokens in a file is asked with the newest', async () => {
      const file = join(await folder(), 'token');
      writeFileSync(file, token);
      const path = await kubeconfig({ user: { tokenFile: file }, namespace: space });
      const { namespace: _, ...delivery } = secret(space);
      const deliverer = delivererWith(path, [delivery]);
      await brought(deliverer, [ADA]);
      writeFileSync(file, 'eyJhbGciOiJSUzI1NiJ9.old.old');
      expect(wordsOf(await deliverer.put([known(ADA)]))).toEqual([
        expect.stringMatching(/does not know context .* Log in to the cluster again/),
      ]);
      writeFileSync(file, `${await tokenFor(space, 'rotated')}\n`);
      expect((await brought(deliverer, [ADA])).written).toEqual([]);
    });

    it('wants a program to log in runs it again when its token is refused', async () => {
      const at = await folder();
      const count = join(at, 'count');
      const program = join(at, 'login.mjs');
      writeFileSync(
        program,
        `import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(count)}, JSON.parse(process.env.KUBERNETES_EXEC_INFO).kind + process.env.EXTRA + '\\n');
const token = readFileSync(${JSON.stringify(count)}, 'utf8').split('\\n').length > 2 ? ${JSON.stringify(token)} : 'outdated';
console.log(JSON.stringify({ kind: 'ExecCredential', status: { token } }));`,
      );
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [program],
        env: [{ name: 'EXTRA', value: '!' }],
        interactiveMode: 'Never',
      };
      const deliverer = delivererWith(await kubeconfig({ user: { exec } }), [secret(space)]);
      await brought(deliverer, [BOB]);
      expect(await dataOf(space, 'llm-bob')).toMatchObject({ OPENAI_API_KEY: 'sk-bob-secret' });
    });
  });

  it('start workloads anew that use them, also after a run that was cut before', async () => {
    const space = await namespaceFor('rollout');
    const pod = { metadata: { labels: { app: 'search' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
    kubectl(
      ['apply', '-n', space, '-f', '-'],
      JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'search' },
        spec: { selector: { matchLabels: { app: 'search' } }, template: pod },
      }),
    );
    const startOf = (): unknown =>
      JSON.parse(
        kubectl(['get', 'deployment', 'search', '-n', space, '-o', 'jsonpath={.spec.template.metadata.annotations}']) ||
          '{}',
      );
    const token = await makeAccount(space, 'roller', ROLE);
    const deliverer = delivererWith(await kubeconfig({ user: { token } }), [
      secret(space, { rollout: ['deployment/search'] }),
    ]);
    expect((await deliverer.check([known(ADA)])).refusals[0]?.message).toMatch(/cannot get resource "deployments"/);
    expect(wordsOf(await deliverer.put([known(ADA)]))).toEqual([expect.stringMatching(/deployments/)]);
    expect(await dataOf(space, 'llm-ada')).toMatchObject({ OPENAI_API_KEY: 'sk-ada-secret' });
    await allow(space, 'roller', 'restart', ruleOf('get,patch', 'deployments', 'apps'));
    await expect.poll(async () => (await deliverer.check([known(ADA)])).refusals).toEqual([]);
    expect((await deliverer.stale([known(ADA)], [])).put).toHaveLength(1);
    expect(startOf()).toEqual({});
    expect((await brought(deliverer, [ADA])).written).toHaveLength(1);
    const first = startOf();
    expect(first).toEqual({ 'vkeys/llm-ada': expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect((await brought(deliverer, [ADA])).written).toEqual([]);
    expect(startOf()).toEqual(first);
    const second = new Secret('sk-ada-second-secret');
    await brought(deliverer, [{ ...ADA, secret: second, key_id: second.hash() }]);
    expect(startOf()).not.toEqual(first);
    const gone_ = delivererWith(ADMIN, [secret(space, { rollout: ['deployment/serch'] })]);
    expect((await gone_.check([known(ADA)])).refusals[0]?.message).toMatch(
      /There is no deployment serch in the namespace/,
    );
  });

  it.each([1500, 4000, 9000])('converge after the server went away, %i bytes into it', async (bytes) => {
    const space = await namespaceFor('cut');
    const gate = await makeGate(await addressOf(ADMIN));
    onTestFinished(() => gate.close());
    const users = ['a', 'b', 'c', 'd', 'e', 'f'].map((user) => handout(user));
    const deliveries = [secret(space, { name: 'all', variables: { '{KEY_ALIAS}': '{key}' } }), secret(space)];
    const path = await kubeconfig({ server: gate.server });
    gate.cutAfter(bytes);
    const cut = await delivererWith(path, deliveries).put(users.map((each) => known(each)));
    expect(wordsOf(cut).join(' ')).toMatch(/Is the cluster of context \S+ there, and reached from here\?/);
    gate.open();
    const { placed } = await brought(delivererWith(path, deliveries), users);
    expect(Object.keys((await dataOf(space, 'all')) ?? {})).toHaveLength(6);
    expect(await secretsIn(space)).toHaveLength(7);
    gate.cutAfter(bytes / 4);
    const remaining = users.map((each) => gone(each, placed.get(each.key_id)));
    expect((await delivererWith(path, deliveries).remove(remaining)).failed.size).toBeGreaterThan(0);
    gate.open();
    expect((await delivererWith(path, deliveries).remove(remaining)).failed.size).toBe(0);
    expect(await secretsIn(space)).toEqual([]);
  });
});
