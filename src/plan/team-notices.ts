/** What a key is to have and its team does not let it: the server says so only when the key is used. */
import { firstOf } from '../base/first-of.ts';
import type { Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Deployment, TeamBounds, Teams } from '../model/team-bounds.ts';
import { settingsAfter, teamIdOf } from './team.ts';
import { deniedModels } from './team-models.ts';

/** What is to be said of the keys whose teams were read, seeing what the server offers. */
export function teamNotices({ changes }: Plan, teams: Teams, offered: readonly Deployment[]): readonly Notice[] {
  return changes.flatMap((change) => {
    const id = teamIdOf(change);
    const team = id === null ? undefined : teams.get(id);
    if (id === null || team === undefined) return [];
    const said = team === null ? [sayMissing(id)] : sayOf(change, team, offered);
    return said.map(([message, hint]): Notice => ({ code: 'team', ref: change.ref, message, hint }));
  });
}

/** A message and its next step. */
type Said = readonly [string, string];

function sayMissing(team_id: string): Said {
  return [
    `The server has no team with the id ${team_id}.`,
    "team_id is a team's id, not its name: copy it from Teams in the server's user interface.",
  ];
}

function sayOf(change: Change, team: TeamBounds, offered: readonly Deployment[]): readonly Said[] {
  const name = team.team_alias === null ? team.team_id : `${team.team_alias} (${team.team_id})`;
  const settings = settingsAfter(change);
  const denied = deniedModels(change, team, offered);
  return [
    ...(team.blocked ? [sayBlocked(name)] : []),
    ...(team.max_budget !== null && team.spend >= team.max_budget ? [saySpent(name, team.max_budget)] : []),
    ...(denied.length > 0 ? [sayDenied(denied, name, team)] : []),
    ...LIMITS.flatMap((field): readonly Said[] => {
      const [own, most] = [settings[field], team[field]];
      return typeof own === 'number' && most !== null && own > most ? [sayLess(field, own, most, name)] : [];
    }),
  ];
}

const LIMITS = ['max_budget', 'tpm_limit', 'rpm_limit'] as const;
/** So many names are enough to know which are meant. */
const SOME = 5;

function sayBlocked(name: string): Said {
  return [
    `Its team ${name} is blocked, so its calls are refused.`,
    `Unblock it: vkeys team unblock ${name}. Or give the key another team.`,
  ];
}

function saySpent(name: string, max_budget: number): Said {
  return [
    `Its team ${name} has spent its max_budget of ${String(max_budget)}, so its calls are refused.`,
    `Raise it: vkeys team update ${name} --max-budget N. Or wait until its budget_duration ends.`,
  ];
}

function sayDenied(denied: readonly string[], name: string, { models }: TeamBounds): Said {
  const calls = `calls of ${denied.length === 1 ? 'it' : 'them'}`;
  return [
    `Its team ${name} may not use ${firstOf(denied, SOME)}, so ${calls} are refused.`,
    `The team has ${firstOf(models, SOME)}: give it more models, or the key fewer.`,
  ];
}

function sayLess(field: string, own: number, most: number, name: string): Said {
  return [
    `Its ${field} of ${String(own)} is more than the ${String(most)} of its whole team ${name}.`,
    "The smaller one counts: raise the team's, or lower the key's.",
  ];
}
