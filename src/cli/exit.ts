/** How the process ends: the exit code of an error, and of a run that did some of its work. */
import { Interrupted, VkeysError } from '../base/errors.ts';
import { isSetChanged, type Outcome, type Report } from '../model/outcome.ts';
import { EXIT_OF, EXITS } from './exit-codes.ts';

/** The result of a run could not be printed, or, in the words of a `VkeysError`, not be handed on. `exitCode`: of the run, if that is none of success. */
export class UnprintedError extends VkeysError {
  readonly exitCode: number;

  constructor(cause: Error, exitCode: number) {
    const isOurs = cause instanceof VkeysError;
    super(
      'delivery',
      isOurs ? cause.message : `The result could not be written to stdout (${cause.message}). What was done is done.`,
      isOurs
        ? cause.hint
        : 'Mend that, then run the same command again (create: with --if-absent): the keyring has what was made.',
      { cause },
    );
    this.exitCode = exitCode === 0 ? EXITS.failed.code : exitCode;
  }
}

/** The exit code of a command that ends with this error. */
export function exitCodeFor(error: VkeysError): number {
  return error instanceof Interrupted || error instanceof UnprintedError
    ? error.exitCode
    : EXITS[EXIT_OF[error.kind]].code;
}

/** Why a run ended that was interrupted; `null` for any other. */
export function interruptionOf({ stop }: { readonly stop: AbortSignal }): VkeysError | null {
  if (!stop.aborted) return null;
  return stop.reason instanceof VkeysError ? stop.reason : new Interrupted(EXITS.interrupted.code);
}

/**
 * 0 when all is done; 5 whenever something was done and something failed; the cause's own code when nothing was done;
 * 130, 143 or 129 when interrupted. `error`: what stopped the run.
 */
export function exitCodeOf(
  console: { readonly stop: AbortSignal },
  { report: { sets }, error }: { readonly report: Report; readonly error: VkeysError | null },
): number {
  const interruption = interruptionOf(console);
  if (interruption !== null) return exitCodeFor(interruption);
  const outcomes = sets.flatMap((set) => set.outcomes).filter(isWork);
  const failed = outcomes.filter(({ status }) => status !== 'applied');
  if (failed.length === 0 && error === null) return 0;
  if (sets.some(isSetChanged)) return EXITS.partly.code;
  const cause = error ?? failed.find((outcome) => outcome.error !== null)?.error ?? null;
  return cause === null ? EXITS.failed.code : exitCodeFor(cause);
}

/** A noop counts only when its hand-out failed. */
function isWork({ change, status }: Outcome): boolean {
  return change.action !== 'noop' || status !== 'applied';
}
