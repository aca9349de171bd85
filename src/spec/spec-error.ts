import { VkeysError } from '../base/errors.ts';
import type { Diagnostic } from '../model/spec.ts';

/** Specs that are wrong, with every problem of every file. */
export class SpecError extends VkeysError {
  readonly diagnostics: readonly Diagnostic[];

  /** `what` has them, and what to do then. */
  constructor(
    diagnostics: readonly Diagnostic[],
    what = 'spec',
    hint = 'Mend what is marked and check it with `vkeys validate -f FILE`.',
  ) {
    const many = diagnostics.length === 1 ? 'a problem' : `${String(diagnostics.length)} problems`;
    super('spec', `The ${what} has ${many}.`, hint);
    this.diagnostics = diagnostics;
  }
}
