import type { JsonObject } from '../base/json.ts';
import type { FieldChange } from './change.ts';
import type { FieldTable } from './fields.ts';
import type { Kind } from './ref.ts';
import type { Desired, Live, Mark } from './resource.ts';

/** What of a kind depends on a thing; `since`: from this version of LiteLLM on. */
export type Tie = { readonly kind: Kind; readonly since?: string; isIn(other: Live, live: Live): boolean };

/** The facts of a kind, as data: what is the same for all of its things. A new kind is one of these, a store and a list in the spec. */
export type KindFacts = {
  readonly kind: Kind;
  /** Kinds are made upwards, and deleted downwards. */
  readonly level: number;
  /** LiteLLM's field that carries the name: `key_alias`. */
  readonly naming: string;
  /** LiteLLM's field for an id that the client may choose: `team_id`. `null`: the server, or a secret, decides. */
  readonly identity: string | null;
  /** What it is a part of, as a member is of a team: it belongs to whoever that belongs to. */
  readonly partOf: Kind | null;
  readonly fields: FieldTable;
  /** Whether it has a secret, which is minted here, kept, and delivered. */
  readonly hasSecret: boolean;
  /** Where our mark is: in the thing's metadata, or, where it has none, only in the keyring's journal. */
  readonly marks: 'metadata' | 'journal';
  /** What the server deletes along with it: those of a kind that are in it. */
  readonly cascades: readonly Tie[];
  /** What loses its limits with it: those of a kind that have them from it, and would go on without any. */
  readonly frees: readonly Tie[];
  /** The body of its creation, without a secret. */
  make(desired: Desired, mark: Mark, now: Date): JsonObject;
  /**
   * The body of an update for these changes and nothing else; with `mark`, our mark too. `live` is how it is now; `secrets`:
   * texts that nobody is shown.
   */
  patch(
    changes: readonly FieldChange[],
    live: Live,
    mark: Mark | null,
    now: Date,
    secrets?: ReadonlySet<string>,
  ): JsonObject;
};

export type Kinds = ReadonlyMap<Kind, KindFacts>;

/** The facts of a kind that there has to be. */
export function factsOf(kinds: Kinds, kind: Kind): KindFacts {
  const facts = kinds.get(kind);
  if (facts === undefined) throw new Error(`no such kind: ${kind}`);
  return facts;
}
