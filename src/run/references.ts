/** Looks up the ids of teams, budgets, users and organisations that things are newly given, and what was meant where one is nowhere. */
import { didYouMean } from '../base/suggest.ts';
import { budgetStore } from '../litellm/budget-store.ts';
import { listOrganizations } from '../litellm/organizations.ts';
import type { Connection } from '../litellm/http/request.ts';
import { teamStore } from '../litellm/team-store.ts';
import { userStore } from '../litellm/user-store.ts';
import type { Plan, Refusal } from '../model/plan.ts';
import type { Live } from '../model/resource.ts';
import type { Teams } from '../model/team-bounds.ts';
import { deadRefusals, newIds, type Dead } from '../plan/references-by-id.ts';
import { isCalled } from './called.ts';
import type { Session } from './open.ts';

/** What keeps each plan from giving things what is not there. `teams`: those of their keys, as they were read. */
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
  const deadUsers = await meantUsers(newIds(plans, 'user_id'), connection);
  const deadOrganizations = await meantOrganizations(newIds(plans, 'organization_id'), connection);
  return plans.map((plan) => [
    ...deadRefusals(plan, 'organization_id', deadOrganizations),
    ...deadRefusals(plan, 'team_id', deadTeams),
    ...deadRefusals(plan, 'budget_id', deadBudgets),
    ...deadRefusals(plan, 'user_id', deadUsers),
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
      return [id, { guess, hint: `Call it by its name: team: ${id}, or --team ${id}` }];
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

/** An address stands where the id should: users are known by both. */
async function meantUsers(ids: readonly string[], connection: Connection): Promise<Dead> {
  if (ids.length === 0) return new Map();
  const { lives } = await userStore(connection).survey({ ids, names: [], all: false });
  const known = new Map(lives.map((live) => [live.id, live]));
  const hint = 'Write it under users:, or make it first: vkeys user create USER';
  return new Map(ids.filter((id) => !known.has(id)).map((id) => [id, { guess: meantBy(id, lives), hint }] as const));
}

function meantBy(word: string, lives: readonly Live[]): string {
  const same = lives.find((live) => isCalled(word, live));
  return same === undefined
    ? didYouMean(
        word,
        lives.map(({ id }) => id),
      )
    : ` ${word} is what the user ${same.id} is called.`;
}

async function meantOrganizations(ids: readonly string[], connection: Connection): Promise<Dead> {
  const known = ids.length === 0 ? null : await listOrganizations(connection);
  if (known === null) return new Map();
  const hint = 'Give the id of one that is there, or leave it out.';
  return new Map(
    ids
      .filter((id) => !known.has(id))
      .map((id) => {
        const same = [...known].find(([, name]) => name === id);
        const guess = same === undefined ? didYouMean(id, [...known.keys()]) : ` ${id} is the name of ${same[0]}.`;
        return [id, { guess, hint }] as const;
      }),
  );
}
