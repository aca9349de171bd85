/**
 * Who a live key belongs to. A key is the spec's own when it carries the mark of the spec's set; everything else is
 * foreign and is never updated, pruned or deleted by a spec. This is settled here, before the diff, so that the diff
 * never sees a foreign key.
 */
import type { Desired, Live, Notice } from '../model/model.ts';

/** What the server has under one wanted alias. */
export type Match = {
  readonly desired: Desired;
  readonly found: 'none' | 'own' | 'foreign' | 'duplicate';
  /** Oldest first. */
  readonly lives: readonly Live[];
};

export type Ownership = {
  readonly matches: readonly Match[];
  /** Own keys that the spec does not mention. */
  readonly orphans: readonly Live[];
  /** How many keys the set has on the server. */
  readonly size: number;
};

/** Aliases are compared exactly: they are case-sensitive, whatever a server's filters do. */
export function own(set: string, desired: readonly Desired[], keys: readonly Live[]): Ownership {
  const byAlias = new Map<string, Live[]>();
  for (const key of keys) {
    if (key.key_alias === null) continue;
    const same = byAlias.get(key.key_alias);
    if (same === undefined) byAlias.set(key.key_alias, [key]);
    else same.push(key);
  }
  const matches = desired.map((wanted): Match => {
    const lives = (byAlias.get(wanted.key_alias) ?? []).toSorted(byAge);
    return { desired: wanted, lives, found: foundFor(set, lives) };
  });
  const wanted = new Set(desired.map(({ key_alias }) => key_alias));
  const owned = keys.filter(({ mark }) => mark?.set === set);
  return {
    matches,
    orphans: owned.filter(({ key_alias }) => key_alias === null || !wanted.has(key_alias)).toSorted(byAge),
    size: owned.length,
  };
}

function foundFor(set: string, lives: readonly Live[]): Match['found'] {
  const [first] = lives;
  if (first === undefined) return 'none';
  if (lives.length > 1) return 'duplicate';
  return first.mark?.set === set ? 'own' : 'foreign';
}

/** Of two keys under one alias the older is the one that stays, then the one with the smaller hash: every run decides alike. */
export function byAge(a: Live, b: Live): number {
  const [x, y] = [a.created_at ?? '', b.created_at ?? ''];
  if (x !== y) return x < y ? -1 : 1;
  return a.key_id < b.key_id ? -1 : 1;
}

export function foreignNotice({ desired: { key_alias }, lives }: Match, hint: string): Notice {
  const owner = lives[0]?.mark?.set;
  const whose = owner === undefined ? 'was not made by vkeys' : `belongs to the set ${owner}`;
  return { code: 'foreign', key_alias, message: `A key with this alias is there and ${whose}.`, hint };
}

export function duplicateNotice({ desired: { key_alias }, lives }: Match): Notice {
  const rows = lives.map((live) => `${live.key_id} (made ${live.created_at ?? 'at an unknown time'})`);
  const message = `The server has ${String(lives.length)} keys with this alias: ${rows.join(', ')}.`;
  return {
    code: 'duplicate',
    key_alias,
    message,
    hint: 'Delete the ones that nobody uses: `vkeys delete --key-id HASH`.',
  };
}
