/** How the process ends: the numbers, and what they mean. `vkeys help exit-codes` tells them. */
import { SIGNALS, type ErrorKind } from '../base/errors.ts';

/** `short`: for one line of help. */
type Exit = { readonly code: number; readonly short: string; readonly when: string };

export const EXITS = {
  done: { code: 0, short: 'done', when: 'done, or nothing to do' },
  failed: { code: 1, short: 'failed', when: 'failed: the server, the network, a hand-out' },
  changes: {
    code: 2,
    short: 'changes found (--exit-code)',
    when: 'only with --exit-code: apply would do something, hand-outs included',
  },
  input: { code: 3, short: 'wrong input', when: 'wrong input: arguments, spec, configuration; nothing was changed' },
  credential: { code: 4, short: 'no credential or refused', when: 'no credential, or the server refuses it' },
  partly: { code: 5, short: 'partly failed', when: 'something was changed, and something failed' },
  broken: { code: 5, short: 'rules broken (check)', when: 'only from check: something of the server breaks rules' },
  useless: {
    code: 5,
    short: 'key does not work (verify)',
    when: 'only from verify, env --check, --write: a key does not work, or is not as it should be',
  },
  pressing: {
    code: 5,
    short: 'budgets short (forecast --fail)',
    when: 'only from budget forecast --fail: a budget is over or close, or will be before it starts again or ends',
  },
  altered: {
    code: 5,
    short: 'history was altered (history)',
    when: 'only from history: lines of it were changed or taken out',
  },
  refused: {
    code: 6,
    short: 'refused, nothing changed',
    when: 'refused: a conflict, a guard, a confirmation that is missing; nothing was changed',
  },
  interrupted: { code: SIGNALS.SIGINT, short: 'interrupted', when: 'interrupted; the report says what landed' },
} as const satisfies Record<string, Exit>;

/** How a command ends that an error stopped before anything was changed. */
export const EXIT_OF: Readonly<Record<ErrorKind, keyof typeof EXITS>> = {
  api: 'failed',
  network: 'failed',
  timeout: 'failed',
  protocol: 'failed',
  delivery: 'failed',
  internal: 'failed',
  usage: 'input',
  spec: 'input',
  config: 'input',
  auth: 'credential',
  refused: 'refused',
  interrupted: 'interrupted',
};
