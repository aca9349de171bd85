/** Teams, users or budgets part by part: all of a server's, or those that words name by their name, their id or a pattern. */
import { globPattern } from '../base/glob.ts';
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import { streamThings, type ListedKind, type ThingsPart } from '../litellm/list-things.ts';
import type { Live } from '../model/resource.ts';
import type { Session } from './open.ts';

/** `read`: how many were looked at for this part. */
type NamedPart = Omit<ThingsPart, 'isShort'> & { readonly read: number };

/** The things that words name, or all without any; the last part tells, in `gaps`, which words name none. */
export async function* listedThings(
  { connection }: Session,
  kind: ListedKind,
  { words, columns }: { readonly words: readonly string[]; readonly columns: readonly string[] },
): AsyncGenerator<NamedPart> {
  const tests = words.map((word) => ({ word, isCalled: nameTest(word) }));
  const left = new Set(tests);
  const known = new Set<string>();
  let total = 0;
  for await (const part of streamThings(connection, kind, columns)) {
    ({ total } = part);
    const isNamed = (live: Live): boolean => tests.length === 0 || tests.some(({ isCalled }) => isCalled(live));
    const lives = part.lives.filter(isNamed);
    for (const test of left) if (lives.some(test.isCalled)) left.delete(test);
    if (left.size > 0) for (const { id, name } of part.lives) known.add(id).add(name ?? id);
    yield { lives, total, gaps: part.gaps, read: part.lives.length };
  }
  if (left.size === 0) return;
  yield { lives: [], total, gaps: [...left].map(({ word }) => sayNone(kind, word, [...known])), read: 0 };
}

/** Whether a thing has this name or id, or one that matches the pattern. */
function nameTest(word: string): (live: Live) => boolean {
  const pattern = isPattern(word) ? globPattern(word) : null;
  return ({ id, name }) => [id, name].some((text) => text === word || (text !== null && pattern?.test(text) === true));
}

function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}

/** That a word names nothing of a kind, and what may have been meant. */
export function sayNone(kind: ListedKind, word: string, known: readonly string[]): string {
  return isPattern(word)
    ? `There is no ${kind} whose name or id matches ${oneLine(word)}.`
    : `There is no ${kind} ${oneLine(word)}.${didYouMean(word, known)}`;
}
