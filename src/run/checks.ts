/** What a plan's keys would be good for: looked up where it depends on more than the keys, and said before they are made. */
import type { Notice, Plan } from '../model/plan.ts';
import { checkUsers } from './admins.ts';
import { checkModels } from './models.ts';
import type { Session } from './open.ts';
import { noticesOfTeams, teamsOf } from './teams.ts';

/** What is to be said of each plan of one server. Throws `spec` for a model that the server does not offer. */
export async function checkKeys(
  plans: readonly Plan[],
  session: Session,
  { modelCheck }: { readonly modelCheck: boolean },
): Promise<readonly (readonly Notice[])[]> {
  const users = await checkUsers(plans, session);
  const teams = await teamsOf(plans, session);
  const ofTeams = await noticesOfTeams(plans, teams, session);
  const models = modelCheck ? await checkModels(plans, teams, session) : [];
  return plans.map((_, index) => [...(users[index] ?? []), ...(ofTeams[index] ?? []), ...models]);
}
