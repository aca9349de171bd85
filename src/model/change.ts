import type { Json } from '../base/json.ts';
import type { Ref } from './ref.ts';
import type { Desired, Live } from './resource.ts';
import type { RotationTerms } from './rotation.ts';

/**
 * In the order in which a plan is read. `replace`: what is there under the name goes, and a new one with a new secret comes;
 * `rotate`: a new one comes, and when it is delivered and works it gets the name, and what was there ends after a grace.
 */
export const ACTIONS = ['create', 'replace', 'rotate', 'update', 'adopt', 'delete', 'noop'] as const;
export type Action = (typeof ACTIONS)[number];

/** One line of a plan: `max_budget 5 → 10`. `null` is "not set". */
export type FieldChange = { readonly field: string; readonly from: Json; readonly to: Json };

/**
 * Why something is deleted: the spec says so, does not mention it, somebody named it, or a pattern; an earlier run left it
 * behind; it goes with another; or the grace of an old secret is over.
 */
export type Because = 'absent' | 'pruned' | 'named' | 'matched' | 'left' | 'taken' | 'retired';

/** Why a key is replaced: it has ended; an earlier run left it unfinished; or nobody has its secret. */
export type Outlived = 'ended' | 'left' | 'unheld';

/** Why a key is rotated: the spec says that it is old enough, somebody wants it, or an earlier run began it. */
export type Outdated = 'due' | 'asked' | 'begun';

/** What is to be done about one thing, and `reason` where that is not obvious. */
export type Change = {
  readonly ref: Ref;
  readonly fields: readonly FieldChange[];
  /** What the server deletes along with it. */
  readonly takes: readonly Ref[];
  readonly reason: string | null;
} & (
  | { readonly action: 'create'; readonly desired: Desired; readonly live: null }
  | { readonly action: 'replace'; readonly desired: Desired; readonly live: Live; readonly because: Outlived }
  | {
      readonly action: 'rotate';
      readonly desired: Desired;
      readonly live: Live;
      readonly because: Outdated;
      readonly terms: RotationTerms;
      /** The new key, where an earlier run, or another machine, made it already. */
      readonly successor: Live | null;
    }
  | { readonly action: 'update' | 'adopt'; readonly desired: Desired; readonly live: Live }
  | { readonly action: 'noop'; readonly desired: Desired; readonly live: Live }
  | {
      readonly action: 'delete';
      readonly desired: Desired | null;
      readonly live: Live;
      readonly because: Because;
      /** The keyring goes on knowing that the key had ended, so that its spec does not make it anew. */
      readonly hadEnded?: boolean;
    }
);

export type Creation = Extract<Change, { readonly action: 'create' | 'replace' }>;
export type Rotation = Extract<Change, { readonly action: 'rotate' }>;
export type Update = Extract<Change, { readonly action: 'update' | 'adopt' }>;
export type Deletion = Extract<Change, { readonly action: 'delete' }>;

export function isCreation(change: Change): change is Creation {
  return change.action === 'create' || change.action === 'replace';
}

export function isRotation(change: Change): change is Rotation {
  return change.action === 'rotate';
}

/** Whether it makes a new secret. */
export function isMinting(change: Change): change is Creation | Rotation {
  return isRotation(change) || (isCreation(change) && change.ref.kind === 'key');
}

export function isUpdate(change: Change): change is Update {
  return change.action === 'update' || change.action === 'adopt';
}

export function isDeletion(change: Change): change is Deletion {
  return change.action === 'delete';
}
