/** Whose team's rules a key is under once a plan is done. */
import { isCreation, isDeletion, type Change } from '../model/change.ts';
import type { Settings } from '../model/fields.ts';
import type { Plan } from '../model/plan.ts';
import type { TeamBounds, Teams } from '../model/team-bounds.ts';

/** The teams of the keys that a plan leaves there, but for those that it makes itself. */
export function teamIdsIn({ changes }: Plan): readonly string[] {
  const made = new Set(changes.filter(isCreation).map(({ desired }) => desired.id));
  return [...new Set(changes.flatMap((change) => teamIdOf(change) ?? []))].filter((id) => !made.has(id));
}

/** A key's team, where it has one that could be read. */
export function teamIn(change: Change, teams: Teams): TeamBounds | null {
  return teams.get(teamIdOf(change) ?? '') ?? null;
}

export function teamIdOf(change: Change): string | null {
  const { team_id: id } = settingsAfter(change);
  if (change.ref.kind !== 'key') return null;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** What a key has afterwards: what is not managed stays. */
export function settingsAfter(change: Change): Settings {
  return isDeletion(change) ? {} : { ...change.live?.settings, ...change.desired.settings };
}
