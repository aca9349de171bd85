import { VkeysError } from '../errors.ts';
import type { Live, Snapshot } from '../reconcile/model.ts';
import { didYouMean } from '../suggest.ts';

/** The one key with this alias. Throws `refused` when there are several, `usage` when there is none. */
export function theKey(alias: string, { keys }: Snapshot): Live {
  const found = keys.filter(({ key_alias }) => key_alias === alias);
  const [live] = found;
  if (live === undefined) {
    const known = keys.flatMap(({ key_alias }) => (key_alias === null ? [] : [key_alias]));
    throw new VkeysError(
      'usage',
      `There is no key with the alias ${alias}.${didYouMean(alias, known)}`,
      'See what there is: vkeys list',
    );
  }
  if (found.length === 1) return live;
  const hashes = found.map(({ key_id, created_at }) => `${key_id} (made ${created_at ?? 'at an unknown time'})`);
  throw new VkeysError(
    'refused',
    `There are ${String(found.length)} keys with the alias ${alias}: ${hashes.join(', ')}.`,
    'Delete the ones that nobody uses: vkeys delete --key-id HASH',
  );
}
