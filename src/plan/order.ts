import { ACTIONS, type Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import { byRef } from '../model/ref.ts';

/** What the plan says of one thing, or of a few together. */
export type PlanPart = {
  readonly changes?: readonly Change[];
  readonly notices?: readonly Notice[];
  readonly refusals?: readonly Notice[];
};

/** The parts as one, in an order that does not depend on theirs: by action, then by name. */
export function inOrder(parts: readonly PlanPart[]): Pick<Plan, 'changes' | 'notices' | 'refusals'> {
  return {
    changes: parts
      .flatMap(({ changes = [] }) => changes)
      .toSorted((a, b) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) || byRef(a.ref, b.ref)),
    notices: parts.flatMap(({ notices = [] }) => notices).toSorted(bySubject),
    refusals: parts.flatMap(({ refusals = [] }) => refusals).toSorted(bySubject),
  };
}

/** What is about no single thing comes first. */
function bySubject(a: Notice, b: Notice): number {
  if (a.ref === null || b.ref === null) return Number(a.ref !== null) - Number(b.ref !== null);
  return byRef(a.ref, b.ref);
}
