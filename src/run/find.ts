import { VkeysError } from '../base/errors.ts';
import { listKeys } from '../litellm/keys.ts';
import type { Connection } from '../litellm/http/request.ts';
import type { Live, Snapshot } from '../model/model.ts';
import { didYouMean } from '../base/suggest.ts';

export type Found = { readonly live: Live; readonly snapshot: Snapshot };

/** The one key with this alias. Throws `usage` when there is none, `refused` when there are several. */
export async function findKey(connection: Connection, alias: string): Promise<Found> {
  const snapshot = await listKeys(connection, alias);
  const [live, ...others] = snapshot.keys;
  if (live === undefined) throw await noKey(connection, alias);
  if (others.length === 0) return { live, snapshot };
  const hashes = snapshot.keys.map(
    ({ key_id, created_at }) => `${key_id} (made ${created_at ?? 'at an unknown time'})`,
  );
  throw new VkeysError(
    'refused',
    `There are ${String(hashes.length)} keys with the alias ${alias}: ${hashes.join(', ')}.`,
    'Delete the ones that nobody uses: vkeys delete --key-id HASH',
  );
}

async function noKey(connection: Connection, alias: string): Promise<VkeysError> {
  const { keys } = await listKeys(connection);
  const known = keys.flatMap(({ key_alias }) => (key_alias === null ? [] : [key_alias]));
  return new VkeysError(
    'usage',
    `There is no key with the alias ${alias}.${didYouMean(alias, known)}`,
    'See what there is: vkeys list',
  );
}
