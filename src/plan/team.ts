/** Whose team's rules a key is under once a plan is done, and which those are. */
import { isList, type Json } from '../base/json.ts';
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
  if (change.ref.kind !== 'key') return null;
  const { team_id: id } = settingsAfter(change);
  return typeof id === 'string' && id !== '' ? id : null;
}

/** The teams that plans make or leave there, as they are afterwards: nobody has to be asked for them. */
export function plannedTeams(plans: readonly Plan[]): Teams {
  const changes = plans.flatMap((plan) => plan.changes.filter(({ ref }) => ref.kind === 'team'));
  return new Map(
    changes.flatMap((change) => {
      const id = change.live?.id ?? change.desired?.id;
      return isDeletion(change) || id === undefined ? [] : [[id, boundsAfter(change, id)]];
    }),
  );
}

function boundsAfter(change: Change, team_id: string): TeamBounds {
  const settings = settingsAfter(change);
  const limit = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
  /* Its access groups give it more models, and it is not said which. */
  const isGrouped = namesIn(settings['access_group_ids']).length > 0;
  return {
    team_id,
    team_alias: change.ref.name,
    models: isGrouped ? [] : namesIn(settings['models']),
    max_budget: limit(settings['max_budget']),
    tpm_limit: limit(settings['tpm_limit']),
    rpm_limit: limit(settings['rpm_limit']),
    spend: change.live?.spend ?? 0,
    blocked: settings['blocked'] === true,
  };
}

/** The names of a list; none, where there is no list. */
export function namesIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** What a thing has afterwards: what is not managed stays. */
export function settingsAfter(change: Change): Settings {
  return isDeletion(change) ? {} : { ...change.live?.settings, ...change.desired.settings };
}
