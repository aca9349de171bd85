/** What the bare load generator sends: the same bodies that vkeys sends for the same spec. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textOf, type JsonObject } from '../../src/base/json.ts';
import { KEY } from '../../src/kinds/key.ts';
import { Secret } from '../../src/base/secret.ts';
import { loadSpecs } from '../../src/spec/load.ts';
import { succeed } from './process.ts';
import type { Place } from './place.ts';

export type LoadRequest = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: JsonObject };
export type Load = { readonly url: string; readonly concurrency: number; readonly requests: readonly LoadRequest[] };

const BARE = fileURLToPath(new URL('bare.js', import.meta.url));

/** Milliseconds of the whole process. */
export async function sendBare(place: Place, concurrency: number, requests: readonly LoadRequest[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-bench-'));
  try {
    const file = join(folder, 'load.json');
    const load: Load = { url: place.url, concurrency, requests };
    writeFileSync(file, JSON.stringify(load), { mode: 0o600 });
    const { milliseconds } = await succeed({ argv: [BARE, file], env: { LITELLM_MASTER_KEY: place.masterKey } });
    return milliseconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The requests of a key's life, for all keys of a spec's text. */
export type Life = Readonly<Record<'create' | 'change' | 'rotate' | 'delete', readonly LoadRequest[]>>;

export async function bareLife(spec: string, tag: string): Promise<Life> {
  const { specs } = await loadSpecs(['-'], { cwd: tmpdir(), env: {}, readStdin: () => Promise.resolve(spec) });
  const wanted = specs.flatMap(({ set, desired }) => desired.map((one) => ({ set, one })));
  const keys = wanted.map(({ set, one }, index) => {
    const secret = new Secret(`sk-${tag}-${String(index).padStart(32, '0')}`);
    return {
      key: secret.reveal(),
      key_id: secret.hash(),
      body: KEY.make(one, { set, name: one.ref.name }, new Date()),
    };
  });
  const fresh = keys.map(({ key_id: old, body }, index) => {
    const secret = new Secret(`sk-${tag}-new-${String(index).padStart(28, '0')}`);
    return { key: secret.reveal(), key_id: secret.hash(), name: textOf(body['key_alias']), body, old };
  });
  const rename = (key: string, key_alias: string, more: JsonObject = {}): LoadRequest => {
    return { method: 'POST', path: '/key/update', body: { key, key_alias, ...more } };
  };
  const all = [...keys, ...fresh];
  const batches = Array.from({ length: Math.ceil(all.length / 200) }, (_, at) => all.slice(at * 200, at * 200 + 200));
  return {
    create: keys.map(({ key, body }) => ({ method: 'POST', path: '/key/generate', body: { ...body, key } })),
    change: keys.map(({ key_id }) => ({ method: 'POST', path: '/key/update', body: { key: key_id, max_budget: 7 } })),
    /* Of each key the new one, a look with it, and the two names. */
    rotate: [
      ...fresh.map(({ key, name, body }): LoadRequest => {
        return { method: 'POST', path: '/key/generate', body: { ...body, key, key_alias: `${name}~new` } };
      }),
      ...fresh.map((): LoadRequest => ({ method: 'GET', path: '/v1/models' })),
      ...fresh.map(({ name, old }) => rename(old, `${name}~old`, { duration: '1h' })),
      ...fresh.map(({ name, key_id }) => rename(key_id, name)),
    ],
    delete: batches.map((batch) => ({
      method: 'POST',
      path: '/key/delete',
      body: { keys: batch.map(({ key_id }) => key_id) },
    })),
  };
}
