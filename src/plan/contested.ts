/** One thing in two plans of a run: taken over by one set, and changed or pruned by the set that has it now. */
import type { Change } from '../model/change.ts';
import type { Plan, Refusal } from '../model/plan.ts';

/** Refuses what two sets of one server would bring about in the same thing. */
export function contestedRefusals(plans: readonly Plan[]): readonly Refusal[] {
  const first = new Map<string, { readonly plan: Plan; readonly change: Change }>();
  return plans.flatMap((plan) =>
    plan.changes.flatMap((change): Refusal[] => {
      if (change.live === null) return [];
      const key = JSON.stringify([change.live.kind, change.live.id]);
      const other = first.get(key);
      if (other === undefined) first.set(key, { plan, change });
      if (other === undefined || other.plan === plan) return [];
      const message = `${plan.set} would ${change.action} it, and ${other.plan.set} would ${other.change.action} it.`;
      const hint = 'Let one set have it: take it out of the spec of the other, and apply that without --prune first.';
      return [{ code: 'collision', ref: change.ref, message, hint }];
    }),
  );
}
