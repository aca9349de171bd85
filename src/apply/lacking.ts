/** What cannot be made because something that it names could not be: LiteLLM takes any id, and then refuses every call. */
import { VkeysError } from '../base/errors.ts';
import { REFERENCES } from '../kinds/references.ts';
import { isCreation, isDeletion, type Change, type Deletion } from '../model/change.ts';
import { thingId } from '../model/keyring.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import { refText } from '../model/ref.ts';
import type { Done } from './phase.ts';

/** Things that were to be made and are not there, by their kinds and the ids that they were to have. */
export type Unmade = ReadonlyMap<string, Change>;

export function unmadeIn(done: readonly Done[]): Unmade {
  const failed = done.filter(({ outcome: { change, status } }) => isCreation(change) && status !== 'applied');
  return new Map(
    failed.flatMap(({ outcome: { change } }) =>
      change.desired?.id === undefined ? [] : [[thingId({ kind: change.ref.kind, id: change.desired.id }), change]],
    ),
  );
}

/** The server makes a user whom it does not know, and admins can be named only when their team is made. */
const NAMING = [...REFERENCES, { kind: 'user', field: 'admins' }];

/** Why a change has no sense any more; `null`: it has. */
export function lackOf(change: Change, unmade: Unmade): VkeysError | null {
  if (isDeletion(change)) return null;
  for (const { kind, field } of NAMING) {
    const ids = [change.desired.settings[field] ?? []].flat();
    const [lacking] = ids.flatMap((id) => (typeof id === 'string' ? (unmade.get(thingId({ kind, id })) ?? []) : []));
    if (lacking === undefined) continue;
    return new VkeysError(
      'api',
      `Its ${kind} ${lacking.ref.name} could not be made.`,
      'Mend that first, then run the same command again.',
    );
  }
  return null;
}

/** Why something may not go yet: what has its limits from it was to be given others, and was not. `null`: it may. */
export function holdOf({ ref, live: going }: Deletion, done: readonly Done[], kinds: Kinds): VkeysError | null {
  const { frees } = factsOf(kinds, ref.kind);
  const held = done.find(({ outcome: { change: other, status } }) => {
    const { live } = other;
    return (
      status !== 'applied' && live !== null && frees.some((tie) => tie.kind === live.kind && tie.isIn(live, going))
    );
  });
  return held === undefined
    ? null
    : new VkeysError(
        'api',
        `It stays: ${refText(held.outcome.change.ref)} has its limits from it, and could not be given others.`,
        'Mend that first, then run the same command again.',
      );
}
