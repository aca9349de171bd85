/** The account of sets that came to their end: who had what, used what, and that nothing is left. Without secrets. */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { snapshotIn, type KeyFigures } from './snapshot.ts';
import { totalOf } from './usage-sum.ts';
import type { Figures } from './usage.ts';

/**
 * That a key is dead. `refused`: its server answered 401 to the key itself. `gone`: the server does not have it; its secret is not
 * known here. `doubtful`: neither was seen. `null`: nobody asked yet.
 */
export const PROOFS = ['refused', 'gone', 'doubtful'] as const;
export type Proof = (typeof PROOFS)[number];

/** One key. `user`: the roster's; `places`: where it was handed out. */
export type AccountKey = KeyFigures & {
  readonly user: string | null;
  readonly models: readonly string[];
  readonly places: readonly string[];
  readonly proof: Proof | null;
};

/** Something that was to go and is there. */
export type Left = { readonly what: 'key' | 'place'; readonly name: string };

/** `state`: `open` until all is deleted and looked at. `read_at`: when the figures were read; `since`, `source`: see `Snapshot`. */
export type Account = {
  readonly version: 1;
  readonly state: 'open' | 'closed';
  readonly sets: readonly string[];
  readonly url: string;
  readonly read_at: string;
  readonly closed_at: string | null;
  readonly since: string;
  readonly source: string;
  readonly keys: readonly AccountKey[];
  readonly left: readonly Left[];
  /** What could not be told, in words. */
  readonly gaps: readonly string[];
};

/** Whether all is deleted, nothing is left, and no key may still work. */
export function isOver({ state, left, keys }: Account): boolean {
  return state === 'closed' && left.length === 0 && keys.every(({ proof }) => proof !== 'doubtful');
}

/** What a key spent in all, as far as its server tells. */
export function spentBy({ spend, total_spend }: KeyFigures): number {
  return total_spend ?? spend;
}

/** What all of it came to. */
export function accountTotal({ keys }: Pick<Account, 'keys'>): Figures {
  return totalOf(keys.map((key) => ({ ...key.used, spend: spentBy(key) })));
}

/** Keys of which the server's own figure and what it counted of their calls are not the same. */
export function differencesIn({ keys, since }: Pick<Account, 'keys' | 'since'>): readonly AccountKey[] {
  return keys.filter((key) => {
    const isWhole = key.total_spend !== null || key.budget_reset_at === null;
    const isCounted = key.created_at !== null && key.created_at.slice(0, 10) >= since;
    return isWhole && isCounted && Math.abs(spentBy(key) - key.used.spend) > 1e-6;
  });
}

/** The account with these keys; those that an earlier run read, and that are not there any more, stay as it read them. */
export function withKeys(earlier: Account | null, later: Account): Account {
  const now = new Set(later.keys.map(({ key_id }) => key_id));
  const gone = (earlier?.keys ?? []).filter(({ key_id }) => !now.has(key_id));
  const since = [later.since, ...(earlier === null ? [] : [earlier.since])].toSorted()[0] ?? later.since;
  const gaps = [...new Set([...(earlier?.gaps ?? []), ...later.gaps])];
  return { ...later, since, gaps, keys: inOrder([...gone, ...later.keys]) };
}

function inOrder(keys: readonly AccountKey[]): readonly AccountKey[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return keys.toSorted(
    (a, b) =>
      collator.compare(a.set ?? '', b.set ?? '') || collator.compare(a.key_alias ?? a.key_id, b.key_alias ?? b.key_id),
  );
}

/** Reads one from JSON; `null`: it is none. */
export function accountIn(json: Json | undefined): Account | null {
  if (!isObject(json)) return null;
  const { state, sets, read_at, closed_at = null, keys } = json;
  const figures = snapshotIn({ ...json, at: read_at ?? null });
  if (figures === null || !isList(sets) || !isList(keys) || (state !== 'open' && state !== 'closed')) return null;
  const { at, url, since, source } = figures;
  const rows = keys.filter(isObject);
  return {
    version: 1,
    state,
    sets: textsIn(sets),
    url,
    read_at: at,
    closed_at: typeof closed_at === 'string' ? closed_at : null,
    since,
    source,
    keys: figures.keys.map((key, index) => ({ ...key, ...ofAccount(rows[index] ?? {}) })),
    left: isList(json['left']) ? json['left'].flatMap(leftIn) : [],
    gaps: textsIn(json['gaps']),
  };
}

function ofAccount({
  user,
  models,
  places,
  proof,
}: JsonObject): Pick<AccountKey, 'user' | 'models' | 'places' | 'proof'> {
  return {
    user: typeof user === 'string' ? user : null,
    models: textsIn(models),
    places: textsIn(places),
    proof: PROOFS.find((known) => known === proof) ?? null,
  };
}

function leftIn(json: Json): readonly Left[] {
  if (!isObject(json) || typeof json['name'] !== 'string') return [];
  return [{ what: json['what'] === 'place' ? 'place' : 'key', name: json['name'] }];
}

function textsIn(json: Json | undefined): readonly string[] {
  return isList(json) ? json.filter((each) => typeof each === 'string') : [];
}
