import type { Json } from '../base/json.ts';
import type { Ref } from './ref.ts';
import type { Desired, Live } from './resource.ts';

/** In the order in which a plan is read. `replace`: what is there under the name goes, and a new one with a new secret comes. */
export const ACTIONS = ['create', 'replace', 'update', 'adopt', 'delete', 'noop'] as const;
export type Action = (typeof ACTIONS)[number];

/** One line of a plan: `max_budget 5 → 10`. `null` is "not set". */
export type FieldChange = { readonly field: string; readonly from: Json; readonly to: Json };

/**
 * Why something is deleted: the spec says so, does not mention it, somebody named it, or a pattern; an earlier run left it
 * behind; or it goes with another.
 */
export type Because = 'absent' | 'pruned' | 'named' | 'matched' | 'left' | 'taken';

/** Why a key is replaced: it has ended; an earlier run left it unfinished; or nobody has its secret. */
export type Outlived = 'ended' | 'left' | 'unheld';

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
export type Update = Extract<Change, { readonly action: 'update' | 'adopt' }>;
export type Deletion = Extract<Change, { readonly action: 'delete' }>;

export function isCreation(change: Change): change is Creation {
  return change.action === 'create' || change.action === 'replace';
}

export function isUpdate(change: Change): change is Update {
  return change.action === 'update' || change.action === 'adopt';
}

export function isDeletion(change: Change): change is Deletion {
  return change.action === 'delete';
}
