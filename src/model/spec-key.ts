/** A key that a spec names, whatever it is called on the server: by its mark, and by what the set's keyring knows. Pure. */
import type { Desired, Live } from './resource.ts';

export type SpecKey = {
  readonly is: 'spec';
  /** What the spec says of it. */
  readonly desired: Desired;
  /** What people are told of it: what the spec calls it. */
  readonly label: string;
  readonly set: string;
  /** What the spec calls, or called, it. */
  readonly names: readonly string[];
  /** What the set's keyring knows under names of the spec: names by `key_id`. */
  readonly kept: ReadonlyMap<string, string>;
};

/** Whether this is the key. One that retires is another's predecessor. */
export function isSpecKey({ set, names, kept }: SpecKey, { id, name, mark }: Live): boolean {
  if (mark === null ? !kept.has(id) : mark.set !== set || mark.retiring !== undefined) return false;
  return names.includes(kept.get(id) ?? mark?.name ?? name ?? '');
}
