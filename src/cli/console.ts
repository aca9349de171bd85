import type { World } from '../run/world.ts';

/** A stream that a person or a program reads. */
export type Output = {
  readonly isTTY: boolean;
  readonly columns: number | null;
  write(text: string): void;
  /** Waits until all of it has arrived; answers with why it did not, a reader that went away too. */
  readonly arrived?: () => Promise<Error | null>;
};

/** The world, and somebody who reads and is asked. */
export type Console = World & {
  readonly stdin: { readonly isTTY: boolean; read(): Promise<string> };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Asks the person at the terminal. */
  readonly ask: (question: string) => Promise<string>;
  /** Asks without showing what is typed. */
  readonly askSecret: (question: string) => Promise<string>;
};
