/** What became of a key that was tried. */
import type { Secret } from '../base/secret.ts';
import type { VkeysError } from '../base/errors.ts';
import { KEY_STATES, type KeyState } from './key-state.ts';
import type { Held } from './place.ts';

/** A key that is to be tried, and where it is from. `secret`: or why there is none. */
export type TriedKey = {
  readonly set: string | null;
  readonly name: string;
  readonly key_id: string | null;
  readonly url: string;
  readonly secret: Secret | VkeysError;
  /** Those that a spec wants it to have; `null`: no spec says. */
  readonly models: readonly string[] | null;
  readonly held: readonly Held[];
};

/**
 * `wrong_models`: it may not use some that it is to have. `call_failed`: a call with it did. `unsettled`: processes of the server do not
 * agree. `unanswered`: the server did not say. `unkept`: the secret is not here.
 */
export const VERDICTS = [...KEY_STATES, 'wrong_models', 'call_failed', 'unsettled', 'unanswered', 'unkept'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `why`: in the server's words or ours. `models`: what it lists. `held`: what its places hold, where a spec names some. */
export type Verified = Pick<TriedKey, 'set' | 'name' | 'key_id' | 'url' | 'held'> & {
  readonly verdict: Verdict;
  readonly why: string | null;
  readonly models: readonly string[];
};

/** Whether a key is as it should be. Places matter where it is to work. */
export function isWell({ verdict, held }: Verified, expected: KeyState['is']): boolean {
  if (verdict !== expected) return false;
  return expected !== 'works' || held.every(({ state }) => state === 'current');
}
