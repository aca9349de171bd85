/**
 * Models that a key names and its team does not let it use. LiteLLM takes such a key, and refuses the calls. One is denied here
 * only where that is sure: a name that the server does not offer may be a team's own, an alias, or anything.
 */
import { globPattern } from '../base/glob.ts';
import { isObject } from '../base/json.ts';
import type { Change } from '../model/change.ts';
import type { Plan } from '../model/plan.ts';
import type { Deployment, TeamBounds, Teams } from '../model/team-bounds.ts';
import { isBuiltIn } from './models.ts';
import { namesIn, settingsAfter, teamIn } from './team.ts';

/** Whether a key names a model that its team does not: then it matters what the server offers under these names. */
export function mayDenyModels({ changes }: Plan, teams: Teams): boolean {
  return changes.some((change) => {
    const team = teamIn(change, teams);
    return team !== null && modelsOf(change).some((model) => !isAmong(model, team.models));
  });
}

/** A model is denied that is in no group of the team's, and a group of which the team has no model. */
export function deniedModels(
  change: Change,
  { models }: TeamBounds,
  offered: readonly Deployment[],
): readonly string[] {
  const { aliases } = settingsAfter(change);
  return modelsOf(change).filter((model) => {
    if (isAmong(model, models) || (isObject(aliases) && Object.hasOwn(aliases, model))) return false;
    const meant = offered.filter(({ name, groups }) => name === model || groups.includes(model));
    return (
      meant.length > 0 &&
      !meant.some(({ name, groups }) => isAmong(name, models) || groups.some((group) => isNamed(group, models)))
    );
  });
}

/** A pattern like `openai/*` takes plain names of that provider in, too. */
function isAmong(model: string, models: readonly string[]): boolean {
  if (models.length === 0 || isBuiltIn(model) || isNamed(model, models)) return true;
  return !model.includes('/') && models.some((each) => each.includes('*'));
}

function isNamed(name: string, models: readonly string[]): boolean {
  return models.some((each) => each === 'all-proxy-models' || globPattern(each).test(name));
}

function modelsOf(change: Change): readonly string[] {
  return namesIn(settingsAfter(change)['models']);
}
