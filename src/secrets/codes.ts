/**
 * How long a code lasts: longer than the secret that it opens, because whoever's key was replaced, or deleted and made again,
 * has the same card. It follows its key to another name, and ends when the key is forgotten by hand, or with the last key of
 * the set.
 */
import type { Entry, Line, Seat } from '../model/keyring.ts';

/** What becomes of the codes after one more line about a key that was known as `before`. `entries`: as they are behind it. */
export function codesAfter(
  codes: Map<string, Seat>,
  line: Line,
  before: Entry,
  entries: ReadonlyMap<string, Entry>,
): void {
  const isNamed = (): boolean => [...entries.values()].some(({ name }) => name === before.name);
  const seat = codes.get(before.name);
  if (line.op === 'named' && seat !== undefined && !codes.has(line.name) && !isNamed()) {
    codes.delete(before.name);
    codes.set(line.name, seat);
  }
  if (line.op !== 'drop' || line.why === 'refused') return;
  if (entries.size === 0) codes.clear();
  else if (line.why === 'forgotten' && !isNamed()) codes.delete(before.name);
}
