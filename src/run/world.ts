import type { Folders } from '../base/folders.ts';
import type { Program } from '../auth/attach.ts';
import type { ProgramEnd, ProgramInput } from '../auth/run.ts';
import type { Transport, TransportOptions } from '../litellm/http/transport.ts';

/** Everything that a run may touch of the outside, so that a test can give it another one. Made once, in `main.ts`. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: { read(): Promise<string> };
  /** Folders of the user: the keyring's and the profiles' defaults. */
  readonly folders: Folders;
  /** This process. `command`: of `vkeys`, without its arguments. */
  readonly self: { readonly pid: number; readonly host: string; readonly command: string };
  /** Whom the system calls the user of this process; `null` where it has no name. */
  readonly user: () => string | null;
  readonly isAlive: (pid: number) => boolean;
  readonly now: () => Date;
  /** From 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Secure ones, for secrets. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Does something over and over, without keeping the process alive; answers with the end of it. */
  readonly every: (milliseconds: number, work: () => void) => () => void;
  /** Aborted by the first Ctrl-C (or SIGTERM): begin nothing more. */
  readonly stop: AbortSignal;
  /** Aborted by the second one: drop what is under way. */
  readonly abort: AbortSignal;
  readonly transport: (options: TransportOptions) => Promise<Transport>;
  /** Runs a program without a shell. */
  readonly run: (command: string, args: readonly string[], input?: ProgramInput) => Promise<ProgramEnd>;
  /** Runs one in the place of this one, which gets the signals, too; answers with its exit code. */
  readonly attach: (program: Program) => Promise<number>;
};
