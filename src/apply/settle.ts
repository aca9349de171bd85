/**
 * What an earlier run left unfinished is settled before anything is planned.
 *
 * - A secret in the keyring whose key is not on the server is kept: its creation may still be under way there, so the
 *   next creation of that alias sends the same secret again.
 * - Two runs that create one alias at once both succeed. Of keys of one set under one alias the oldest stays (then the
 *   smallest hash), and each run takes away only the one that is its own.
 * - A key whose secret the server chose in an answer that was lost is of no use to anybody: it is taken away, and made again.
 */
import type { Desired, Live, Notice, Snapshot } from '../model/model.ts';
import { byAge } from '../plan/own.ts';
import type { Gone, Keyring, KeyringState, Line, Server } from './ports.ts';

export type Settled = { readonly snapshot: Snapshot; readonly notices: readonly Notice[] };

export async function settle(set: string, snapshot: Snapshot, server: Server, keyring: Keyring): Promise<Settled> {
  const { entries, asked } = keyring.state();
  const isLost = ({ mark }: Live): boolean => mark?.set === set && mark.mint !== undefined && asked.has(mark.mint);
  const lost = snapshot.keys.filter(isLost);
  const found = new Set(lost.map(({ mark }) => mark?.mint));
  const losers = losersOf(
    set,
    snapshot.keys.filter((key) => !isLost(key)),
  ).filter(({ key_id }) => entries.has(key_id));
  const gone = new Set([...losers, ...lost].map(({ key_id }) => key_id));
  if (gone.size > 0) await server.delete([...gone]);
  await keyring.record([
    /* One that was handed out is taken back with the others that are gone, see `forsakenOf`. */
    ...losers
      .filter(({ key_id }) => entries.get(key_id)?.pending === true)
      .map(({ key_id }): Line => ({ op: 'drop', key_id })),
    ...[...asked.keys()].filter((mint) => found.has(mint)).map((mint): Line => ({ op: 'answered', mint })),
  ]);
  return {
    snapshot: { ...snapshot, keys: snapshot.keys.filter(({ key_id }) => !gone.has(key_id)) },
    notices: [...losers.map(raceNotice), ...lost.map(lostNotice)],
  };
}

/** After so long no server is still working on a creation, in milliseconds. */
const OVER = 3_600_000;

/**
 * Keys that are gone from the server and not wanted (any more), or replaced by another under their alias, and whose
 * secrets are still here: the run that deleted them was cut before it took them out of the hand-outs.
 */
export function forsakenOf(
  desired: readonly Desired[],
  { keys, now, complete }: Snapshot,
  { entries }: KeyringState,
): readonly Gone[] {
  if (!complete) return [];
  const live = new Set(keys.map(({ key_id }) => key_id));
  const held = new Set(keys.map(({ key_alias }) => key_alias));
  const byAlias = new Map(desired.map((wanted) => [wanted.key_alias, wanted]));
  return [...entries.values()].flatMap(({ key_id, key_alias, pending, at, secret }): readonly Gone[] => {
    const wanted = byAlias.get(key_alias) ?? null;
    const mayStillCome = pending && now.getTime() - Date.parse(at) < OVER;
    const isMissing = wanted?.state === 'present' && !held.has(key_alias);
    if (live.has(key_id) || isMissing || mayStillCome) return [];
    return [{ key_alias, key_id, desired: wanted, secret }];
  });
}

/** Keys of the set that have an older one of the set under the same alias. */
export function losersOf(set: string, keys: readonly Live[]): readonly Live[] {
  const first = new Map<string | null, Live>();
  const losers: Live[] = [];
  for (const key of keys.filter(({ mark, key_alias }) => mark?.set === set && key_alias !== null).toSorted(byAge)) {
    if (first.has(key.key_alias)) losers.push(key);
    else first.set(key.key_alias, key);
  }
  return losers;
}

export function raceNotice({ key_alias, key_id }: Live): Notice {
  return {
    code: 'race',
    key_alias,
    message: `Another run made this key at the same time. The older one stays; ours (${key_id}) was taken away again.`,
    hint: 'Its secret is with the run that made it: see the keyring and the deliveries there.',
  };
}

function lostNotice({ key_alias, key_id }: Live): Notice {
  return {
    code: 'race',
    key_alias,
    message: `The server chose this key's secret and the answer was lost, so nobody knows it: the key (${key_id}) was taken away.`,
    hint: null,
  };
}
