/**
 * Where a hand-out is: what the keyring remembers of a delivery, so that a secret can be taken back although the spec has
 * changed. Free of secrets.
 */
export type Place = {
  /** The kind of delivery: `dotenv`, `json`, `csv`. */
  readonly sink: string;
  /** For files, the absolute path. */
  readonly path: string;
  /** The variables of a `dotenv` that are this key's alone. */
  readonly variables?: readonly string[];
};
