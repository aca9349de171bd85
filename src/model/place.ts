import { isObject, type Json, type JsonObject } from '../base/json.ts';

/**
 * Where a hand-out is: what the keyring remembers of a delivery, so that a secret can be taken back although the spec has
 * changed. Free of secrets.
 */
export type Place = {
  /** The kind of delivery: `dotenv`, `json`, `csv`. */
  readonly sink: string;
  /** For files, the absolute path. */
  readonly path: string;
  /** What the sink needs besides to find its own again. */
  readonly detail?: JsonObject;
};

/** A place as the keyring has it; `null` for anything else. */
export function readPlace(json: Json | undefined): Place | null {
  if (!isObject(json)) return null;
  const { sink, path, detail } = json;
  if (typeof sink !== 'string' || typeof path !== 'string') return null;
  if (detail === undefined) return { sink, path };
  return isObject(detail) ? { sink, path, detail } : null;
}
