/** What went wrong, in words that scripts may rely on; `cli/exit.ts` says how the process then ends. */
export const ERROR_KINDS = [
  'api',
  'network',
  'timeout',
  'protocol',
  'delivery',
  'internal',
  'usage',
  'spec',
  'config',
  'auth',
  'refused',
  'interrupted',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * An error that vkeys understands: `message` says what happened, `hint` what to do next, both free of secrets.
 * Anything else that is thrown is a bug and reported as `internal`.
 */
export class VkeysError extends Error {
  override readonly name = 'VkeysError';
  readonly kind: ErrorKind;
  readonly hint: string;
  /** The same may succeed a moment later, unchanged: the network, or a server that is busy, is at fault. */
  readonly transient: boolean;
  /** Further facts for `-o json`, e.g. `{status: 403, type: 'auth_error'}`: printed, and read by nobody who decides something. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    kind: ErrorKind,
    message: string,
    hint: string,
    options: { cause?: unknown; transient?: boolean; facts?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = hint;
    this.transient = options.transient ?? false;
    this.facts = options.facts ?? {};
  }
}

/** Exit codes of a process that a signal ended: 128 and the signal's number. */
export const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The user, or the system, ends the run. `exitCode`: one of `SIGNALS`. */
export class Interrupted extends VkeysError {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted', 'Interrupted.', 'Run the same command again: it goes on where it stopped.');
    this.exitCode = exitCode;
  }
}
