/**
 * The engine KV, version 2: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2. A secret is a row of versions;
 * who writes says on which version it builds (`cas`), so that nobody writes over what another wrote meanwhile.
 */
import { VkeysError } from '../../base/errors.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { forbidden, memberOf, noEngine, refusal, type Answer, type Need } from './answer.ts';
import { doorTo, type At, type Door } from './at.ts';
import type { Session } from './session.ts';

/** `data`: `null` where it was deleted, or never there. `version`: 0 where there never was one. */
export type Version = { readonly version: number; readonly data: JsonObject | null };

/** All throw `delivery`. */
export type Kv = {
  read(at: At, version?: number): Promise<Version>;
  /** A new version on top of `version`; `false`: that is not the newest any more. */
  write(at: At, data: JsonObject, version: number): Promise<boolean>;
  /** `delete` can be undone, `destroy` cannot. */
  take(at: At, door: 'delete' | 'destroy', versions: readonly number[]): Promise<void>;
  /** The versions that are not destroyed. */
  versions(at: At): Promise<readonly number[]>;
  /** What is in a folder, `name` or `name/`; nothing where the token may not list it. */
  names(at: At): Promise<readonly string[]>;
  /** Throws where another engine is there, or none. */
  assertEngine(at: At): Promise<void>;
  /** Throws where the token may not write. */
  assertMay(at: At, capability: 'create' | 'update'): Promise<void>;
};

/** What is needed to hand out and to take back. */
const WRITING = ['create', 'read', 'update'];

export function kvOver({ call, namespace }: Session): Kv {
  /** As a policy calls it: for all of the folder. */
  const need = (at: At, door: Door, todo: string, capabilities: readonly string[]): Need => {
    const path = doorTo(at, door).slice(namespace.length);
    return { todo, path: path.replace(/[^/]*$/, '*'), capabilities };
  };
  const engines = new Map<string, Promise<void>>();
  return {
    read: async (at, version) => {
      const query = version === undefined ? '' : `?version=${String(version)}`;
      const answer = await call({ path: doorTo(at, 'data'), query });
      return readIn(answer) ?? fail(answer, need(at, 'data', 'read it', WRITING));
    },
    write: async (at, data, version) => {
      const answer = await call({ path: doorTo(at, 'data'), body: { data, options: { cas: version } } });
      if (answer.status === 200) return true;
      if (answer.status === 400 && answer.errors.some((error) => /check-and-set .*not match/.test(error))) return false;
      return fail(answer, need(at, 'data', 'write it', WRITING));
    },
    take: async (at, door, versions) => {
      const answer = await call({ path: doorTo(at, door), body: { versions } });
      if (answer.status < 200 || answer.status > 299)
        fail(answer, need(at, door, `${door} versions of it`, ['update']));
    },
    versions: async (at) => {
      const answer = await call({ path: doorTo(at, 'metadata') });
      if (answer.status === 404) return [];
      const versions = memberOf(answer.body['data'], 'versions');
      if (!isObject(versions)) return fail(answer, need(at, 'metadata', 'read its versions', ['read', 'list']));
      return Object.entries(versions).flatMap(([version, about]) =>
        memberOf(about, 'destroyed') === true ? [] : [Number(version)],
      );
    },
    names: async (at) => {
      const answer = await call({ path: doorTo(at, 'metadata'), query: '?list=true' });
      const names = memberOf(answer.body['data'], 'keys');
      return isList(names) ? names.flatMap((name) => (typeof name === 'string' ? [name] : [])) : [];
    },
    assertEngine: (at) => {
      const asked = engines.get(at.mount) ?? assertVersion2(at, namespace, call);
      engines.set(at.mount, asked);
      return asked;
    },
    assertMay: async (at, capability) => {
      const path = doorTo(at, 'data').slice(namespace.length);
      const answer = await call({ path: `${namespace}sys/capabilities-self`, body: { paths: [path] } });
      const may = memberOf(answer.body['data'], path) ?? answer.body[path];
      if (!isList(may) || may.includes('root') || may.includes(capability)) return;
      const { path: folder } = need(at, 'data', '', WRITING);
      throw forbidden(`${capability} it`, folder, WRITING);
    },
  };
}

function fail(answer: Answer, need: Need): never {
  throw refusal(answer, need);
}

/** A version that is deleted is answered with 404, and told of all the same; `null`: this is something else. */
function readIn({ status, body, errors }: Answer): Version | null {
  const data = memberOf(body['data'], 'data');
  const version = memberOf(memberOf(body['data'], 'metadata'), 'version');
  if (status === 200 && isObject(data) && typeof version === 'number') return { version, data };
  if (status !== 404 || errors.length > 0) return null;
  return { version: typeof version === 'number' ? version : 0, data: null };
}

/**
 * The program `vault` asks the same before it reads or writes: version 1 would answer, and keep what is written under another
 * name. A server that does not know the question is asked nothing.
 */
async function assertVersion2({ mount }: At, namespace: string, call: Session['call']): Promise<void> {
  const own = mount.slice(namespace.length);
  const answer = await call({ path: `${namespace}sys/internal/ui/mounts/${own}` });
  if (answer.status === 403 && answer.errors.some((error) => error.startsWith('preflight'))) throw noEngine(`${own}/`);
  if (![200, 404].includes(answer.status))
    fail(answer, { todo: `see what is at ${own}/`, path: `${own}/data/*`, capabilities: WRITING });
  if (answer.status === 404 && answer.errors.length > 0) throw noEngine(`${mount}/`);
  const type = memberOf(answer.body['data'], 'type');
  const version = memberOf(memberOf(answer.body['data'], 'options'), 'version');
  if (answer.status === 404 || (type === 'kv' && version === '2')) return;
  if (typeof type !== 'string') {
    const hint = 'Check VAULT_ADDR, or the address in the spec: it is not that of an interface or a gateway.';
    throw new VkeysError('delivery', 'What answers here is no Vault.', hint);
  }
  const what = type === 'kv' || type === 'generic' ? 'version 1 of KV, which has no versions' : `the engine ${type}`;
  throw new VkeysError(
    'delivery',
    `At ${own}/ Vault has ${what}.`,
    `Choose a mount of KV version 2 (\`vault secrets list -detailed\`), or upgrade this one: vault kv enable-versioning ${own}/`,
  );
}
