import { VkeysError } from '../base/errors.ts';
import { listDeployments } from '../litellm/models.ts';
import { readTeams } from '../litellm/team-bounds.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Deployment, Teams } from '../model/team-bounds.ts';
import { plannedTeams, teamIdsIn } from '../plan/team.ts';
import { mayDenyModels } from '../plan/team-models.ts';
import { teamNotices } from '../plan/team-notices.ts';
import type { Session } from './open.ts';

/** The teams of the keys of plans: a request for each that is in none of the plans. */
export async function teamsOf(plans: readonly Plan[], { connection }: Session): Promise<Teams> {
  const planned = plannedTeams(plans);
  const others = [...new Set(plans.flatMap(teamIdsIn))].filter((id) => !planned.has(id));
  return new Map([...(await readTeams(connection, others)), ...planned]);
}

/** What is to be said of these teams' keys. Asks for what the server offers only where a team may not have it. */
export async function noticesOfTeams(
  plans: readonly Plan[],
  teams: Teams,
  session: Session,
): Promise<readonly (readonly Notice[])[]> {
  const offered = plans.some((plan) => mayDenyModels(plan, teams)) ? await deployments(session) : [];
  return plans.map((plan) => teamNotices(plan, teams, offered));
}

/** Nothing, where this credential may not list them. */
async function deployments({ connection }: Session): Promise<readonly Deployment[]> {
  try {
    return await listDeployments(connection);
  } catch (error) {
    if (error instanceof VkeysError && error.kind === 'auth') return [];
    throw error;
  }
}
