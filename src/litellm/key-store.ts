import type { Server } from '../apply/ports.ts';
import { deleteKeys, keyInfo, listKeys, updateKey } from './keys.ts';
import { createKey, createMinted } from './create-once.ts';
import type { Connection } from './http/request.ts';

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
