/** The keys of a spec as the keyring has them: enough to hand them out, without the server. */
import type { Entry, KeyringState } from '../model/keyring.ts';
import type { Desired, Live } from '../model/resource.ts';

export type KeptKey = { readonly desired: Desired; readonly entry: Entry; readonly live: Live };

/** `lacking`: wanted keys of which the keyring knows none that was made. */
export type KeptKeys = { readonly kept: readonly KeptKey[]; readonly lacking: readonly Desired[] };

export function keptKeys(all: readonly Desired[], { entries }: KeyringState): KeptKeys {
  const wanted = all.filter(({ ref, state }) => ref.kind === 'key' && state === 'present');
  const byName = new Map<string, Entry>();
  for (const entry of entries.values()) {
    const other = byName.get(entry.name);
    if (!isThere(entry) || (other !== undefined && other.at > entry.at)) continue;
    byName.set(entry.name, entry);
  }
  const kept = wanted.flatMap((desired): readonly KeptKey[] => {
    const [entry] = [desired.ref.name, ...desired.previously].flatMap((name) => byName.get(name) ?? []);
    return entry === undefined ? [] : [{ desired, entry, live: liveOf(desired, entry) }];
  });
  const found = new Set(kept.map(({ desired }) => desired));
  return { kept, lacking: wanted.filter((desired) => !found.has(desired)) };
}

function isThere({ created, deleting, gone, replaced }: Entry): boolean {
  return created && !deleting && !replaced && gone === null;
}

/** What the server is not asked for is as the spec wants it. */
function liveOf({ ref, settings }: Desired, { key_id, at, expires }: Entry): Live {
  return {
    kind: 'key',
    id: key_id,
    name: ref.name,
    key_name: null,
    settings,
    metadata: {},
    mark: null,
    created_at: at,
    expires,
    budget_reset_at: null,
    spend: 0,
    extra: {},
  };
}
