/**
 * A Vault for tests, over a real socket: what https://developer.hashicorp.com/vault/api-docs says of the routes that are used,
 * with namespaces, policies and the login of pods. OPENBAO_ADDR and OPENBAO_TOKEN (a root token) put a real one in its place.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { isObject, type JsonObject } from '../../src/base/json.ts';
import { kv1, kv2, type Asked, type Engine, type Reply } from './vault-kv.ts';

export type Vault = {
  readonly address: string;
  /** A token of a new policy, `path → capabilities`; of none: root's. */
  token(policy?: Readonly<Record<string, readonly string[]>>): Promise<string>;
  /** What an administrator asks, and is answered; throws where that is refused. `body`: a POST. */
  admin(path: string, body?: unknown): Promise<JsonObject>;
};

/** What comes in, before it is answered. */
export type Seen = Asked & { readonly headers: IncomingMessage['headers'] };
/** Answers instead of the server, or only looks. */
export type Intercept = (seen: Seen) => Reply | undefined | Promise<Reply | undefined>;

export const ROOT = 'hvs.root-token-of-the-test';
const denied = (why = 'permission denied'): Reply => ({ status: 403, body: { errors: [why] } });
const noRoute = (path: string): Reply => ({
  status: 404,
  body: { errors: [`no handler for route "${path}". route entry not found.`] },
});

type Policy = Readonly<Record<string, readonly string[]>>;

