import { VkeysError } from '../base/errors.ts';
import type { Because, Change, Outlived } from '../model/change.ts';
import type { Plan, Refusal } from '../model/plan.ts';
import { refText } from '../model/ref.ts';

/** How many keys that nobody named may be deleted: a number, or a share of the sets. */
export type MaxDeletions = { readonly count: number } | { readonly percent: number };

/** `10` or `50%`. Throws `usage`. */
export function parseMaxDeletions(text: string): MaxDeletions {
  const match = /^([0-9]{1,9})(%?)$/.exec(text.trim());
  if (match === null || (match[2] === '%' && Number(match[1]) > 100)) {
    throw new VkeysError(
      'usage',
      `--max-deletions ${text} is neither a number nor a percentage.`,
      'Give it like --max-deletions 10 or --max-deletions 50%.',
    );
  }
  return match[2] === '%' ? { percent: Number(match[1]) } : { count: Number(match[1]) };
}

/**
 * Refuses a run that would delete an unlikely share of its sets because nobody named them, as a truncated roster, a wrong file
 * or a short pattern does: more than three keys and more than 30 %, or all of a set of several, unless a limit was given. It
 * counts over the whole run, and what the server deletes along too. `size` is the number of a set's live keys.
 */
export function guard(
  plans: readonly { readonly plan: Plan; readonly size: number }[],
  max: MaxDeletions | null,
): readonly Refusal[] {
  const sets = plans.map(({ plan, size }) => ({ set: plan.set, size, gone: unnamedBy(plan) }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const gone = sum(sets.map((each) => each.gone));
  const size = sum(sets.map((each) => each.size));
  const names = sets.filter((each) => each.gone > 0).map(({ set }) => set);
  const emptied = sets.find((each) => each.gone > 1 && each.gone >= each.size);
  const limit = max === null ? Math.max(3, size * 0.3) : 'count' in max ? max.count : (size * max.percent) / 100;
  if (gone <= limit && (max !== null || emptied === undefined)) return [];
  const isOfKeys = plans.every(({ plan }) => plan.changes.every(({ ref }) => ref.kind === 'key'));
  const why = gone > limit ? `${String(Math.floor(limit))} are allowed` : `that is all of ${String(emptied?.set)}`;
  return [
    {
      code: 'guard',
      ref: null,
      message: `${String(gone)} of the ${String(size)} ${isOfKeys ? 'keys' : 'things'} of ${names.join(', ')} would be ${plans.some(({ plan }) => plan.changes.some(isUnheld)) ? 'deleted or replaced' : 'deleted'}; ${why}.`,
      hint: `If that is meant: --max-deletions ${String(gone)}`,
    },
  ];
}

/** Why things go that nobody named: on a machine without the places of keys, all of them are nobody's. */
const UNNAMED: ReadonlySet<string> = new Set<Because | Outlived>(['pruned', 'matched', 'unheld']);

function isUnheld(change: Change): boolean {
  return change.action === 'replace' && change.because === 'unheld';
}

function unnamedBy({ changes }: Plan): number {
  const unnamed = changes.filter((change) => ('because' in change ? UNNAMED.has(change.because) : false));
  const names = unnamed.map(({ ref }) => refText(ref));
  const along = new Set(unnamed.flatMap(({ takes }) => takes.map(refText)));
  return names.length + [...along].filter((text) => !names.includes(text)).length;
}
