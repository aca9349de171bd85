import type { Store } from '../apply/ports.ts';
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Live } from '../model/resource.ts';
import { createKey, createMinted } from './create-key.ts';
import type { Connection } from './http/request.ts';
import { undone } from './http/request-error.ts';
import { deleteKeys, keyInfo, updateKey } from './keys.ts';
import { surveyKeys, type Detail } from './survey.ts';

/** Without these a row that was read back would seem to have lost what it was given. */
const ALWAYS: ReadonlySet<string> = new Set(['object_permission']);

/** The keys of a server. `look`: what the specs of the run manage; `seen`: keys that were seen there before. */
export function keyStore(connection: Connection, look: Partial<Detail> = {}, seen: readonly Live[] = []): Store<'key'> {
  const { fields = ALWAYS, columns = [] } = look;
  /* What this run has seen or made it can tell apart later on. */
  const masks = new Map<string, string>();
  const remember = (lives: readonly Live[]): void => {
    for (const { id, key_name } of lives) if (key_name !== null) masks.set(id, key_name);
  };
  remember(seen);
  return {
    kind: 'key',
    survey: async (wanted) => {
      const known = wanted.masks === undefined ? masks : new Map([...wanted.masks, ...masks]);
      const survey = await surveyKeys(connection, { ...wanted, masks: known }, { fields, columns });
      remember(survey.lives);
      return survey;
    },
    get: (id) => keyInfo(connection, id, columns),
    create: async (body, secret) => {
      const landed = secret === null ? await createMinted(connection, body) : await createKey(connection, secret, body);
      if (landed.is !== 'done') return landed;
      const { value: made } = landed;
      masks.set(made.hash(), maskOf(made));
      return { is: 'done', value: { id: made.hash(), secret: made } };
    },
    update: async (id, body) => {
      try {
        return { is: 'done', value: await updateKey(connection, id, body, columns) };
      } catch (error) {
        if (error instanceof VkeysError) return undone(error);
        throw error;
      }
    },
    remove: (ids) => deleteKeys(connection, ids),
  };
}

/** What every version calls a key in its rows: its `key_name`. */
export function maskOf(secret: Secret): string {
  return `sk-...${secret.reveal().slice(-4)}`;
}
