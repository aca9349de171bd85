import type { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Change } from './change.ts';
import type { Place } from './place.ts';
import type { Notice } from './plan.ts';
import type { Live } from './resource.ts';

/** What became of a change. `failed` carries its error; `skipped` was not tried (interrupted, or another run was first). */
export type Outcome = {
  readonly change: Change;
  readonly status: 'applied' | 'failed' | 'skipped';
  /** The thing as it was read back; `null` when it is gone, or was never there. */
  readonly live: Live | null;
  /** A key's, where this run or the keyring knows it. */
  readonly secret: Secret | null;
  readonly error: VkeysError | null;
  /** Where the secret was put. */
  readonly places: readonly Place[];
};

/** What one run did to one set. */
export type SetReport = {
  /** `null` where things of several sets, or of none, were named. */
  readonly set: string | null;
  readonly state: 'present' | 'absent';
  /** The server's address without `/v1`. */
  readonly url: string;
  /** LiteLLM's, where something was changed and the server tells it. */
  readonly version?: string | null;
  readonly outcomes: readonly Outcome[];
  /** Names that were to be deleted and were not there. */
  readonly missing: readonly string[];
  readonly notices: readonly Notice[];
  /** Hand-outs that were written. */
  readonly written: readonly string[];
  /** Hand-outs from which keys that are gone were taken. */
  readonly withdrawn: readonly string[];
};

/** What one run did: the shape of `-o json`, however many sets and whatever failed. */
export type Report = {
  readonly started: Date;
  readonly ended: Date;
  readonly sets: readonly SetReport[];
};

/** What became of a change, and what is known besides. */
export function outcomeOf(change: Change, status: Outcome['status'], more: Partial<Outcome> = {}): Outcome {
  return { change, status, live: change.live, secret: null, error: null, places: [], ...more };
}

/** Whether the server is not as it was: also when a key was made and could not be delivered. */
export function isChanged({ change, status, live }: Outcome): boolean {
  if (status === 'applied') return change.action !== 'noop';
  return status === 'failed' && live !== null && live.id !== change.live?.id;
}

/** Whether anything was done to the set: on the server, or to a hand-out. */
export function isSetChanged({ outcomes, written, withdrawn }: SetReport): boolean {
  return outcomes.some(isChanged) || written.length + withdrawn.length > 0;
}
