import { isObject, sameJson, type Json, type JsonObject } from '../base/json.ts';
import type { Ref } from './ref.ts';

/**
 * Where a hand-out is: what the keyring remembers of a delivery, so that a secret can be taken back although the spec has
 * changed. Free of secrets.
 */
export type Place = {
  /** The kind of delivery: `dotenv`, `json`, `csv`, … */
  readonly sink: string;
  /** For files, the absolute path. */
  readonly path: string;
  /** What the sink needs besides to find its own again. */
  readonly detail?: JsonObject;
  /** The name of the machine on which it is. */
  readonly host?: string;
  /** By what the sink knows its own writing there, once it is done, where it cannot read it. */
  readonly proof?: string;
  /** The absolute path of the spec's file that asked for it; a spec from stdin has none. */
  readonly spec?: string;
};

export const HELD_STATES = ['current', 'stale', 'missing', 'foreign', 'unknown'] as const;

/**
 * What a place of a key holds: `current` what it should, `stale` the key or what vkeys wrote, but not as it should be, `missing`
 * not the key, `foreign` what is somebody else's and no place for it, `unknown`: it could not be looked at. `why`, where there is
 * more to say.
 */
export type Held = {
  readonly sink: string;
  readonly path: string;
  readonly state: (typeof HELD_STATES)[number];
  readonly why: string | null;
};

/** What the places of a key hold. `isKnown`: the keyring has the key. */
export type LookedAt = {
  readonly set: string;
  readonly ref: Ref;
  readonly held: readonly Held[];
  readonly isKnown: boolean;
};

/** Whether a place is on the machine of this name. */
export function isOn(host: string): (place: Place) => boolean {
  return (place) => place.host === undefined || place.host === host;
}

/** Whether two are one place, whatever was written there. */
export function isSamePlace(place: Place, other: Place): boolean {
  const { proof: _, ...one } = place;
  const { proof: __, ...another } = other;
  return sameJson(one, another);
}

/** Whether what was put at the one stands where the other was: what is known by a proof is ours as a whole, whoever it is about. */
export function isWrittenOver(place: Place, other: Place): boolean {
  const isWhole = place.proof !== undefined && other.proof !== undefined;
  return isWhole ? isSamePlace(bare(place), bare(other)) : isSamePlace(place, other);
}

function bare({ detail: _detail, ...place }: Place): Place {
  return place;
}

/** What a resource of the LiteLLM operator would name: the Secret that has the key, else the path of its first hand-out. */
export function secretRef(places: readonly Place[]): string | null {
  const secret = places.find(({ sink }) => sink === 'kubernetes');
  if (secret !== undefined) return secret.path.slice(secret.path.lastIndexOf('/') + 1);
  return places[0]?.path ?? null;
}

/** A place as the keyring has it; `null` for anything else. */
export function readPlace(json: Json | undefined): Place | null {
  if (!isObject(json)) return null;
  const { sink, path, detail, proof, host, spec } = json;
  if (typeof sink !== 'string' || typeof path !== 'string') return null;
  if (
    (detail !== undefined && !isObject(detail)) ||
    [proof, host, spec].some((text) => text !== undefined && typeof text !== 'string')
  )
    return null;
  return {
    sink,
    path,
    ...(detail === undefined ? {} : { detail }),
    ...textsOf({ proof, host, spec }),
  };
}

function textsOf(texts: Readonly<Record<'proof' | 'host' | 'spec', Json | undefined>>): Partial<Place> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => typeof text === 'string'));
}
