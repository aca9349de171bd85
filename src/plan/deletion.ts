import type { Because, Deletion } from '../model/change.ts';
import type { Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';

/** A change that deletes. What the server deletes along is added to a whole plan, see `takes.ts`. */
export function deletion(
  ref: Ref,
  live: Live,
  because: Because,
  reason: string | null,
  desired: Desired | null = null,
): Deletion {
  return { action: 'delete', ref, fields: [], takes: [], reason, because, desired, live };
}
