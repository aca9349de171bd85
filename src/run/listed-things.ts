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
  const left = new Set(words);
  const known = new Set<string>();
  let total = 0;
  for await (const part of streamThings(connection, kind, columns)) {
    ({ total } = part);
    const lives =
      words.length === 0 ? part.lives : part.lives.filter((live) => words.some((word) => isCalled(word, live)));
    for (const word of left) if (lives.some((live) => isCalled(word, live))) left.delete(word);
    if (left.size > 0) for (const { id, name } of part.lives) known.add(id).add(name ?? id);
    yield { lives, total, gaps: part.gaps, read: part.lives.length };
  }
  if (left.size > 0)
    yield { lives: [], total, gaps: [...left].map((word) => sayNone(kind, word, [...known])), read: 0 };
}

/** Whether a word, which may be a pattern, is the name or the id of a thing. */
function isCalled(word: string, { id, name }: Live): boolean {
  if (id === word || name === word) return true;
  if (!/[*?]/.test(word)) return false;
  const pattern = globPattern(word);
  return pattern.test(id) || pattern.test(name ?? '');
}

/** That a word names nothing of a kind, and what may have been meant. */
export function sayNone(kind: ListedKind, word: string, known: readonly string[]): string {
  return /[*?]/.test(word)
    ? `There is no ${kind} whose name or id matches ${oneLine(word)}.`
    : `There is no ${kind} ${oneLine(word)}.${didYouMean(word, known)}`;
}
