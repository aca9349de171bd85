import type { JsonObject } from '../base/json.ts';
import type { Settings } from './fields.ts';
import type { Kind, Ref } from './ref.ts';
import type { Sharing } from './sharing.ts';

/** When a key ends: so long after its creation (`30d`), at a moment (RFC 3339, UTC), or never. */
export type Lifetime = { readonly duration: string } | { readonly expires: string } | 'never';

/**
 * `every`: the age at which a key's secret is replaced; `grace`: how long the old one works then, `null` as usual; `keep_spend`:
 * what was spent counts on.
 */
export type RotationRule = { readonly every: string; readonly grace: string | null; readonly keep_spend?: boolean };

/** A place in a file, 1-based, for messages. */
export type Origin = { readonly file: string; readonly line: number; readonly column: number };

/** One thing as the spec wants it: what `expand` makes of the spec, a roster's users included. */
export type Desired = {
  readonly ref: Ref;
  /** The id that it is to have, where the client chooses it. */
  readonly id?: string;
  /** What it was called before, for one that keeps its hash and its secret under a new name. */
  readonly previously: readonly string[];
  readonly state: 'present' | 'absent';
  /** The roster's user whose key this is; `null` without a roster. */
  readonly user: string | null;
  readonly settings: Settings;
  /** Of settings those that name another thing by its name, which has yet to be looked up: `team_id` → `research`. */
  readonly names?: Readonly<Record<string, string>>;
  /** Members to merge into the server's `metadata`; `null` takes a member away. */
  readonly metadata: JsonObject;
  /** `undefined`: not managed. */
  readonly lifetime?: Lifetime;
  /** When a key is opened, RFC 3339, and blocked until then; `null`: it is open. `undefined`: not managed. */
  readonly opens?: string | null;
  /** With whom a key is shared; `undefined`: not managed. */
  readonly sharing?: Sharing;
  readonly on_expired: 'report' | 'recreate';
  /** What to do about a key whose secret nobody has: `undefined` reports it. */
  readonly on_lost?: 'report' | 'replace';
  /** When a key gets a new secret, and how long the old one goes on then: durations as the spec has them. */
  readonly rotate?: RotationRule;
  /** Of a key that follows another: since when its lifetime counts (RFC 3339), and what was spent before, in US dollars. */
  readonly follows?: { readonly since: string | null; readonly spend: number };
  /** Kinds of which it is to have what the spec says, and nothing else: a team its members. */
  readonly whole?: readonly Kind[];
  /** Passed to the server at creation and in updates as they are, for fields that vkeys does not know. */
  readonly extra: JsonObject;
  /** Texts of `metadata`, `extra` and the like that came from the environment, which nobody is shown. */
  readonly secrets?: ReadonlySet<string>;
  /** Of one that was there before: what our mark remembered of its metadata (`memo.ts`). */
  readonly memo?: JsonObject;
  /** What templates may name: `key_alias`, `user`, the roster's columns, … */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly origin: Origin | null;
};

/** Something of which nothing is managed but that it is there, and what `fields` say. */
export function unmanaged(ref: Ref, fields: Partial<Desired> = {}): Desired {
  return {
    ref,
    previously: [],
    state: 'present',
    user: null,
    settings: {},
    metadata: {},
    on_expired: 'report',
    extra: {},
    placeholders: {},
    origin: null,
    ...fields,
  };
}

/** What a set may be called: a word of a file's name, because each set has a keyring of its own. */
export const SET_NAME = /^(?!\.+$)[A-Za-z0-9._-]{1,64}$/;

/**
 * Our mark in a thing's metadata (`metadata.vkeys`): the set that owns it and its name there; `null` in marks that somebody
 * wrote without one. `mint` names a creation whose secret the server chose; `since`: when the first key under the name was made,
 * from which its lifetime counts; `retiring`: a newer key has its name, and its own grace ends then; `opens`: it was made blocked,
 * and is to be opened then. All RFC 3339.
 */
export type Mark = {
  readonly set: string;
  readonly name: string | null;
  readonly mint?: string;
  readonly since?: string;
  readonly retiring?: string;
  /** Of an old key whose grace counts from the first use of the newer one: milliseconds. */
  readonly grace?: number;
  readonly opens?: string;
};

/** What of a key's use only some versions of LiteLLM list: of a `Live` it is in `extra`, where it was asked for. */
export const USAGE = ['last_active', 'total_spend', 'model_spend'] as const;

/** One thing as the server has it: the same fields, read. */
export type Live = {
  readonly kind: Kind;
  /** A key's is its secret's SHA-256 (LiteLLM: `token`). */
  readonly id: string;
  /** A key's `key_alias`. */
  readonly name: string | null;
  /** The server's masked secret of a key, `sk-...wXyZ`. */
  readonly key_name: string | null;
  /** Only fields that are set; a cleared one is absent. */
  readonly settings: Settings;
  /** As the server has it, whole. */
  readonly metadata: JsonObject;
  readonly mark: Mark | null;
  /** RFC 3339. */
  readonly created_at: string | null;
  readonly expires: string | null;
  readonly budget_reset_at: string | null;
  /** US dollars. */
  readonly spend: number;
  /** Of the fields that vkeys does not know those that were asked for, and that the server has at all. */
  readonly extra: JsonObject;
};

/** Of two things under one name the older is the one that stays, then the one with the smaller id: every run decides alike. */
export function byAge(a: Live, b: Live): number {
  const [x, y] = [a.created_at ?? '', b.created_at ?? ''];
  if (x !== y) return x < y ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
