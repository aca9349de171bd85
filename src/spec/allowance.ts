/**
 * What one run may ask for, all its files together. A line of a spec may stand for thousands of keys, and a short
 * template with a long value for megabytes, so what comes out is counted before it is made.
 */
import type { Problem } from './read/text.ts';

export const MAX_KEYS = 25_000;
/** Of aliases, metadata and hand-outs. */
const MAX_CHARACTERS = 16_000_000;

/** What filling a template takes besides its text, in characters. */
export const FILLING = 50;

/** What is left of both. */
export type Allowance = { keys: number; characters: number };

export function fullAllowance(): Allowance {
  return { keys: MAX_KEYS, characters: MAX_CHARACTERS };
}

/** What is too much, once something is. */
export function excessOf({ keys, characters }: Allowance): Problem | null {
  const rule = 'limit';
  if (keys < 0) {
    const hint = 'Split the spec into several files, and apply them one by one.';
    return { rule, message: `These are more than ${String(MAX_KEYS)} keys.`, hint };
  }
  if (characters >= 0) return null;
  const hint = 'Shorten the metadata, the templates and the values of the roster, or split the spec.';
  return { rule, message: 'The keys and hand-outs are more than 16 million characters.', hint };
}
