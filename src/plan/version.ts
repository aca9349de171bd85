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
      /* What a key is made without shows in its row; of others the server forgets what it does not know. */
      !(isCreation(change) && factsOf(kinds, change.ref.kind).hasSecret) &&
      change.fields.some(({ field, to }) => mayBeIgnored(change.ref.kind, field, to === null, kinds)),
  );
}

function mayBeIgnored(kind: Kind, name: string, cleared: boolean, kinds: Kinds): boolean {
  if (name === 'expires') return cleared;
  const { fields, hasSecret } = factsOf(kinds, kind);
  const field = fields[name];
  return (
    field !== undefined &&
    /* Rows of keys have no column that their version does not keep. */
    (((field.home === 'metadata' || !hasSecret) && field.since !== undefined) ||
      (cleared && field.clearableSince !== undefined) ||
      field.changeableSince !== undefined)
  );
}
