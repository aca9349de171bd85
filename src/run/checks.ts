/** What a plan's keys would be good for: looked up where it depends on more than the keys, and said before they are made. */
import type { Notice, Plan, Refusal } from '../model/plan.ts';
import { guaranteedRefusals } from '../plan/guaranteed.ts';
import { checkUsers } from './admins.ts';
import { checkModels } from './models.ts';
import type { Session } from './open.ts';
import { checkReferences } from './references.ts';
import { checkSso } from './sso.ts';
import { noticesOfTeams, teamsOf } from './teams.ts';

/** What is to be said of one plan, and what refuses it. */
export type Said = { readonly notices: readonly Notice[]; readonly refusals: readonly Refusal[] };

/** What is to be said of each plan of one server. Throws `spec` for a model that the server does not offer. */
export async function checkPlans(
  plans: readonly Plan[],
  session: Session,
  { modelCheck }: { readonly modelCheck: boolean },
): Promise<readonly Said[]> {
  const users = await checkUsers(plans, session);
  const teams = await teamsOf(plans, session);
  const ofTeams = await noticesOfTeams(plans, teams, session);
  const models = modelCheck ? await checkModels(plans, teams, session) : [];
  const dead = await checkReferences(plans, teams, session);
  const guaranteed = guaranteedRefusals(plans, teams);
  const sso = await checkSso(plans, session);
  return plans.map((_, index) => ({
    notices: [...(users[index] ?? []), ...(ofTeams[index] ?? []), ...models, ...(index === 0 ? sso : [])],
    refusals: [...(dead[index] ?? []), ...(index === 0 ? guaranteed : [])],
  }));
}
