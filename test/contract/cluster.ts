/** A real cluster for tests of Secrets: the one that VKEYS_TEST_KUBECONFIG is the administrator of. Never a user's own by chance. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { Deliverer, Put } from '../../src/apply/ports.ts';
import type { VkeysError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { Handout } from '../../src/deliver/handout.ts';
import type { Http } from '../../src/deliver/sink.ts';
import { createTransport } from '../../src/litellm/http/transport.ts';
import type { Delivery, KubernetesDelivery } from '../../src/model/delivery.ts';
import type { Place } from '../../src/model/place.ts';
import { connectIn } from '../../src/run/connect.ts';
import { folder, HOST, known, sinkPorts, TO } from '../deliver/handouts.ts';

export const ADMIN = process.env['VKEYS_TEST_KUBECONFIG'] ?? '';

type Meta = {
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
};
export type SecretOf = { readonly metadata: Meta; readonly type: string; readonly data?: Record<string, string> };

/** Takes away what tests left. There are no controllers, so namespaces stay, empty. */
export async function clean(namespaces: readonly string[]): Promise<void> {
  for (const name of namespaces) await ask('DELETE', `/api/v1/namespaces/${name}/secrets`);
}

/** The real program, as other people use it beside vkeys. */
export function kubectl(args: readonly string[], stdin = ''): string {
  return execFileSync('kubectl', ['--kubeconfig', ADMIN, ...args], { input: stdin, encoding: 'utf8', stdio: 'pipe' });
}

