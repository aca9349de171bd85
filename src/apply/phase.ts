import { VkeysError } from '../base/errors.ts';
import type { Change, Outcome } from '../model/model.ts';
import type { ApplyPorts } from './ports.ts';

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
  const { kind, details } = error;
  const isAway = details['code'] === 'busy' || details['code'] === 'database_away';
  return kind === 'network' || kind === 'timeout' || kind === 'auth' || isAway;
}

export function skipped(change: Change): Outcome {
  return { change, status: 'skipped', live: change.live, secret: null, error: null };
}

/** What a step's error is as data; a bug is thrown on. */
export function failed(change: Change, error: unknown): Outcome {
  if (!(error instanceof VkeysError)) throw error;
  return { change, status: 'failed', live: change.live, secret: null, error };
}
