import type { VkeysError } from '../base/errors.ts';
import { outcomeOf, type Outcome } from '../model/outcome.ts';
import type { Change } from '../model/change.ts';
import type { Notice } from '../model/plan.ts';
import type { ApplyPorts, Work } from './ports.ts';

/** One change, and the set whose it is. */
export type Task<C extends Change = Change> = { readonly work: Work; readonly change: C };

/** What became of one change, and the set whose it is. */
export type Done = { readonly work: Work; readonly outcome: Outcome; readonly notices?: readonly Notice[] };

/** So many failures to reach the server, one after another, and the rest is not tried. */
const HOPELESS = 8;

/** Runs the steps of an apply: one failure does not stop the others, an interruption or a dead server does. */
export type Phase = {
  /** Does the step, or `otherwise` when no more is to be begun. */
  step<T extends { readonly error: VkeysError | null }>(work: () => Promise<T>, otherwise: () => T): Promise<T>;
};

/** `total` steps; `progress` is called after each. */
export function startPhase(
  total: number,
  { stop, turn, progress }: Pick<ApplyPorts, 'stop' | 'turn' | 'progress'>,
): Phase {
  let done = 0;
  let unreachable = 0;
  return {
    step: (work, otherwise) =>
      turn(async () => {
        if (stop.aborted || unreachable >= HOPELESS) return otherwise();
        const result = await work();
        unreachable = isUnreachable(result.error) ? unreachable + 1 : 0;
        done += 1;
        progress(done, total);
        return result;
      }),
  };
}

/** Whether the server, and not the step, is at fault. */
function isUnreachable(error: VkeysError | null): boolean {
  if (error === null) return false;
  const { kind, transient } = error;
  return kind === 'network' || kind === 'timeout' || kind === 'auth' || transient;
}

export function skipped({ work, change }: Task, more: Partial<Outcome> = {}): Done {
  return { work, outcome: outcomeOf(change, 'skipped', more) };
}

export function failed({ work, change }: Task, error: VkeysError, more: Partial<Outcome> = {}): Done {
  return { work, outcome: outcomeOf(change, 'failed', { error, ...more }) };
}

export function applied({ work, change }: Task, more: Partial<Outcome> = {}): Done {
  return { work, outcome: outcomeOf(change, 'applied', more) };
}
