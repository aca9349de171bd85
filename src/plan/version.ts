import { isCreation } from '../model/change.ts';
import { factsOf, type Kinds } from '../model/kind.ts';
import type { Plan } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';

/**
 * Whether a plan made without knowing the server's version may promise what an old server cannot do, so that the
 * version is worth a request.
 */
export function dependsOnVersion({ changes }: Plan, kinds: Kinds): boolean {
  return changes.some(
    (change) =>
      !isCreation(change) &&
      change.fields.some(({ field, to }) => mayBeIgnored(change.ref.kind, field, to === null, kinds)),
  );
}

function mayBeIgnored(kind: Kind, name: string, cleared: boolean, kinds: Kinds): boolean {
  if (name === 'expires') return cleared;
  const field = factsOf(kinds, kind).fields[name];
  return (
    field !== undefined &&
    ((field.home === 'metadata' && field.since !== undefined) ||
      (cleared && field.clearableSince !== undefined) ||
      field.changeableSince !== undefined)
  );
}
