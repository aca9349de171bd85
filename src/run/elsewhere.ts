/**
 * Secrets of a set's keys that another of this user's keyrings has: an address is only a name for a server, so the same one
 * reached otherwise is known by its keys' hashes, and what is known of them is copied.
 */
import type { Entry, KeyringState, Line } from '../model/keyring.ts';
import type { Spec } from '../model/spec.ts';
import type { Surveys } from '../model/survey.ts';
import { VkeysError } from '../base/errors.ts';
import { findEntries, findJournals } from '../secrets/inventory.ts';
import { openKeyring } from '../secrets/keyring.ts';
import { keyringChoice, portsOf, type Opening } from './keyrings.ts';
import type { Context } from './open.ts';
import type { RunOptions } from './options.ts';

/**
 * The keyring with what other keyrings have of its set's keys, and the lines that it lacks. A key whose mark was wiped is the
 * set's where a keyring of a set of that name knows its hash.
 */
export async function borrow(
  { world, options }: Context<RunOptions>,
  { set, desired }: Pick<Spec, 'set' | 'desired'>,
  state: KeyringState,
  surveys: Surveys,
): Promise<{ readonly state: KeyringState; readonly borrowed: readonly Line[] }> {
  const names = new Set(desired.flatMap(({ ref, previously }) => [ref.name, ...previously]));
  const unknown = (surveys.get('key')?.lives ?? []).filter(
    ({ id, name, mark }) =>
      !state.entries.has(id) && (mark === null ? name !== null && names.has(name) : mark.set === set),
  );
  if (unknown.length === 0 || options.sandbox === true) return { state, borrowed: [] };
  const { roots, ...ports } = keyringChoice(world, options);
  const marked = new Set(unknown.flatMap(({ id, mark }) => (mark === null ? [] : id)));
  const { entries: kept } = await findEntries(
    roots,
    unknown.map(({ id }) => id),
    ports,
    (about, key_id) => about.set === set || marked.has(key_id),
  );
  /* Of two servers that have the key, the hand-outs are one's, and which of them this address is nobody knows. */
  const known = [...kept].map(([id, entry]): [string, Entry] => [
    id,
    entry.apart === true ? { ...entry, places: [] } : entry,
  ]);
  const entries = new Map([...state.entries, ...known]);
  return { state: { ...state, entries }, borrowed: known.flatMap(([, entry]) => linesOf(entry)) };
}

/**
 * Tells this user's other keyrings of keys that were deleted and seen gone, when the run's own are let go: the same key may be
 * known under another address, or to the set that had it before. What is still handed out from there is taken back by the next
 * run on that set. `deleted`: at which server, by `key_id`: another one may have a key with the same secret.
 */
export async function forgetElsewhere(
  { world, options }: Context<RunOptions>,
  deleted: ReadonlyMap<string, string>,
  opening: Opening,
): Promise<void> {
  if (deleted.size === 0 || options.sandbox === true) return;
  const choice = keyringChoice(world, options);
  try {
    for (const { path, about } of await findJournals(choice.roots, new Set(deleted.keys()), choice)) {
      const ports = await portsOf(world, choice, path, about.set, { ...opening, blind: true });
      const keyring = await openKeyring(path, about, ports);
      try {
        const known = [...keyring.state().entries.values()].filter(({ key_id, apart }) => {
          const server = deleted.get(key_id);
          return server !== undefined && (apart !== true || server === about.server);
        });
        await keyring.record(known.map(endOf));
      } finally {
        const problem = await keyring.close();
        if (problem !== null) opening.warning(problem);
      }
    }
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    opening.warning(error);
  }
}

function endOf({ key_id, places }: Entry): Line {
  return places.length > 0 ? { op: 'deleting', key_id } : { op: 'drop', key_id, why: 'deleted' };
}

function linesOf(entry: Entry): readonly Line[] {
  const { key_id, name, secret, at, created, pending, expires, places, sandbox, apart } = entry;
  return [
    { op: 'sandbox', id: sandbox },
    { op: 'mint', key_id, name, secret, at },
    ...(apart === true ? [{ op: 'apart' as const, key_id }] : []),
    ...places.map((place): Line => ({ op: 'placed', key_id, place })),
    ...(created ? [{ op: pending ? ('created' as const) : ('done' as const), key_id, expires }] : []),
  ];
}
