/** Looks up the ids of teams and budgets that keys are newly given, and what was meant where one is nowhere. */
import { didYouMean } from '../base/suggest.ts';
import { budgetStore } from '../litellm/budget-store.ts';
import type { Connection } from '../litellm/http/request.ts';
import { teamStore } from '../litellm/team-store.ts';
import type { Plan, Refusal } from '../model/plan.ts';
import type { Teams } from '../model/team-bounds.ts';
import { deadRefusals, newIds, type Dead } from '../plan/references-by-id.ts';
import type { Session } from './open.ts';

/** What keeps each plan from giving keys what is not there. `teams`: those of their keys, as they were read. */
export async function checkReferences(
  plans: readonly Plan[],
  teams: Teams,
  { connection }: Session,
): Promise<readonly (readonly Refusal[])[]> {
  const deadTeams = await meantTeams(
    newIds(plans, 'team_id').filter((id) => teams.get(id) === null),
    connection,
  );
  const deadBudgets = await meantBudgets(newIds(plans, 'budget_id'), connection);
  return plans.map((plan) => [
    ...deadRefusals(plan, 'team_id', deadTeams),
    ...deadRefusals(plan, 'budget_id', deadBudgets),
  ]);
}

/** The name of a team stands where its id should. */
async function meantTeams(dead: readonly string[], connection: Connection): Promise<Dead> {
  if (dead.length === 0) return new Map();
  const { lives } = await teamStore(connection).survey({ ids: [], names: dead, all: false });
  return new Map(
    dead.map((id) => {
      const named = lives.filter(({ name }) => name === id).map((live) => live.id);
      if (named.length === 0)
        return [id, { guess: '', hint: 'Call the team by its name: team: NAME. Or write it under teams:.' }];
      const guess = ` ${id} is the name of the team ${named.join(' and of ')}.`;
      return [id, { guess, hint: `Call it by its name: team: ${id}` }];
    }),
  );
}

async function meantBudgets(ids: readonly string[], connection: Connection): Promise<Dead> {
  const store = budgetStore(connection);
  const look = async (wanted: readonly string[], all: boolean): Promise<readonly string[]> =>
    (await store.survey({ ids: wanted, names: [], all })).lives.map(({ id }) => id);
  const there = new Set(ids.length === 0 ? [] : await look(ids, false));
  const dead = ids.filter((id) => !there.has(id));
  const known = dead.length === 0 ? [] : await look([], true);
  const hint = 'Write it under budgets:, or give the key a max_budget of its own.';
  return new Map(dead.map((id) => [id, { guess: didYouMean(id, known), hint }]));
}
