/** Throughput that keys are guaranteed: all of it together has to be what their team has, or the server refuses the last of them. */
import type { Plan, Refusal } from '../model/plan.ts';
import type { TeamBounds, Teams } from '../model/team-bounds.ts';
import { settingsAfter, teamIn } from './team.ts';

const LIMITS = [
  ['rpm_limit', 'rpm_limit_type', 'requests'],
  ['tpm_limit', 'tpm_limit_type', 'tokens'],
] as const;

/** Refuses what the keys of plans alone are guaranteed beyond their team's limit. */
export function guaranteedRefusals(plans: readonly Plan[], teams: Teams): readonly Refusal[] {
  const sums = new Map<string, { readonly team: TeamBounds; sum: number }>();
  for (const change of plans.flatMap(({ changes }) => changes)) {
    const team = teamIn(change, teams);
    const settings = settingsAfter(change);
    for (const [limit, type] of LIMITS) {
      const own = settings[limit];
      if (team === null || typeof own !== 'number' || settings[type] !== 'guaranteed_throughput') continue;
      const sum = sums.get(limit + team.team_id) ?? { team, sum: 0 };
      sum.sum += own;
      sums.set(limit + team.team_id, sum);
    }
  }
  return LIMITS.flatMap(([limit, , what]) =>
    [...sums].flatMap(([id, { team, sum }]): Refusal[] => {
      const most = team[limit];
      if (id !== limit + team.team_id || most === null || sum <= most) return [];
      const message = `The keys of the team ${team.team_alias ?? team.team_id} are guaranteed ${String(sum)} ${what} a minute together, and it has ${String(most)}.`;
      const hint = `Lower their ${limit}, raise that of the team, or leave ${limit}_type out.`;
      return [{ code: 'team', ref: null, message, hint }];
    }),
  );
}
