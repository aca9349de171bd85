/** Teams, users or budgets part by part: all of a server's, or those that words name by an id, a name or a pattern. */
import { streamThings, type ListedKind, type ThingsPart } from '../litellm/list-things.ts';
import type { Live } from '../model/resource.ts';
import { calledTest, namesOf, sayUnmatched } from './called.ts';
import type { Session } from './open.ts';

/** `read`: how many were looked at for this part. */
type NamedPart = Omit<ThingsPart, 'isShort' | 'listed'> & { readonly read: number };

/** The things that words name, or all without any; the last part tells, in `gaps`, which words name none. */
export async function* listedThings(
  { connection }: Session,
  kind: ListedKind,
  { words, columns }: { readonly words: readonly string[]; readonly columns: readonly string[] },
): AsyncGenerator<NamedPart> {
  const named = words.map((word) => ({ word, test: calledTest(word) }));
  const left = new Set(named);
  const known = new Set<string>();
  let total = 0;
  for await (const part of streamThings(connection, kind, columns)) {
    ({ total } = part);
    const isMeant = (live: Live): boolean => named.length === 0 || named.some(({ test }) => test(live));
    const lives = part.lives.filter(isMeant);
    for (const each of left) if (lives.some(each.test)) left.delete(each);
    if (left.size > 0) for (const name of part.lives.flatMap(namesOf)) known.add(name);
    yield { lives, total, gaps: part.gaps, read: part.lives.length };
  }
  if (left.size === 0) return;
  yield { lives: [], total, gaps: [...left].map(({ word }) => sayUnmatched(kind, word, [...known])), read: 0 };
}
