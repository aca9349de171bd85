import type { Server } from '../reconcile/ports.ts';
import { askOptional, deleteKeys, keyInfo, listKeys, updateKey } from './client.ts';
import { createKey, createMinted } from './create.ts';
import type { Connection } from './request.ts';
import { isObject, type Json } from '../json.ts';

/** The server as apply needs it. With `alias`, it lists only the keys of exactly that alias. */
export function serverOn(connection: Connection, alias?: string): Server {
  return {
    list: () => listKeys(connection, alias),
    create: (secret, body) => createKey(connection, secret, body),
    createMinted: (body) => createMinted(connection, body),
    info: (key_id) => keyInfo(connection, key_id),
    update: (key_id, patch) => updateKey(connection, key_id, patch),
    delete: (key_ids) => deleteKeys(connection, key_ids),
  };
}

/** What the server says of itself, without a key. `database`: `connected`, or its own words. */
export type Health = { readonly version: string | null; readonly database: string | null };

/**
 * Asks for the version where it is cheapest: `/health/readiness` has it up to 1.83.14, `/public/model_hub/info` from
 * 1.77.7 on. `null` where a server hides it.
 */
export async function readHealth(connection: Connection): Promise<Health> {
  const anonymous: Connection = { ...connection, secret: null };
  const readiness = (await askOptional(anonymous, '/health/readiness'))?.body ?? null;
  const version =
    textIn(readiness, 'litellm_version') ??
    textIn((await askOptional(anonymous, '/public/model_hub/info'))?.body ?? null, 'litellm_version');
  return { version, database: textIn(readiness, 'db') };
}

function textIn(body: Json, name: string): string | null {
  const value = isObject(body) ? body[name] : null;
  return typeof value === 'string' ? value : null;
}
