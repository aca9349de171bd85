import { VkeysError } from '../base/errors.ts';
import type { Diagnostic } from '../model/spec.ts';

/** Specs that are wrong, with every problem of every file. */
export class SpecError extends VkeysError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const many = diagnostics.length === 1 ? 'a problem' : `${String(diagnostics.length)} problems`;
    super('spec', `The spec has ${many}.`, 'Mend what is marked and check it with `vkeys validate -f FILE`.');
    this.diagnostics = diagnostics;
  }
}
