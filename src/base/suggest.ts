import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant, or `null` when none is near. */
export function suggest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(word.toLowerCase(), known);
  return distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3)) ? best : null;
}

/** `Did you mean X?` with a space before it, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = suggest(word, known);
  return best === null ? '' : ` Did you mean ${best}?`;
}