export async function vaultServer(intercept: Intercept = () => undefined): Promise<Vault> {
  const namespaces = new Set(['']);
  const engines = new Map<string, Engine>([
    ['secret/', kv2()],
    ['kv1/', kv1()],
  ]);
  const tokens = new Map<string, Policy | null>([[ROOT, null]]);
  const policies = new Map<string, Policy>();

  const capabilities = (policy: Policy | null, path: string): readonly string[] => {
    if (policy === null) return ['root'];
    const fits = Object.keys(policy).filter(
      (each) => each === path || (each.endsWith('*') && path.startsWith(each.slice(0, -1))),
    );
    const [best] = fits.toSorted((a, b) => b.length - a.length);
    return best === undefined ? ['deny'] : (policy[best] ?? []);
  };
  const mountOf = (path: string): string => [...engines.keys()].find((mount) => `${path}/`.startsWith(mount)) ?? '';

  function answer(seen: Seen): Reply {
    const inHeader = seen.headers['x-vault-namespace'];
    const path =
      typeof inHeader === 'string' && inHeader !== '' ? `${inHeader.replace(/\/$/, '')}/${seen.path}` : seen.path;
    const namespace =
      [...namespaces].toSorted((a, b) => b.length - a.length).find((each) => path.startsWith(each)) ?? '';
    const route = path.slice(namespace.length);
    const { body, method } = seen;
    if (/^auth\/kubernetes\/login$/.test(route) && method === 'POST') {
      if (body['role'] !== 'vkeys')
        return { status: 400, body: { errors: [`invalid role name ${JSON.stringify(body['role'])}`] } };
      if (body['jwt'] !== 'eyJ.pod.jwt') return denied();
      tokens.set('hvs.of-the-pod', null);
      return { status: 200, body: { auth: { client_token: 'hvs.of-the-pod', lease_duration: 3600, renewable: true } } };
    }
    const policy = tokens.get(String(seen.headers['x-vault-token']));
    if (policy === undefined) return denied();
    if (route === 'sys/capabilities-self') {
      const paths = body['paths'] as readonly string[];
      const found = Object.fromEntries(paths.map((each) => [each, capabilities(policy, namespace + each)]));
      return { status: 200, body: { ...found, data: found } };
    }
    if (route.startsWith('sys/internal/ui/mounts/')) {
      const asked = namespace + route.slice('sys/internal/ui/mounts/'.length);
      const mount = mountOf(asked);
      const isSeen = policy === null || Object.keys(policy).some((each) => each.startsWith(mount));
      if (mount === '' || !isSeen)
        return denied(
          `preflight capability check returned 403, please ensure client's policies grant access to path "${asked}/"`,
        );
      return {
        status: 200,
        body: { data: { path: mount, type: 'kv', options: { version: engines.get(mount)?.version } } },
      };
    }
    if (route.startsWith('sys/'))
      return policy === null ? administered(route.slice('sys/'.length), namespace, body) : denied();
    const mount = mountOf(path);
    const engine = engines.get(mount);
    if (engine === undefined) return policy === null ? noRoute(path) : denied();
    const rest = path.slice(mount.length);
    const isList = method === 'GET' && seen.query.get('list') === 'true';
    const writing = engine.exists(rest) || !rest.startsWith('data/') ? 'update' : 'create';
    const verb = isList ? 'list' : method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : writing;
    const may = capabilities(policy, path);
    return may.includes('root') || may.includes(verb)
      ? engine.answer({ ...seen, path: rest })
      : denied('1 error occurred:\n\t* permission denied\n\n');
  }

  function administered(route: string, namespace: string, body: JsonObject): Reply {
    const [what, ...name] = route.split('/');
    const path = name.join('/');
    if (what === 'namespaces') namespaces.add(`${namespace}${path}/`);
    else if (what === 'mounts')
      engines.set(
        `${namespace}${path}/`,
        isObject(body['options']) && body['options']['version'] === '1' ? kv1() : kv2(),
      );
    else if (what === 'policies') {
      const lines = JSON.stringify(body['policy'])
        .replaceAll('\\"', '"')
        .matchAll(/path "([^"]*)" \{ capabilities = (\[[^\]]*\]) \}/g);
      policies.set(
        path,
        Object.fromEntries([...lines].map(([, each, can]) => [each, JSON.parse(can ?? '') as string[]])),
      );
    } else if (what === 'seal') return { status: 204 };
    else return noRoute(`sys/${route}`);
    return { status: 204 };
  }

  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://vault');
      const text = Buffer.concat(chunks).toString();
      const seen: Seen = {
        method: request.method ?? '',
        path: pathname.slice('/v1/'.length).split('/').map(decodeURIComponent).join('/'),
        query: searchParams,
        body: text === '' ? {} : (JSON.parse(text) as JsonObject),
        headers: request.headers,
      };
      const { status, body } = (await intercept(seen)) ?? tokenFor(seen) ?? answer(seen);
      response
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(body === undefined ? '' : JSON.stringify(body));
    })();
  });
  function tokenFor({ path, body, headers }: Seen): Reply | undefined {
    if (path !== 'auth/token/create' || headers['x-vault-token'] !== ROOT) return undefined;
    const client_token = `hvs.token-${String(tokens.size)}`;
    const [name = ''] = body['policies'] as readonly string[];
    tokens.set(client_token, policies.get(`acl/${name}`) ?? null);
    return { status: 200, body: { auth: { client_token } } };
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return vaultAt(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, ROOT);
}

/** The real one, where there is one; else the server above. */
export function someVault(): Promise<Vault> {
  const { OPENBAO_ADDR: address, OPENBAO_TOKEN: token = '' } = process.env;
  return address === undefined ? vaultServer() : Promise.resolve(vaultAt(address, token));
}

let named = 0;

function vaultAt(address: string, root: string): Vault {
  const admin: Vault['admin'] = async (path, body) => {
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${address}/v1/${path}`, { ...request, headers: { 'X-Vault-Token': root } });
    const text = await answer.text();
    const isThere = answer.status === 404 && text.includes('"metadata"');
    if (!answer.ok && !isThere) throw new Error(`${path}: ${String(answer.status)} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as JsonObject);
  };
  return {
    address,
    admin,
    token: async (policy) => {
      if (policy === undefined) return root;
      named += 1;
      const name = `vkeys-${String(Date.now())}-${String(named)}`;
      const line = ([path, can]: readonly [string, readonly string[]]) =>
        `path "${path}" { capabilities = ${JSON.stringify(can)} }`;
      await admin(`sys/policies/acl/${name}`, { policy: Object.entries(policy).map(line).join('\n') });
      const { auth } = await admin('auth/token/create', { policies: [name] });
      return (auth as { readonly client_token: string }).client_token;
    },
  };
}
