/** A new secret under a key's name, while the old one goes on until its grace ends. */
import type { Live, Mark } from './resource.ts';

/** The old key of a rotation. */
export type Retired = Live & { readonly mark: Mark & { readonly retiring: string } };

/** How a key is rotated. */
export type RotationTerms = {
  /** How long the old secret goes on to work after the new one was delivered, in milliseconds. */
  readonly grace: number;
  /** What was spent counts on, so that nobody gets a second budget. */
  readonly keepsSpend: boolean;
  /** Others have the old secret: it is blocked before anything else. */
  readonly isLeaked: boolean;
  /** The grace counts from the first use of the new secret, where the server tells it, and not from its delivery. */
  readonly isFromUse: boolean;
};

/** A rotation that was begun. `of`: the id of the old key, `name`: what the spec calls both. `at`: RFC 3339. */
export type BegunRotation = RotationTerms & { readonly of: string; readonly name: string; readonly at: string };

/** Milliseconds. An hour is enough for programs that read their secret at each start of a job. */
export const USUAL_TERMS: RotationTerms = { grace: 3_600_000, keepsSpend: false, isLeaked: false, isFromUse: false };

/** Until when an old key retires that waits for the first use of the newer one. */
export const UNTIL_USE = '9999-12-31T00:00:00.000Z';

/** The name of a new key until it has the old one's: one for all machines, so that of two rotations one is refused. */
export function workingName(name: string): string {
  return `${name}~new`;
}

/** The name of an old key once the new one has its own. */
export function retiredName({ id }: Pick<Live, 'id'>, name: string): string {
  return `${name}~old-${id.slice(0, 8)}`;
}

/** The name that an old key had before its rotation; `null` for a key that is none. */
export function formerName(live: Pick<Live, 'id' | 'mark'>): string | null {
  const { name = null, retiring } = live.mark ?? {};
  const end = retiredName(live, '');
  return name !== null && retiring !== undefined && name.endsWith(end) ? name.slice(0, -end.length) : null;
}
