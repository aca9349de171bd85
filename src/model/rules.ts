/** What every thing of a kind has to keep to. */
import { longestSpan } from '../base/duration.ts';
import { globPattern } from '../base/glob.ts';
import type { Origin } from './resource.ts';

/** Kinds that rules can be about. */
export const RULED_KINDS = ['key', 'team', 'user'] as const;
export type RuledKind = (typeof RULED_KINDS)[number];

/**
 * What one field has to keep to, and where that is written. `set`: whose things; `null`: everybody's. A field is one of the
 * kind's, its name, `expires`, or a member of the metadata: `metadata.cost_center`.
 */
export type Rule = {
  readonly kind: RuledKind;
  readonly set: string | null;
  readonly field: string;
  readonly origin: Origin;
} & Demand;

/**
 * `within`: it ends at most so long from now. `most`, `least`: a number, or a duration. `among`: the text, or each item of a
 * list, is one of these; `*` and `?` stand for any text in them. `all`: the list has each of these.
 */
export type Demand =
  | { readonly is: 'within'; readonly bound: string }
  | { readonly is: 'most' | 'least'; readonly bound: number | string }
  | { readonly is: 'among' | 'all'; readonly names: readonly string[] }
  | { readonly is: 'exactly'; readonly value: boolean }
  | { readonly is: 'set' | 'unset' };

/** Whether what keeps to `own` may break `other`, which is about the same field. */
export function loosens(own: Demand, other: Demand): boolean {
  if (own.is === 'set' || own.is === 'unset')
    return (other.is === 'set' || other.is === 'unset') && own.is !== other.is;
  if (other.is === 'unset') return true;
  switch (own.is) {
    case 'within':
    case 'most':
      return own.is === other.is && measure(own.bound) > measure(other.bound);
    case 'least':
      return other.is === 'least' && measure(own.bound) < measure(other.bound);
    case 'among': {
      if (other.is !== 'among') return false;
      return !own.names.every((name) => other.names.some((pattern) => covers(pattern, name)));
    }
    case 'exactly':
      return other.is === 'exactly' && own.value !== other.value;
    case 'all':
      return false;
  }
}

/** Whether a pattern has all that another one has: what `*` stands for may be nothing, and longer than all of the pattern. */
function covers(pattern: string, narrower: string): boolean {
  const long = '\uE000'.repeat(pattern.length + 1);
  return ['', long].every((text) => globPattern(pattern).test(narrower.replaceAll('*', text)));
}

/** A bound as a number that is more where more is allowed. */
export function measure(bound: number | string): number {
  return typeof bound === 'number' ? bound : (longestSpan(bound) ?? Infinity);
}
