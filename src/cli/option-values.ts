/** What options take that is more than a word. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { durationHint, parseDuration } from '../base/duration.ts';

/** `a,b`. */
export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** An option that may be given again. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `60d`. */
export function duration(text: string): string {
  if (parseDuration(text) !== null) return text;
  throw new InvalidArgumentError(durationHint(text));
}
