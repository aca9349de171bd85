import { didYouMean } from '../base/suggest.ts';
import { isDeletion } from '../model/change.ts';
import type { Plan } from '../model/plan.ts';
import type { Teams } from '../model/team-bounds.ts';
import { teamIn } from './team.ts';

/** Names that LiteLLM understands and `/v1/models` does not list. */
const BUILT_IN = /^(all-proxy-models|all-team-models|no-default-models|.*\*.*)$/;

/** The models that a plan newly gives to keys, without those that are of their own teams. */
export function newModels({ changes }: Plan, teams: Teams): readonly string[] {
  const given = changes
    .filter((change) => !isDeletion(change))
    .flatMap((change) => {
      const own = teamIn(change, teams)?.models ?? [];
      const models = change.fields.flatMap(({ field, to }) => (field === 'models' && Array.isArray(to) ? to : []));
      return models.map(String).filter((model) => !own.includes(model));
    });
  return [...new Set(given)].toSorted();
}

/** Whether a name is LiteLLM's own for several models, or for none. */
export function isBuiltIn(model: string): boolean {
  return BUILT_IN.test(model);
}

/** The names that need looking up: wildcards and names like `all-team-models` do not. */
export function unknownModels(models: readonly string[], offered: readonly string[]): readonly string[] {
  const known = new Set(offered);
  return models.filter((model) => !known.has(model) && !isBuiltIn(model));
}

/** One line for each unknown name, with the name that was probably meant. */
export function unknownModelsText(unknown: readonly string[], offered: readonly string[]): string {
  return unknown
    .map((model) => `The server does not offer the model ${model}.${didYouMean(model, offered)}`)
    .join('\n');
}
