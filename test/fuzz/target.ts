import type * as fc from 'fast-check';

/** A reader under fire: what it is fed, and what must hold. */
export type Target<T = unknown> = {
  readonly inputs: fc.Arbitrary<T>;
  /** Throws where anything but a result or a diagnostic comes out. */
  readonly check: (input: T) => void | Promise<void>;
  /** How many of ten thousand inputs are its share. */
  readonly share: number;
};

/** The target as one of the table, whose inputs are of many types. */
export function target<T>(one: Target<T>): Target {
  return { ...one, check: (input) => one.check(input as T) };
}

export function assert(holds: boolean, claim: string, ...facts: readonly unknown[]): void {
  if (!holds) throw new Error([claim, ...facts.map((fact) => JSON.stringify(fact))].join(' '));
}

/** All that a terminal could obey, but for line breaks and tabs. */
export const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}\p{Surrogate}]/u;
