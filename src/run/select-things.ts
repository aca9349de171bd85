/**
 * The teams, users or budgets that words name: one each, or with a pattern all that it matches; without words all of a set. What
 * is not named one by one needs the whole list.
 */
import { oneLine } from '../encode/terminal.ts';
import { streamThings, type ListedKind } from '../litellm/list-things.ts';
import type { Live } from '../model/resource.ts';
import { calledTest, isPattern, sayUnmatched } from './called.ts';
import type { Session } from './open.ts';
import { NoSuchThing, selectThing, type Missing } from './select-thing.ts';
import { setOf } from './single.ts';

export type ThingSelection = {
  /** Each once. */
  readonly lives: readonly Live[];
  /** Those of them that only a pattern, or the set, chose. */
  readonly matched: ReadonlySet<Live>;
  /** Words that name nothing. */
  readonly missing: readonly Missing[];
  /** How many things of the kind each set has, where the list was read. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What of the list could not be read, in words. */
  readonly gaps: readonly string[];
  /** Patterns may mean more than these: the server has more than it showed. */
  readonly isShort: boolean;
};

/** What is meant: of the things that the words name, or of all where there are none, those of the set, if there is one. */
export type ThingChoice = { readonly words: readonly string[]; readonly set: string | undefined };

/** Throws `refused` where a word is the name of several. `columns`: of their rows, for `extra`. */
export async function selectThings(
  session: Session,
  kind: ListedKind,
  { words, set }: ThingChoice,
  columns: readonly string[] = [],
): Promise<ThingSelection> {
  const isOfSet = ({ mark }: Live): boolean => set === undefined || mark?.set === set;
  const missing: Missing[] = [];
  const chosen = new Map<string, Live>();
  for (const word of words.filter((each) => !isPattern(each))) {
    try {
      const live = await selectThing(session, kind, word, columns);
      if (isOfSet(live)) chosen.set(live.id, live);
      else missing.push({ word, message: `The ${kind} ${oneLine(word)} is not of the set ${String(set)}.` });
    } catch (error) {
      if (!(error instanceof NoSuchThing)) throw error;
      missing.push({ word, message: error.message });
    }
  }
  const patterns = words.filter(isPattern).map((word) => ({ word, test: calledTest(word) }));
  const unmatched = new Set(patterns);
  const matched = new Set<Live>();
  const sizes = new Map<string, number>();
  const gaps: string[] = [];
  let isShort = false;
  const isListed = words.length === 0 || patterns.length > 0;
  for await (const part of isListed ? streamThings(session.connection, kind, columns) : []) {
    for (const live of part.lives) {
      sizes.set(setOf(live), (sizes.get(setOf(live)) ?? 0) + 1);
      const meant = patterns.filter(({ test }) => test(live));
      for (const each of meant) unmatched.delete(each);
      const isMeant = words.length === 0 || meant.length > 0;
      if (isMeant && isOfSet(live) && !chosen.has(live.id)) matched.add(live);
    }
    gaps.push(...part.gaps);
    isShort ||= part.isShort;
  }
  for (const { word } of unmatched) missing.push({ word, message: sayUnmatched(kind, word, []) });
  return { lives: [...chosen.values(), ...matched], matched, missing, sizes, gaps, isShort };
}