/** Asks as the administrator. */
export async function ask(method: string, path: string, body?: object): Promise<JsonObject> {
  const way = await administrator();
  const { status, text } = await way.http({
    method,
    url: way.server + path,
    headers: { authorization: `Bearer ${way.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (status >= 300) throw new Error(`${method} ${path}: ${text}`);
  return JSON.parse(text) as JsonObject;
}

type Way = { readonly http: Http; readonly server: string; readonly token: string };
let way: Promise<Way> | null = null;

function administrator(): Promise<Way> {
  way ??= (async () => {
    const { clusters, users } = parse(await readFile(ADMIN, 'utf8')) as Config;
    const { server = '', 'certificate-authority-data': ca = '' } = clusters[0]?.cluster ?? {};
    const http = connectIn({ transport: createTransport, env: {}, abort: new AbortController().signal });
    const token = users[0]?.user.token ?? '';
    return { http: http({ ca: Buffer.from(ca, 'base64').toString() }), server, token };
  })();
  return way;
}

export async function makeNamespace(of: string): Promise<string> {
  const name = `vkeys-${of}-${randomBytes(4).toString('hex')}`;
  await ask('POST', '/api/v1/namespaces', { metadata: { name } });
  return name;
}

export async function secretsIn(namespace: string): Promise<readonly SecretOf[]> {
  const { items } = await ask('GET', `/api/v1/namespaces/${namespace}/secrets`);
  return items as unknown as readonly SecretOf[];
}

export async function namesIn(namespace: string): Promise<readonly string[]> {
  return (await secretsIn(namespace)).map(({ metadata: { name } }) => name);
}

/** What a Secret holds, decoded; `null`: there is none. */
export async function dataOf(namespace: string, name: string): Promise<Readonly<Record<string, string>> | null> {
  const found = (await secretsIn(namespace)).find(({ metadata }) => metadata.name === name);
  if (found === undefined) return null;
  const data = Object.entries(found.data ?? {});
  return Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};

export function ruleOf(verbs: string, resource = 'secrets', group = ''): Rule {
  return { apiGroups: [group], resources: [resource], verbs: verbs.split(',') };
}

/** A service account that may do this in the namespace, and nothing else; answers with a token of it. */
export async function makeAccount(namespace: string, name: string, ...rules: readonly Rule[]): Promise<string> {
  await ask('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  await allow(namespace, name, name, ...rules);
  return tokenFor(namespace, name);
}

/** Lets an account do more, by a role of this name. */
export async function allow(
  namespace: string,
  account: string,
  role: string,
  ...rules: readonly Rule[]
): Promise<void> {
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const metadata = { name: role };
  await ask('POST', `${path}/roles`, { metadata, rules });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role };
  await ask('POST', `${path}/rolebindings`, {
    metadata,
    roleRef,
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  });
}

export async function tokenFor(namespace: string, name: string): Promise<string> {
  const { status } = await ask('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, { spec: {} });
  return (status as { readonly token: string }).token;
}

type Config = {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { token?: string } }[];
  contexts: { context: { namespace?: string } }[];
};
type Changed = { readonly user?: object; readonly server?: string; readonly namespace?: string };

/** A kubeconfig like the administrator's, but with this user, address or namespace; answers with its path. */
export async function kubeconfig({ user, server, namespace }: Changed): Promise<string> {
  const { clusters, users, contexts, ...others } = parse(await readFile(ADMIN, 'utf8')) as Config;
  const config = {
    ...others,
    clusters: clusters.map((each) => ({
      ...each,
      cluster: { ...each.cluster, ...(server === undefined ? {} : { server }) },
    })),
    users: users.map((each) => ({ ...each, user: user ?? each.user })),
    contexts: contexts.map((each) => ({
      ...each,
      context: { ...each.context, ...(namespace === undefined ? {} : { namespace }) },
    })),
  };
  const path = join(await folder(), 'config');
  await writeFile(path, stringify(config));
  return path;
}

export async function addressOf(path: string): Promise<URL> {
  return new URL((parse(await readFile(path, 'utf8')) as Config).clusters[0]?.cluster.server ?? '');
}

/** A machine with this kubeconfig. */
export function delivererWith(path: string, deliveries: readonly Delivery[]): Deliverer {
  const { signal } = new AbortController();
  const ports = sinkPorts({
    env: { KUBECONFIG: path },
    connect: connectIn({ transport: createTransport, env: {}, abort: signal }),
    sleep: (milliseconds) => delay(milliseconds),
  });
  const addressed = deliveries.map((delivery) => ({ delivery, to: TO }));
  return makeDeliverer('lab', addressed, { host: HOST, files: [] }, ports);
}

export function secret(namespace: string, more: Partial<KubernetesDelivery> = {}): KubernetesDelivery & Delivery {
  const name = more.name ?? 'llm-{user}';
  return {
    to: 'kubernetes',
    path: `kubernetes:${namespace}/${name}`,
    namespace,
    variables: { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' },
    ...more,
    name,
  };
}

/** Of a put, the words of what failed; throws where something did that was not to. */
export function wordsOf({ failed }: Pick<Put, 'failed'>): readonly string[] {
  return [...new Set([...failed.values()].map(({ message, hint }: VkeysError) => `${message} ${hint}`))];
}

export async function brought(
  deliverer: Deliverer,
  handouts: readonly Handout[],
  places: readonly Place[] = [],
): Promise<Put> {
  const put = await deliverer.put(handouts.map((each) => known(each, places)));
  const [first] = wordsOf(put);
  if (first !== undefined) throw new Error(first);
  return put;
}

/** A door to the cluster that can be shut: after so many bytes, or for good. */
export type Gate = { readonly server: string; cutAfter(bytes: number): void; open(): void; close(): Promise<void> };

export async function makeGate({ hostname, port }: URL): Promise<Gate> {
  let [left, isOpen] = [Number.POSITIVE_INFINITY, true];
  const sockets = new Set<Socket>();
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const gate = createServer((socket) => {
    if (!isOpen) {
      socket.destroy();
      return;
    }
    const far = connectTo(Number(port), hostname);
    for (const each of [socket, far]) sockets.add(each.on('error', () => undefined));
    socket.on('data', (chunk) => {
      left -= chunk.length;
      if (left < 0) shut();
      else far.write(chunk);
    });
    far.pipe(socket);
    socket.on('close', () => far.destroy());
    far.on('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    gate.listen(0, '127.0.0.1', resolve);
  });
  const address = gate.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    server: `https://127.0.0.1:${String(address.port)}`,
    cutAfter: (bytes) => {
      left = bytes;
    },
    open: () => {
      [left, isOpen] = [Number.POSITIVE_INFINITY, true];
    },
    close: () => {
      shut();
      return new Promise((resolve) => {
        gate.close(() => resolve());
      });
    },
  };
}
