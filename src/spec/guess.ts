import { didYouMean } from '../base/suggest.ts';

/** A long list is not searched: there may be as many wrong names as right ones. */
const LONG = 200;

/** ` Did you mean …?`, or nothing. */
export function guess(name: string, known: readonly string[]): string {
  return known.length > LONG ? '' : didYouMean(name, known);
}
