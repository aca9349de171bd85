/**
 * Hand-outs that hold the secret of a key which is gone: deleted by a run that was cut before it took them back, or by
 * somebody else. They are known by the keyring's memory of where a secret was put, not by the spec of today.
 */
import type { Entry, KeyringState } from '../model/keyring.ts';
import type { Withdrawal } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Surveys } from '../model/survey.ts';

/** Milliseconds after which no server is still working on a creation. */
const OVER = 3_600_000;

export function withdrawalsOf(
  { surveys, keyring }: { readonly surveys: Surveys; readonly keyring: Pick<KeyringState, 'entries'> },
  only: (ref: Ref) => boolean,
): readonly Withdrawal[] {
  const keys = surveys.get('key');
  if (keys === undefined) return [];
  const live = new Set(keys.lives.map(({ id }) => id));
  return [...keyring.entries.values()]
    .filter(({ key_id, name, places }) => places.length > 0 && !live.has(key_id) && only({ kind: 'key', name }))
    .filter((entry) => entry.deleting || !mayStillCome(entry, keys.now))
    .map(({ key_id, name, places, apart }) => ({
      ref: { kind: 'key', name },
      key_id,
      places,
      ...(apart === true ? { apart } : {}),
    }));
}

/** Whether the creation of a key that is not there may still be under way at the server. */
export function mayStillCome({ pending, at }: Pick<Entry, 'pending' | 'at'>, now: Date): boolean {
  return pending && now.getTime() - Date.parse(at) < OVER;
}
