import { compareNumber, isLosslessNumber, LosslessNumber } from 'lossless-json';

/** A number that a double would make another of, as it was written (its `value`): 2^60 + 1, 1e400. */
export type Numeral = LosslessNumber;

export const isNumeral: (value: unknown) => value is Numeral = isLosslessNumber;

/** What a number in a JSON text stands for. Never -0, which LiteLLM does not tell from 0. */
export function numberOf(text: string): number | Numeral {
  return isHeld(text) ? Number(text) + 0 : new LosslessNumber(text);
}

/**
 * Whether JavaScript can hold a number that is written like this, in JSON's way: of a whole number every digit has to
 * stay, and none may become infinite or nothing. A fraction means the double next to it, here as in LiteLLM's Python.
 */
export function isHeld(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (value !== 0 && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return true;
  return compareNumber(text, String(value)) === 0;
}
