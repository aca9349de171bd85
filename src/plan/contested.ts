/** One thing in two plans of a run: taken over by one set and changed by another, or one name that two sets would give. */
import { isCreation, isDeletion, type Change } from '../model/change.ts';
import type { Plan, Refusal } from '../model/plan.ts';

/** Refuses what two sets of one server would bring about in the same thing, or under the same name. */
export function contestedRefusals(plans: readonly Plan[]): readonly Refusal[] {
  const first = new Map<string, { readonly plan: Plan; readonly change: Change }>();
  return plans.flatMap((plan) =>
    plan.changes.flatMap((change): Refusal[] => {
      const others = claimsOf(change).flatMap((claim) => {
        const other = first.get(claim);
        if (other === undefined) first.set(claim, { plan, change });
        return other === undefined || other.plan === plan ? [] : [other];
      });
      const [other] = others;
      if (other === undefined) return [];
      const message = `${plan.set} would ${change.action} it, and ${other.plan.set} would ${other.change.action} it.`;
      const hint = 'Let one set have it: take it out of the spec of the other, and apply that without --prune first.';
      return [{ code: 'collision', ref: change.ref, message, hint }];
    }),
  );
}

/** The thing that is there, and the name that it is given. */
function claimsOf(change: Change): readonly string[] {
  const { ref, live } = change;
  return [
    ...(live === null ? [] : [JSON.stringify(['id', live.kind, live.id])]),
    ...(isNamed(change) ? [JSON.stringify(['name', ref.kind, ref.name])] : []),
  ];
}

function isNamed(change: Change): boolean {
  return isCreation(change) || (!isDeletion(change) && change.live?.name !== change.ref.name);
}
