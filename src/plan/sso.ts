/** Users of a plan with whom a server's single sign-on would stop working. */
import { isCreation, isDeletion } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';

/** How many more users there will be. */
export function moreUsers(plans: readonly Plan[]): number {
  const changes = plans.flatMap((plan) => plan.changes).filter(({ ref }) => ref.kind === 'user');
  return changes.filter(isCreation).length - changes.filter(isDeletion).length;
}

/** What is to be said where there will be more users than `most`. */
export function ssoNotices(
  plans: readonly Plan[],
  { users, most, whom }: { readonly users: number; readonly most: number; readonly whom: 'everybody' | 'new' },
): readonly Notice[] {
  const then = users + moreUsers(plans);
  if (then <= most) return [];
  const shut = whom === 'new' ? 'nobody in whom it does not know yet' : 'nobody in any more';
  const message = `The server will have ${String(then)} users: without a licence, its single sign-on then lets ${shut}.`;
  const hint = 'Keys need no user that is there: leave users out who have no limits of their own, or get a licence.';
  return [{ code: 'server', ref: null, message, hint }];
}
