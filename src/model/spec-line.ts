import type { Json } from '../base/json.ts';
import type { Desired, Origin } from './resource.ts';

/** A field of keys that a spec says in one place. */
export type SpecLine = {
  readonly origin: Origin;
  /** As it is called there: `duration` or `expires` for an end. */
  readonly field: string;
  readonly from: Json;
  /** What it would have to be; `null`: not the same for all of the keys. */
  readonly to: string | number | boolean | null;
  /** Those of the keys that were meant. */
  readonly keys: readonly Desired[];
  /** How many more keys have it from there. */
  readonly others: number;
};
