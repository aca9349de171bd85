/**
 * Secrets of a set's keys that another of this user's keyrings has: an address is only a name for a server, so the same one
 * reached otherwise is known by its keys' hashes, and what is known of them is copied.
 */
import type { Entry, KeyringState, Line } from '../model/keyring.ts';
import type { Surveys } from '../model/survey.ts';
import { findEntries } from '../secrets/inventory.ts';
import { keyringChoice } from './keyrings.ts';
import type { Context } from './open.ts';
import type { RunOptions } from './options.ts';

/** The keyring with what other keyrings have of its set's keys, and the lines that it lacks. */
export async function borrow(
  { world, options }: Context<RunOptions>,
  set: string,
  state: KeyringState,
  surveys: Surveys,
): Promise<{ readonly state: KeyringState; readonly borrowed: readonly Line[] }> {
  const lives = surveys.get('key')?.lives ?? [];
  const unknown = lives.filter(({ id, mark }) => mark?.set === set && !state.entries.has(id)).map(({ id }) => id);
  if (unknown.length === 0 || options.sandbox === true) return { state, borrowed: [] };
  const { roots, ...ports } = keyringChoice(world, options);
  const { entries: kept } = await findEntries(roots, unknown, ports);
  const entries = new Map([...state.entries, ...kept]);
  return { state: { ...state, entries }, borrowed: [...kept.values()].flatMap(linesOf) };
}

function linesOf({ key_id, name, secret, at, pending, expires, places, sandbox }: Entry): readonly Line[] {
  return [
    { op: 'sandbox', id: sandbox },
    { op: 'mint', key_id, name, secret, at },
    ...places.map((place): Line => ({ op: 'placed', key_id, place })),
    ...(pending ? [] : [{ op: 'done', key_id, expires } as const]),
  ];
}
