/** Which cluster, and as whom: kubeconfigs as kubectl reads them, programs that log in, and the pod's own account. */
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { makeClusters, type Cluster } from '../../src/deliver/kubernetes/cluster.ts';
import type { Ended, SinkPorts } from '../../src/deliver/sink.ts';
import { delivererAt, secret } from './kubernetes-server.ts';
import { folder, handout, known, sinkPorts } from './handouts.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

type Parts = {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  readonly name?: string;
  readonly current?: string;
};

function config({ cluster = {}, user = {}, context = {}, name = 'lab', current = name }: Parts = {}): string {
  return JSON.stringify({
    clusters: [{ name, cluster: { server: `https://${name}.example.com/`, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, ...context } }],
    'current-context': current,
  });
}

async function clustersOf(files: readonly string[], more: Partial<SinkPorts> = {}) {
  const home = await folder();
  const paths = await Promise.all(
    files.map(async (text, index) => {
      const path = join(home, `config-${String(index)}`);
      await writeFile(path, text);
      return path;
    }),
  );
  const env = { KUBECONFIG: [join(home, 'none'), ...paths].join(delimiter) };
  return { home, clusters: makeClusters(sinkPorts({ env, home, ...more })) };
}

async function wordsOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof VkeysError) return `${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error('it worked');
}

const identityOf = async ({ account }: Cluster) => {
  const { token, cert, key } = await account(false);
  return { token: token?.reveal() ?? null, cert, key };
};

describe('a kubeconfig', () => {
  test('is the sum of its files, of which the first that names something counts', async () => {
    const first = config({ user: { token: 'first' }, context: { namespace: 'mine' } });
    const second = config({ user: { token: 'second' }, name: 'other' });
    const shadow = config({ user: { token: 'shadow' }, cluster: { server: 'https://shadow' } });
    const { clusters } = await clustersOf(['', first, second, shadow]);
    const lab = await clusters.named(undefined);
    expect(lab).toMatchObject({ server: 'https://lab.example.com', namespace: 'mine', trust: {} });
    expect(await identityOf(lab)).toEqual({ token: 'first', cert: null, key: null });
    expect(await clusters.named('other')).toMatchObject({ server: 'https://other.example.com', namespace: 'default' });
    expect(await clusters.at('https://other.example.com', 'lab')).toMatchObject({ name: 'context other' });
    expect(await clusters.at('https://lab.example.com', undefined)).toBe(lab);
    expect(await wordsOf(clusters.named('othr'))).toBe(
      'The kubeconfig has no context othr. Did you mean other? Say one with context:, or with `kubectl config use-context`. It has: lab, other.',
    );
  });

  test('is in the home, and its relative paths start where it is', async () => {
    const home = await folder();
    await mkdir(join(home, '.kube'));
    for (const [name, text] of Object.entries({ ca: PEM, cert: 'cert', key: 'key', token: 'a-token\n' }))
      await writeFile(join(home, '.kube', name), text);
    const cluster = { 'certificate-authority': 'ca', 'insecure-skip-tls-verify': true };
    const user = { 'client-certificate': 'cert', 'client-key': 'key', tokenFile: 'token' };
    await writeFile(join(home, '.kube', 'config'), config({ cluster, user }));
    const clusters = makeClusters(sinkPorts({ home }));
    const lab = await clusters.named(undefined);
    expect(lab.trust).toEqual({ ca: PEM, insecure: true });
    expect(await identityOf(lab)).toEqual({ token: 'a-token', cert: 'cert', key: 'key' });
    const data = { 'client-certificate-data': base64('one'), 'client-key-data': base64('two'), tokenFile: 'nowhere' };
    await writeFile(join(home, '.kube', 'config'), config({ user: data }));
    expect(await wordsOf(identityOf(await makeClusters(sinkPorts({ home })).named(undefined)))).toMatch(
      /nowhere is not there\. The kubeconfig names it/,
    );
    const { clusters: inline } = await clustersOf([
      config({ user: { 'client-certificate-data': base64('one'), 'client-key-data': base64('two') } }),
    ]);
    expect(await identityOf(await inline.named(undefined))).toEqual({ token: null, cert: 'one', key: 'two' });
  });

  test.each([
    [
      config({ cluster: { 'tls-server-name': 'x' } }),
      /The context lab of the kubeconfig has tls-server-name:, which vkeys does not know\. Use an address/,
    ],
    [config({ cluster: { 'proxy-url': 'http://x' } }), /has proxy-url:.*HTTPS_PROXY/],
    [
      config({ cluster: { server: 'http://lab.example.com' } }),
      /an address without TLS, where anybody on the way reads the keys/,
    ],
    [config({ cluster: { server: 'lab' } }), /names no cluster with a server/],
    [config({ cluster: { server: 'ftp://lab' } }), /names no cluster with a server/],
    [config({ context: { cluster: 'nowhere' } }), /names no cluster with a server/],
    [
      config({ user: { username: 'ada', password: 'x' } }),
      /vkeys does not know username: of the kubeconfig's user lab\. Kubernetes knows no passwords/,
    ],
    [config({ user: { as: 'root' } }), /does not know as:/],
    [config({ user: { 'auth-provider': {} } }), /does not know auth-provider:/],
    [config({ user: { exec: {} } }), /exec: of the kubeconfig's user lab has no command and apiVersion/],
    [config({ user: { exec: 'x' } }), /has no command and apiVersion/],
    [
      config({ user: { exec: { command: 'x', apiVersion: 'v1', interactiveMode: 'Always' } } }),
      /x, which logs lab in, wants a terminal/,
    ],
    [config({ current: 'nowhere' }), /has no context nowhere/],
    [config({ current: '' }), /The kubeconfig has no current context\./],
    ['{ "clusters": [', /config-0:1:\d+: this is no kubeconfig\. Mend it/],
    ['- a', /config-0:1:1: this is no kubeconfig/],
    [`a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]`, /this is no kubeconfig/],
    ['{}', /There is no kubeconfig, and this is no pod: no cluster is known\. Log in/],
    ['{ clusters: x, contexts: [y, { name: 1 }] }', /no cluster is known/],
  ])('is refused in words: %s', async (text, words) => {
    const { clusters } = await clustersOf([text]);
    expect(await wordsOf(clusters.named(undefined).then(identityOf))).toMatch(words);
  });

  test('of a cluster on this machine needs no TLS, and one without a user asks as nobody', async () => {
    const { clusters } = await clustersOf([
      config({ cluster: { server: 'http://127.0.0.1:8001/k8s/' }, context: { user: 'nobody' } }),
    ]);
    const cluster = await clusters.named(undefined);
    expect(cluster.server).toBe('http://127.0.0.1:8001/k8s');
    expect(await identityOf(cluster)).toEqual({ token: null, cert: null, key: null });
  });

  test('with certificates that are none is told as that', async () => {
    const path = join(await folder(), 'config');
    await writeFile(path, config({ user: { token: 'x' } }));
    const connect: SinkPorts['connect'] = () => () =>
      Promise.reject(new VkeysError('config', ': not certificates and keys that fit together.', ''));
    const deliverer = delivererAt({ ports: { env: { KUBECONFIG: path }, connect } }, [secret('x')]);
    const { refusals } = await deliverer.check([known(handout('ada'))]);
    expect(refusals[0]?.message).toMatch(/The certificates of context lab are not such, or do not fit together/);
  });
});

describe('a program that logs in', () => {
  const answer = (status: object): Ended => ({
    exitCode: 0,
    stdout: JSON.stringify({ kind: 'ExecCredential', status }),
    stderr: '',
  });
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'cloud',
    args: ['login', 1],
    env: [{ name: 'A', value: 'b' }, {}],
  };

  async function asked(ends: readonly Ended[], more: object = {}) {
    const calls: unknown[][] = [];
    let now = new Date('2026-11-24T12:00:00Z');
    const { clusters, home } = await clustersOf([config({ user: { exec: { ...exec, ...more } } })], {
      run: (...call) => {
        calls.push(call);
        return Promise.resolve(ends[Math.min(calls.length, ends.length) - 1] ?? answer({}));
      },
      now: () => now,
    });
    const { account } = await clusters.named(undefined);
    const later = (minutes: number): void => {
      now = new Date(now.getTime() + minutes * 60_000);
    };
    return { account, calls, later, home };
  }

  test('is asked once, and again when its answer ends or is refused', async () => {
    const { account, calls, later } = await asked([
      answer({ token: 'one', expirationTimestamp: '2026-11-24T12:10:00Z' }),
      answer({ clientCertificateData: 'cert', clientKeyData: 'key' }),
    ]);
    expect((await account(false)).token?.reveal()).toBe('one');
    later(9);
    expect((await account(false)).token?.reveal()).toBe('one');
    expect(calls).toEqual([
      [
        'cloud',
        ['login', '1'],
        {
          env: {
            A: 'b',
            KUBERNETES_EXEC_INFO:
              '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false}}',
          },
        },
      ],
    ]);
    later(2);
    expect(await account(false)).toMatchObject({ token: null, cert: 'cert', key: 'key' });
    later(100_000);
    await account(false);
    expect(calls).toHaveLength(2);
    await account(true);
    expect(calls).toHaveLength(3);
  });

  test.each([
    [
      { exitCode: null, stdout: '', stderr: '' },
      /^cloud, which logs in to the cluster, is not installed\. Get it from https:\/\/cloud\. Then run/,
    ],
    [{ exitCode: null, stdout: '', stderr: 'it did not end within 30 s' }, /failed: it did not end within 30 s\./],
    [
      { exitCode: 1, stdout: 'sk-secret-secret', stderr: 'Log in first: eyJa.bcd.efg.\n' },
      /failed: Log in first: \[secret\]\. Get it/,
    ],
    [{ exitCode: 2, stdout: '', stderr: '' }, /, failed\. Get it/],
    [{ exitCode: 0, stdout: 'token', stderr: '' }, /answered with no ExecCredential/],
    [{ exitCode: 0, stdout: '{"status":"x"}', stderr: '' }, /answered with no ExecCredential/],
  ])('that ends as %j is told', async (end, words) => {
    const { account, calls } = await asked([end, answer({ token: 'later' })], {
      installHint: 'Get it from https://cloud',
    });
    expect(await wordsOf(account(false))).toMatch(words);
    expect((await account(false)).token?.reveal()).toBe('later');
    expect(calls).toHaveLength(2);
  });

  test('is found beside the kubeconfig where it is a path', async () => {
    const { account, calls, home } = await asked([answer({ token: 'x' })], { command: './bin/cloud', args: null });
    await account(false);
    expect(calls[0]?.slice(0, 2)).toEqual([join(home, 'bin/cloud'), []]);
    const hintless = await asked([{ exitCode: null, stdout: '', stderr: '' }]);
    expect(await wordsOf(hintless.account(false))).toMatch(/Try `kubectl get secrets`/);
  });
});

describe('a pod', () => {
  async function pod(
    more: Readonly<Record<string, string>> = {},
    files: Readonly<Record<string, string>> = { namespace: 'mine\n' },
  ) {
    const at = await folder();
    for (const [name, text] of Object.entries({ token: 'pod-token\n', 'ca.crt': PEM, ...files }))
      await writeFile(join(at, name), text);
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', VKEYS_SERVICEACCOUNT_TOKEN_FILE: join(at, 'token'), ...more };
    return { at, clusters: makeClusters(sinkPorts({ env })) };
  }

  test('asks its own cluster with the token that is there at the moment', async () => {
    const { at, clusters } = await pod();
    const own = await clusters.named(undefined);
    expect(own).toMatchObject({ server: 'https://10.0.0.1', namespace: 'mine', trust: { ca: PEM } });
    await writeFile(join(at, 'token'), 'rotated');
    expect((await identityOf(own)).token).toBe('rotated');
    expect(await clusters.at('https://10.0.0.1', undefined)).toMatchObject({ name: "the pod's service account" });
    expect(await wordsOf(clusters.at('https://other', undefined))).toMatch(
      /No context of the kubeconfig leads to the cluster https:\/\/other/,
    );
    expect(await wordsOf(clusters.named('lab'))).toMatch(/The kubeconfig has no context lab/);
  });

  test('may have an address of IPv6, a port and no file of its namespace', async () => {
    const { clusters } = await pod({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }, {});
    expect(await clusters.named(undefined)).toMatchObject({ server: 'https://[fd00::1]:6443', namespace: 'default' });
  });
});
