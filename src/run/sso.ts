import { readSsoLimit } from '../litellm/sso.ts';
import type { Notice, Plan } from '../model/plan.ts';
import { moreUsers, ssoNotices } from '../plan/sso.ts';
import type { Session } from './open.ts';

/** What is to be said of single sign-on. Asks the server only where there will be more users than now. */
export async function checkSso(plans: readonly Plan[], { connection }: Session): Promise<readonly Notice[]> {
  if (moreUsers(plans) <= 0) return [];
  const limit = await readSsoLimit(connection);
  return limit === null ? [] : ssoNotices(plans, limit);
}
