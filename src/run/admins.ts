import { listAdmins } from '../litellm/admins.ts';
import type { Notice, Plan } from '../model/plan.ts';
import { adminNotices, newUsers } from '../plan/admins.ts';
import type { Session } from './open.ts';

/** What is to be said of the users of a plan's new keys. Asks the server only where there are any. */
export async function checkUsers(
  plans: readonly Plan[],
  { connection }: Session,
): Promise<readonly (readonly Notice[])[]> {
  if (plans.every((plan) => newUsers(plan).length === 0)) return plans.map(() => []);
  const admins = await listAdmins(connection);
  return plans.map((plan) => adminNotices(plan, admins));
}
