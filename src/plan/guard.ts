import { VkeysError } from '../base/errors.ts';
import type { Plan } from '../model/model.ts';

/** How many keys `--prune` may delete: a number, or a share of the set. */
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
 * Refuses a plan that would prune an unlikely share of a set, as a truncated roster or a wrong file does:
 * more than three keys and more than 30 %, unless a limit was given. `size` is the number of the set's live keys.
 */
export function guard(plan: Plan, size: number, max: MaxDeletions | null): Plan {
  const pruned = plan.changes.filter(({ action, desired }) => action === 'delete' && desired === null).length;
  const limit = max === null ? Math.max(3, size * 0.3) : 'count' in max ? max.count : (size * max.percent) / 100;
  if (pruned <= limit) return plan;
  const refusal = {
    code: 'guard',
    key_alias: null,
    message: `--prune would delete ${String(pruned)} of the ${String(size)} keys of ${plan.set}; ${String(Math.floor(limit))} are allowed.`,
    hint: `If that is meant: --max-deletions ${String(pruned)}`,
  } as const;
  return { ...plan, refusals: [refusal, ...plan.refusals] };
}
