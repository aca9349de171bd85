/** Keys as users of the LiteLLM operator know them from the status of a VirtualKey. */
import type { JsonObject } from '../base/json.ts';
import { isDeletion } from '../model/change.ts';
import type { Outcome } from '../model/outcome.ts';
import { secretRef } from '../model/place.ts';
import type { Live } from '../model/resource.ts';
import { statusOf } from '../model/status.ts';
import type { ListView } from './list.ts';
import { KEYS } from './row.ts';

/** `keySecretRef`: see `secretRef`. */
export const STATUS_NAMES = ['keyAlias', 'currentSpend', 'isActive', 'expiryDate', 'keySecretRef'] as const;

export function liveStatus(live: Live, now: Date, keySecretRef: string | null): JsonObject {
  return {
    keyAlias: live.name,
    currentSpend: live.spend,
    isActive: ['active', 'retiring'].includes(statusOf(live, now)),
    expiryDate: live.expires,
    keySecretRef,
  };
}

/** Of a key that was deleted, or could not be made, too: it is not active. */
export function outcomeStatus({ change, live, places }: Outcome, now: Date): JsonObject {
  const { name: keyAlias } = change.ref;
  const known = live ?? change.live;
  const gone = { keyAlias, currentSpend: 0, isActive: false, expiryDate: null, keySecretRef: null };
  if (known === null) return gone;
  const status = liveStatus(known, now, secretRef(places));
  return { ...status, keyAlias, ...(live === null && isDeletion(change) ? { isActive: false } : {}) };
}

/** A list of keys that can be sorted by what any list of keys can be. `refs`: see `secretRef`, by `key_id`. */
export function statusList(refs: ReadonlyMap<string, string>): ListView {
  return {
    ...KEYS,
    columns: [...KEYS.columns, ...STATUS_NAMES],
    row: (live, now) => ({ ...KEYS.row(live, now), ...liveStatus(live, now, refs.get(live.id) ?? null) }),
  };
}
