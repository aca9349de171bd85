import { didYouMean } from '../base/suggest.ts';
import { isDeletion } from '../model/change.ts';
import type { Plan } from '../model/plan.ts';

/** Names that LiteLLM understands and `/v1/models` does not list. */
const SPECIAL = /^(all-proxy-models|all-team-models|no-default-models|.*\*.*)$/;

/** The models that a plan newly gives to keys. */
export function newModels({ changes }: Plan): readonly string[] {
  const given = changes
    .filter((change) => !isDeletion(change))
    .flatMap(({ fields }) => fields.filter(({ field }) => field === 'models').map(({ to }) => to));
  return [...new Set(given.flatMap((models) => (Array.isArray(models) ? models.map(String) : [])))].toSorted();
}

/** The names that need looking up: wildcards and names like `all-team-models` do not. */
export function unknownModels(models: readonly string[], offered: readonly string[]): readonly string[] {
  const known = new Set(offered);
  return models.filter((model) => !known.has(model) && !SPECIAL.test(model));
}

/** One line for each unknown name, with the name that was probably meant. */
export function unknownModelsText(unknown: readonly string[], offered: readonly string[]): string {
  return unknown
    .map((model) => `The server does not offer the model ${model}.${didYouMean(model, offered)}`)
    .join('\n');
}
