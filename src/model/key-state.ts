/** What a server says to a key that asks it about itself. */
import type { Live } from './resource.ts';

/** `not_allowed`: it is known, but may not list its models. `unknown`: deleted, or of another server. */
export const KEY_STATES = ['works', 'blocked', 'expired', 'over_budget', 'not_allowed', 'unknown'] as const;

/** `live`: what the key may read of itself; `null` where it may not. `why`: the server's own words, or nothing. */
export type KeyState =
  | { readonly is: 'works'; readonly models: readonly string[]; readonly live: Live | null }
  | { readonly is: Exclude<(typeof KEY_STATES)[number], 'works'>; readonly why: string };

type Words = { readonly what: string; readonly hint: string };

/** What each state is called, and what to do about it. */
export const KEY_STATE_WORDS: Readonly<Record<Exclude<KeyState['is'], 'works'>, Words>> = {
  blocked: {
    what: 'The key is blocked',
    hint: 'If it may be used again: vkeys update KEY --field blocked=false; where its team is blocked: vkeys team unblock TEAM',
  },
  expired: { what: 'The key is over', hint: 'Give it more time: vkeys update KEY --duration 7d' },
  over_budget: {
    what: 'The budget is spent',
    hint: 'Raise it: vkeys update KEY --max-budget N; or wait until it begins anew.',
  },
  not_allowed: {
    what: 'The key may not list its models',
    hint: 'It may work all the same; see its allowed_routes: vkeys get KEY',
  },
  unknown: {
    what: 'The key is not known',
    hint: 'It may have been deleted, or be of another server: vkeys get KEY asks as administrator; --url URL names another.',
  },
};
