/** A filter that was mistyped looks like a server without keys. */
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Notice } from '../model/plan.ts';
import type { Kind } from '../model/ref.ts';

/** What was looked for, by the names of options, and where: so many of a kind, of these sets. */
export type Looked = {
  readonly kind: Kind;
  readonly named: readonly string[];
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly seen: number;
  readonly sets: readonly string[];
};

/** That nothing is what was looked for; nothing where there is none at all. */
export function unmatchedNotices({ kind, named, filter, seen, sets }: Looked): readonly Notice[] {
  if (seen === 0) return [];
  const filters = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${flagName(name)} ${value}`],
  );
  const none = seen === 1 ? `The only ${kind} does not match` : `None of the ${String(seen)} ${kind}s matches`;
  const { set } = filter;
  const meant = set === undefined || sets.includes(set) ? '' : didYouMean(set, sets);
  const message = `${none} ${[...named, ...filters].map(oneLine).join(' ')}.${meant}`;
  return [{ code: 'missing', ref: null, message, hint: null }];
}

/** `accessibleTo` is `accessible-to` on the command line. */
function flagName(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
