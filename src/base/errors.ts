/** What went wrong, in words that scripts may rely on; `EXIT_CODES` says how the process then ends. */
export type ErrorKind =
  | 'api'
  | 'network'
  | 'timeout'
  | 'protocol'
  | 'delivery'
  | 'internal'
  | 'usage'
  | 'spec'
  | 'config'
  | 'auth'
  | 'refused'
  | 'interrupted';

/** The exit code of each kind of error. 0, 2 and 5 are results, not errors: see `cli/exit.ts`. */
export const EXIT_CODES = {
  api: 1,
  network: 1,
  timeout: 1,
  protocol: 1,
  delivery: 1,
  internal: 1,
  usage: 3,
  spec: 3,
  config: 3,
  auth: 4,
  refused: 6,
  interrupted: 130,
} as const satisfies Record<ErrorKind, number>;

/**
 * An error that vkeys understands: `message` says what happened, `hint` what to do next, both free of secrets.
 * Anything else that is thrown is a bug and reported as `internal`.
 */
export class VkeysError extends Error {
  override readonly name = 'VkeysError';
  readonly kind: ErrorKind;
  readonly hint: string;
  /** Further facts for `-o json`, e.g. `{status: 403, type: 'auth_error'}`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    kind: ErrorKind,
    message: string,
    hint: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = hint;
    this.details = options.details ?? {};
  }
}
