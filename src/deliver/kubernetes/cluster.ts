/** Which cluster a delivery means: a context of the kubeconfig, or the one that this pod is in. */
import { dirname, join } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { readIfThere } from '../../base/files.ts';
import { POD_TOKEN } from '../../base/pod.ts';
import { didYouMean } from '../../base/suggest.ts';
import { variable } from '../../base/variables.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { SinkPorts, Trust } from '../sink.ts';
import { accountOf, accountOfPod } from './account.ts';
import type { Account } from './identity.ts';
import { pemIn, readKubeconfig, readNamed, type Entry, type Kubeconfig } from './kubeconfig.ts';
import { textIn } from './members.ts';

/** `name` is what messages call it, `server` its address without a slash at the end. */
export type Cluster = {
  readonly name: string;
  readonly server: string;
  readonly namespace: string;
  readonly trust: Trust;
  readonly account: Account;
};

export type Clusters = {
  /** The cluster of a context; without, of the current one. Throws `delivery` where there is none. */
  named(context: string | undefined): Promise<Cluster>;
  /** The one that has this address, by that context if it may be. Throws `delivery` where there is no way to it. */
  at(server: string, context: string | undefined): Promise<Cluster>;
};

type Ports = Pick<SinkPorts, 'env' | 'home' | 'run' | 'now'>;

export function makeClusters(ports: Ports): Clusters {
  let reading: Promise<Kubeconfig> | null = null;
  const made = new Map<string, Promise<Cluster>>();
  const config = (): Promise<Kubeconfig> => (reading ??= readKubeconfig(ports));
  const ofContext = async (name: string): Promise<Cluster> => {
    const cluster = made.get(name) ?? clusterOf(name, await config(), ports);
    made.set(name, cluster);
    return cluster;
  };
  const ofPod = (): Promise<Cluster | null> => podCluster(ports.env);
  return {
    named: async (context) => {
      const { current, contexts } = await config();
      const name = context ?? current;
      if (name !== null && contexts.has(name)) return ofContext(name);
      const pod = context === undefined ? await ofPod() : null;
      if (pod === null) throw noContext(name, [...contexts.keys()]);
      return pod;
    },
    at: async (server, context) => {
      const read = await config();
      const names = [context ?? null, read.current, ...read.contexts.keys()].filter((name) => name !== null);
      const name = names.find((each) => serverOf(clusterIn(each, read)) === server);
      if (name !== undefined) return ofContext(name);
      const pod = await ofPod();
      if (pod?.server === server) return pod;
      const hint = 'Set KUBECONFIG to a file with a context of it, then run the same command again.';
      throw new VkeysError('delivery', `No context of the kubeconfig leads to the cluster ${oneLine(server)}.`, hint);
    },
  };
}

async function clusterOf(name: string, config: Kubeconfig, ports: Ports): Promise<Cluster> {
  const context = config.contexts.get(name)?.value ?? {};
  const cluster = clusterIn(name, config);
  const server = serverOf(cluster);
  const refuse = (message: string, hint: string): VkeysError =>
    new VkeysError('delivery', `The context ${oneLine(name)} of the kubeconfig ${message}.`, hint);
  if (cluster === undefined || server === null) throw refuse('names no cluster with a server', 'Mend it there.');
  for (const member of ['tls-server-name', 'proxy-url']) {
    if (textIn(cluster.value, member) === null) continue;
    const hint = 'Use an address whose certificate has its name, and HTTPS_PROXY for a proxy.';
    throw refuse(`has ${member}:, which vkeys does not know`, hint);
  }
  if (server.startsWith('http:') && !/^(?:localhost|127\..*|\[::1\])$/.test(new URL(server).hostname)) {
    throw refuse('leads to an address without TLS, where anybody on the way reads the keys', 'Use https:.');
  }
  const ca = await pemIn(cluster, 'certificate-authority');
  const user = textIn(context, 'user') ?? '';
  return {
    name: `context ${oneLine(name)}`,
    server,
    namespace: textIn(context, 'namespace') ?? 'default',
    trust: {
      ...(ca === null ? {} : { ca }),
      ...(cluster.value['insecure-skip-tls-verify'] === true ? { insecure: true } : {}),
    },
    account: accountOf(config.users.get(user) ?? { value: {}, folder: '.' }, user, ports),
  };
}

function clusterIn(context: string, { contexts, clusters }: Kubeconfig): Entry | undefined {
  return clusters.get(textIn(contexts.get(context)?.value ?? {}, 'cluster') ?? '');
}

function serverOf(cluster: Entry | undefined): string | null {
  const server = cluster === undefined ? null : textIn(cluster.value, 'server');
  if (server === null || !URL.canParse(server)) return null;
  const { protocol, origin, pathname } = new URL(server);
  return /^https?:$/.test(protocol) ? origin + pathname.replace(/\/+$/, '') : null;
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/; `null` where this is no pod. */
async function podCluster(env: SinkPorts['env']): Promise<Cluster | null> {
  const host = variable(env, 'KUBERNETES_SERVICE_HOST');
  if (host === undefined) return null;
  const token = variable(env, 'VKEYS_SERVICEACCOUNT_TOKEN_FILE') ?? POD_TOKEN;
  const port = variable(env, 'KUBERNETES_SERVICE_PORT') ?? '443';
  const { origin } = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return {
    name: "the pod's service account",
    server: origin,
    namespace: (await readIfThere(join(dirname(token), 'namespace')))?.trim() ?? 'default',
    trust: { ca: await readNamed(join(dirname(token), 'ca.crt')) },
    account: accountOfPod(token),
  };
}

function noContext(name: string | null, known: readonly string[]): VkeysError {
  if (known.length === 0 && name === null) {
    const hint = 'Log in (`oc login`, or as your cloud says it), or set KUBECONFIG to a file that says where it is.';
    return new VkeysError('delivery', 'There is no kubeconfig, and this is no pod: no cluster is known.', hint);
  }
  const what = name === null ? 'has no current context' : `has no context ${oneLine(name)}`;
  const hint = `Say one with context:, or with \`kubectl config use-context\`. It has: ${known.map(oneLine).join(', ')}.`;
  return new VkeysError('delivery', `The kubeconfig ${what}.${didYouMean(name ?? '', known)}`, hint);
}
