/** Chance from a seed, so that what was seen once can be seen again. */
import { createHash } from 'node:crypto';

/** A number from 0 up to, and without, 1. */
export type Random = () => number;

/** The same words give the same numbers. */
export function randomFrom(...seed: readonly (string | number)[]): Random {
  let state = createHash('sha256').update(seed.join(' ')).digest().readInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the values, of which there must be one. */
export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** A whole number, both ends included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
