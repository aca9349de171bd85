/** Whose team's rules a key is under once a plan is done. */
import { isDeletion, type Change } from '../model/change.ts';
import type { Settings } from '../model/fields.ts';
import type { Plan } from '../model/plan.ts';
import type { TeamBounds, Teams } from '../model/team-bounds.ts';

/** The teams of the keys that a plan leaves there. */
export function teamIdsIn({ changes }: Plan): readonly string[] {
  return [...new Set(changes.flatMap((change) => teamIdOf(change) ?? []))];
}

/** A key's team, where it has one that could be read. */
export function teamIn(change: Change, teams: Teams): TeamBounds | null {
  return teams.get(teamIdOf(change) ?? '') ?? null;
}

export function teamIdOf(change: Change): string | null {
  const { team_id: id } = settingsAfter(change);
  return typeof id === 'string' && id !== '' ? id : null;
}

/** What a key has afterwards: what is not managed stays. */
export function settingsAfter(change: Change): Settings {
  return isDeletion(change) ? {} : { ...change.live?.settings, ...change.desired.settings };
}
