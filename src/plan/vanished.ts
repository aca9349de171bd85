/**
 * Keys that the keyring knows as finished, that the server does not have, and that vkeys did not delete. A few were deleted
 * by somebody, and are made anew. All of them, or many, may be on another server behind the same address, in a database
 * that was restored, or not yet where a lagging reader looks: then nothing is done before somebody says so.
 */
import type { Entry } from '../model/keyring.ts';
import { hasEnded } from '../model/lifetime.ts';
import type { Notice, Refusal } from '../model/plan.ts';
import type { Ref } from '../model/ref.ts';
import type { Desired } from '../model/resource.ts';
import type { Surveys } from '../model/survey.ts';
import { isOwn, nameOf, type Owner } from './own.ts';

/** Milliseconds: so long after a key was made a server may still answer from before. */
const LAG = 30_000;

/** What became of a wanted key that is not there: it ended before it went, it was made a moment ago, or it vanished. */
export type Absence =
  | { readonly is: 'never-made' }
  | { readonly is: 'ended' | 'fresh' | 'vanished'; readonly entry: Entry };

/** By the keyring; `now` is the server's clock. Of several entries under the name the youngest counts. */
export function absenceOf({ ref, previously }: Desired, named: Owner['named'], now: Date): Absence {
  const entry = [ref.name, ...previously]
    .flatMap((name) => named.get(name) ?? [])
    .filter(isExpected)
    .toSorted((a, b) => Number(a.at < b.at) - Number(a.at > b.at))[0];
  if (entry === undefined) return { is: 'never-made' };
  if (hasEnded(entry.expires, now)) return { is: 'ended', entry };
  return { is: wasJustMade(entry, now) ? 'fresh' : 'vanished', entry };
}

/** Whether a key was made so short a time ago that a server may still answer from before. */
export function wasJustMade(entry: Entry, now: Date): boolean {
  const age = now.getTime() - Date.parse(entry.at);
  return isExpected(entry) && entry.gone === null && age >= 0 && age < LAG;
}

/** Whether the server should have it: it was finished, and neither vkeys nor a newer key took its place. */
function isExpected({ pending, deleting, replaced }: Entry): boolean {
  return !pending && !deleting && !replaced;
}

export function endedNotice({ ref }: Desired, { expires }: Entry): Notice {
  return {
    code: 'ended',
    ref,
    message: `Ended ${String(expires)}, and is gone from the server since.`,
    hint: 'Take it out of the spec, or say `on_expired: recreate` to have a new key.',
  };
}

/** A wanted key that would be made anew; fresh: it was made a moment ago. */
export type Missed = { readonly ref: Ref; readonly key_id: string; readonly isFresh: boolean };

/** How many keys of a set vanished, of how many that were made in it, and those of them that would be made anew. */
export type Vanished = { readonly count: number; readonly of: number; readonly missed: readonly Missed[] };

export const NOTHING_VANISHED: Vanished = { count: 0, of: 0, missed: [] };

/** What of a set vanished. Beside wanted ones that counts which is missed for the first time, wanted or not. */
export function vanishedOf(owner: Owner, surveys: Surveys, missed: readonly Missed[]): Vanished {
  const keys = surveys.get('key');
  if (keys === undefined) return NOTHING_VANISHED;
  const ids = new Set(keys.lives.map(({ id }) => id));
  const here = keys.lives.filter((live) => isOwn(owner, live));
  const names = new Set(here.map((live) => nameOf(owner, live)));
  const [counted, wanted] = [new Set(missed.map(({ key_id }) => key_id)), new Set(missed.map(({ ref }) => ref.name))];
  const others = [...owner.named.values()]
    .flat()
    .filter(
      (entry) =>
        isExpected(entry) &&
        entry.gone === null &&
        !ids.has(entry.key_id) &&
        !names.has(entry.name) &&
        !wanted.has(entry.name) &&
        !counted.has(entry.key_id) &&
        !hasEnded(entry.expires, keys.now),
    );
  const count = missed.length + others.length;
  return { count, of: here.length + count, missed };
}

/**
 * Refuses where so many vanished from one server that it is not somebody's deletion: in one set, or in all of the run's.
 * Where they are few, those that were made a moment ago are waited for.
 */
export function vanishedRefusals(
  sets: readonly { readonly set: string; readonly vanished: Vanished }[],
): readonly Refusal[] {
  const some = sets.filter(({ vanished }) => vanished.missed.length > 0);
  const many = some.filter(({ vanished }) => isMany(vanished));
  const refused = many.length === 0 && isMany(total(sets)) ? some : many;
  if (refused.length === 0) {
    return some.flatMap(({ vanished }) => vanished.missed.filter(({ isFresh }) => isFresh).map(freshRefusal));
  }
  const { count, of } = total(refused);
  const names = refused.map(({ set }) => set).join(', ');
  return [
    {
      code: 'vanished',
      ref: null,
      message: `${String(count)} of the ${String(of)} keys that were made in ${names} are not on this server, and vkeys did not delete them. It may be another server behind the same address (a port-forward?), or its database was restored or emptied.`,
      hint: 'Mend the address if it is another server. If they are really gone, make them anew, with new secrets: --recreate',
    },
  ];
}

function total(sets: readonly { readonly vanished: Vanished }[]): Vanished {
  const all = sets.map(({ vanished }) => vanished);
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    of: all.reduce((sum, { of }) => sum + of, 0),
    missed: all.flatMap(({ missed }) => missed),
  };
}

function isMany({ count, of, missed }: Vanished): boolean {
  return missed.length > 0 && (count > Math.max(3, of * 0.3) || (count === of && of > 1));
}

function freshRefusal({ ref }: Missed): Refusal {
  return {
    code: 'lag',
    ref,
    message: 'Was made a moment ago, and the server does not show it: its reads lag, or somebody deleted it at once.',
    hint: 'Run the same command again in half a minute.',
  };
}
