/**
 * An API server in memory, for what a real one cannot be made to do: be slow, busy or cut at a chosen request. It knows of
 * server-side apply as much as the tests ask for, which `test/contract/kubernetes-secrets.test.ts` asks a real one, too.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type JsonObject } from '../../src/base/json.ts';
import type { Deliverer } from '../../src/apply/ports.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { HttpAnswer, HttpRequest, SinkPorts } from '../../src/deliver/sink.ts';
import type { Delivery, KubernetesDelivery } from '../../src/model/delivery.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { folder, HOST, sinkPorts, TO } from './handouts.ts';

type Field = { value: string; owners: Set<string> };
/** By `data/NAME`, `labels/NAME`, `annotations/NAME`. */
type Stored = { version: number; fields: Map<string, Field> };

/** What becomes of a request, of which there were `count` before: `null` is what should. */
export type Fate = (request: HttpRequest, count: number) => HttpAnswer | 'lost before' | 'lost after' | null;

export type Server = {
  readonly url: string;
  readonly secrets: Map<string, Stored>;
  readonly requests: HttpRequest[];
  fate: Fate;
  readonly ports: Pick<SinkPorts, 'connect' | 'env'>;
  /** What a Secret holds, decoded. */
  data(path: string): Readonly<Record<string, string>> | null;
  /** Another program's change. */
  edit(path: string, manager: string, data: Readonly<Record<string, string | null>>): void;
};

const MEMBERS = ['data', 'labels', 'annotations'] as const;
const URL = 'https://cluster.example.com:6443';

export async function makeServer(): Promise<Server> {
  const config = join(await folder(), 'config');
  const [cluster, user] = [{ server: URL }, { token: 'a-token' }];
  const context = { cluster: 'lab', user: 'ada', namespace: 'labs' };
  const kubeconfig = {
    clusters: [{ name: 'lab', cluster }],
    users: [{ name: 'ada', user }],
    contexts: [{ name: 'lab', context }],
    'current-context': 'lab',
  };
  await writeFile(config, JSON.stringify(kubeconfig));
  const secrets = new Map<string, Stored>();
  const requests: HttpRequest[] = [];
  const server: Server = {
    url: URL,
    secrets,
    requests,
    fate: () => null,
    ports: {
      env: { KUBECONFIG: config },
      connect: () => (request) => {
        const fate = server.fate(request, requests.push(request) - 1);
        const cut = new VkeysError('delivery', `${URL} was cut off.`, 'Raise --timeout.');
        if (fate === 'lost before') return Promise.reject(cut);
        if (fate !== null && fate !== 'lost after') return Promise.resolve(fate);
        const done = answer(secrets, request);
        return fate === null ? Promise.resolve(done) : Promise.reject(cut);
      },
    },
    data: (path) => {
      const stored = secrets.get(path);
      if (stored === undefined) return null;
      const data = [...stored.fields].flatMap(([name, { value }]) =>
        name.startsWith('data/') ? [[name.slice(5), Buffer.from(value, 'base64').toString()]] : [],
      );
      return Object.fromEntries(data);
    },
    edit: (path, manager, data) => {
      const stored = secrets.get(path) ?? { version: 1, fields: new Map<string, Field>() };
      for (const [name, value] of Object.entries(data)) {
        if (value === null) stored.fields.delete(`data/${name}`);
        else
          stored.fields.set(`data/${name}`, {
            value: Buffer.from(value).toString('base64'),
            owners: new Set([manager]),
          });
      }
      stored.version += 1;
      secrets.set(path, stored);
    },
  };
  return server;
}

export function status(code: number, body: JsonObject = {}): HttpAnswer {
  return { status: code, text: JSON.stringify({ kind: 'Status', code, ...body }) };
}

