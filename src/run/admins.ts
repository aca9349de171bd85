import { listAdmins } from '../litellm/admins.ts';
import type { Notice, Plan, Refusal } from '../model/plan.ts';
import { adminNotices, newUsers, plannedRoles } from '../plan/admins.ts';
import { leavingAdmins, rootRefusals } from '../plan/root.ts';
import type { Session } from './open.ts';

/** What is to be said of the users of a plan's new keys. Asks the server only where there are any. */
export async function checkUsers(
  plans: readonly Plan[],
  { connection }: Session,
): Promise<readonly (readonly Notice[])[]> {
  if (plans.every((plan) => newUsers(plan).length === 0)) return plans.map(() => []);
  const roles = new Map([...(await listAdmins(connection)), ...plannedRoles(plans)]);
  return plans.map((plan) => adminNotices(plan, roles));
}

/** What keeps a run from taking the last admins of a server away. Asks the server only where it would take some. */
export async function checkAdmins(plans: readonly Plan[], { connection }: Session): Promise<readonly Refusal[]> {
  if (plans.every((plan) => leavingAdmins(plan).length === 0)) return [];
  return rootRefusals(plans, await listAdmins(connection));
}
