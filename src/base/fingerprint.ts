/**
 * Tells whether a secret is still the one that was sent, where a server gives back only its encryption. What is kept is
 * in a place that others can read, so it must not help to find the secret: guessing is slow (scrypt), and 16 bits fit one
 * guess of 65,536 by chance, so that no guess is ever confirmed. As rarely, a change goes unnoticed.
 */
import { createHash, scryptSync } from 'node:crypto';

const COST = { N: 4096, r: 8, p: 1 };
const KNOWN = new Map<string, string>();

/** Of texts with their places; the order does not matter. */
export function fingerprint(texts: readonly (readonly [place: string, text: string])[]): string {
  const lines = texts.map(([place, text]) => `${JSON.stringify(place)} ${slow(text)}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 4);
}

/** Tells one encryption from another, which are no secrets. */
export function digest(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
}

/** Most keys of a set have the same secret, so each is worked on once. */
function slow(text: string): string {
  const known = KNOWN.get(text) ?? scryptSync(text, 'vkeys', 16, COST).toString('hex');
  KNOWN.set(text, known);
  return known;
}
