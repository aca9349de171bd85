/** A filter that was mistyped looks like a server without keys. */
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Notice } from '../model/plan.ts';
import type { Selector } from '../model/selector.ts';

/** What was looked for, in the words of the flags, and where: so many keys, of these sets. */
export type Looked = {
  readonly selectors: readonly Selector[];
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly seen: number;
  readonly sets: readonly string[];
};

/** That no key is what was looked for; nothing where there is none at all. */
export function unmatchedNotices({ selectors, filter, seen, sets }: Looked): readonly Notice[] {
  if (seen === 0) return [];
  const named = selectors.map(({ label }) => `--key ${oneLine(label)}`);
  const filters = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${oneLine(value)}`],
  );
  const none = seen === 1 ? 'The only key does not match' : `None of the ${String(seen)} keys matches`;
  const { set } = filter;
  const meant = set === undefined || sets.includes(set) ? '' : didYouMean(set, sets);
  const message = `${none} ${[...named, ...filters].join(' ')}.${meant}`;
  return [{ code: 'missing', ref: null, message, hint: null }];
}