function answer(secrets: Map<string, Stored>, { method, url, headers, body = '{}' }: HttpRequest): HttpAnswer {
  const { pathname, searchParams } = new globalThis.URL(url);
  const sent = JSON.parse(body) as JsonObject;
  const stored = secrets.get(pathname);
  if (method === 'GET') return stored === undefined ? status(404) : { status: 200, text: textOf(pathname, stored) };
  const metadata = isObject(sent['metadata']) ? sent['metadata'] : {};
  const conditions = isObject(sent['preconditions']) ? sent['preconditions'] : metadata;
  const version = conditions['resourceVersion'];
  if (stored !== undefined && version !== undefined && version !== String(stored.version))
    return status(409, { reason: 'Conflict' });
  if (method === 'DELETE') {
    secrets.delete(pathname);
    return status(200);
  }
  const fields = [...(stored?.fields ?? [])].map(
    ([name, { value, owners }]) => [name, { value, owners: new Set(owners) }] as const,
  );
  const next: Stored = { version: (stored?.version ?? 1) + 1, fields: new Map(fields) };
  const wanted = new Map<string, string>(
    MEMBERS.flatMap((member) => {
      const values = member === 'data' ? sent['data'] : metadata[member];
      return Object.entries(isObject(values) ? values : {}).map(
        ([name, value]) => [`${member}/${name}`, typeof value === 'string' ? value : ''] as const,
      );
    }),
  );
  if (headers['content-type'] === 'application/merge-patch+json') {
    for (const name of wanted.keys()) next.fields.delete(name);
  } else {
    const manager = searchParams.get('fieldManager') ?? '';
    for (const [name, { value, owners }] of next.fields) {
      if (
        wanted.has(name) &&
        wanted.get(name) !== value &&
        !owners.has(manager) &&
        searchParams.get('force') !== 'true'
      ) {
        const field = name.replace('/', '.');
        const causes = [
          { reason: 'FieldManagerConflict', field: `.${field}`, message: `conflict with "${[...owners].join()}"` },
        ];
        return status(409, { details: { causes } });
      }
      if (!wanted.has(name) && owners.delete(manager) && owners.size === 0) next.fields.delete(name);
    }
    for (const [name, value] of wanted) {
      const before = next.fields.get(name);
      const others = before?.value === value ? before.owners : [];
      next.fields.set(name, { value, owners: new Set([...others, manager]) });
    }
  }
  if (searchParams.get('dryRun') === null) secrets.set(pathname, next);
  return { status: 200, text: textOf(pathname, next) };
}

function textOf(pathname: string, { version, fields }: Stored): string {
  const [, namespace, name] = /namespaces\/([^/]+)\/secrets\/(.+)$/.exec(pathname) ?? [];
  const of = (member: string): JsonObject =>
    Object.fromEntries(
      [...fields].flatMap(([path, { value }]) =>
        path.startsWith(`${member}/`) ? [[path.slice(member.length + 1), value]] : [],
      ),
    );
  const owned = (manager: string, member: string): JsonObject =>
    Object.fromEntries(
      [...fields].flatMap(([path, { owners }]) =>
        owners.has(manager) && path.startsWith(`${member}/`) ? [[`f:${path.slice(member.length + 1)}`, {}]] : [],
      ),
    );
  const managers = new Set([...fields.values()].flatMap(({ owners }) => [...owners]));
  const managedFields = [...managers].map((manager) => ({
    manager,
    operation: 'Apply',
    fieldsV1: {
      'f:data': owned(manager, 'data'),
      'f:metadata': { 'f:labels': owned(manager, 'labels'), 'f:annotations': owned(manager, 'annotations') },
    },
  }));
  const metadata = {
    name,
    namespace,
    resourceVersion: String(version),
    labels: of('labels'),
    annotations: of('annotations'),
  };
  return JSON.stringify({ kind: 'Secret', type: 'Opaque', metadata: { ...metadata, managedFields }, data: of('data') });
}

export function secret(name: string, more: Partial<KubernetesDelivery> = {}): Delivery {
  const variables = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };
  return { to: 'kubernetes', path: `kubernetes:${name}`, name, variables, ...more };
}

/** A machine that reaches the server. */
export function delivererAt(
  { ports }: Pick<Server, 'ports'>,
  deliveries: readonly Delivery[],
  more: Partial<SinkPorts> = {},
): Deliverer {
  const addressed = deliveries.map((delivery) => ({ delivery, to: TO }));
  return makeDeliverer('lab', addressed, { host: HOST, files: [] }, sinkPorts({ ...ports, ...more }));
}
