import type { Ran } from '../auth/run.ts';
import type { Transport, TransportOptions } from '../litellm/http/transport.ts';

/** A stream that a person or a program reads. */
export type Output = { readonly isTTY: boolean; readonly columns: number | null; write(text: string): void };

/** Everything that a command may touch of the outside, so that a test can give it another one. Made once, in `main.ts`. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: { readonly isTTY: boolean; read(): Promise<string> };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Folders of the user: the keyring's and the profiles' defaults. */
  readonly folders: { readonly state: string; readonly config: string };
  readonly self: { readonly pid: number; readonly host: string };
  readonly isAlive: (pid: number) => boolean;
  readonly now: () => Date;
  /** From 0 up to 1, for jitter. */
  readonly random: () => number;
  /** Secure ones, for secrets. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborted by the first Ctrl-C (or SIGTERM): begin nothing more. */
  readonly stop: AbortSignal;
  /** Aborted by the second one: drop what is under way. */
  readonly abort: AbortSignal;
  /** Asks the person at the terminal. */
  readonly ask: (question: string) => Promise<string>;
  /** Asks without showing what is typed. */
  readonly askSecret: (question: string) => Promise<string>;
  readonly transport: (options: TransportOptions) => Promise<Transport>;
  /** Runs a program without a shell. */
  readonly run: (command: string, args: readonly string[]) => Promise<Ran>;
};
