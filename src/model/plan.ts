import type { Action, Change } from './change.ts';
import type { Place } from './place.ts';
import type { Ref } from './ref.ts';

/** Worth saying, changes nothing. */
export type Notice = {
  readonly code:
    | 'orphan'
    | 'expired'
    | 'blocked'
    | 'owned'
    | 'ended'
    | 'vanished'
    | 'renamed'
    | 'duplicate'
    | 'foreign'
    | 'unnamed'
    | 'missing'
    | 'unsupported'
    | 'ignored'
    | 'secret_unknown'
    | 'keyring'
    | 'delivery'
    | 'guard'
    | 'model'
    | 'lifetime'
    | 'opens'
    | 'server'
    | 'race'
    | 'lag'
    | 'collision'
    | 'spec'
    | 'survey'
    | 'usage'
    | 'admin'
    | 'team'
    | 'reference'
    | 'sharing'
    | 'cascade'
    | 'rotation'
    | 'root'
    | 'export'
    | 'history'
    | 'migrate';
  readonly ref: Ref | null;
  readonly message: string;
  /** The next step; `null` where none is needed. */
  readonly hint: string | null;
};

/** Stops a run before its first change. */
export type Refusal = Notice;

export type Summary = Readonly<Record<Action, number>>;

/** A hand-out that holds the secret of a key that is gone. `apart`: another server has a key with the same secret. */
export type Withdrawal = {
  readonly ref: Ref;
  readonly key_id: string;
  readonly places: readonly Place[];
  readonly apart?: true;
};

/** What apply would do to one set: sorted by action's order and name. Free of secrets. */
export type Plan = {
  readonly set: string;
  readonly state: 'present' | 'absent';
  readonly changes: readonly Change[];
  /** Hand-outs of keys that stay as they are, which somebody lost or changed: paths. */
  readonly rewrites: readonly string[];
  /** Places from which keys are taken because they belong elsewhere now, or are gone: paths. */
  readonly retractions: readonly string[];
  readonly withdrawals: readonly Withdrawal[];
  readonly notices: readonly Notice[];
  readonly refusals: readonly Refusal[];
};

/** How many things each action concerns. */
export function summarize({ changes }: { readonly changes: readonly { readonly action: Action }[] }): Summary {
  const summary = { create: 0, update: 0, replace: 0, rotate: 0, delete: 0, adopt: 0, noop: 0 };
  for (const { action } of changes) summary[action] += 1;
  return summary;
}

/** Whether apply would do anything, hand-outs included. */
export function hasWork({ changes, rewrites, retractions, withdrawals }: Plan): boolean {
  const handouts = rewrites.length + retractions.length + withdrawals.length;
  return changes.some(({ action }) => action !== 'noop') || handouts > 0;
}
