/** What things are called on a command line: by their ids and names, and users by their addresses and aliases too. */
import { globPattern } from '../base/glob.ts';
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Kind } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';

/** All that a thing may be called, its id first. */
export function namesOf({ id, name, settings }: Live): readonly string[] {
  const { user_email, user_alias } = settings;
  return [id, name, user_email, user_alias].filter((text) => typeof text === 'string');
}

/** Whether a thing is called so; the case of an address says nothing. */
export function isCalled(word: string, live: Live): boolean {
  const address = word.includes('@') ? word.toLowerCase() : null;
  return namesOf(live).some((name) => name === word || name.toLowerCase() === address);
}

/** The same, for a word that may be a pattern. */
export function calledTest(word: string): (live: Live) => boolean {
  if (!isPattern(word)) return (live) => isCalled(word, live);
  const pattern = globPattern(word);
  return (live) => isCalled(word, live) || namesOf(live).some((name) => pattern.test(name));
}

/** That nothing of a kind is called so, and what may have been meant. */
export function sayNone(kind: Kind, word: string, known: readonly string[]): string {
  return `There is no ${kind} ${oneLine(word)}.${didYouMean(word, known)}`;
}

/** The same, for a word that may be a pattern. */
export function sayUnmatched(kind: Kind, word: string, known: readonly string[]): string {
  return isPattern(word) ? `There is no ${kind} that ${oneLine(word)} matches.` : sayNone(kind, word, known);
}

/** Whether a word stands for several. */
export function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}
