import type { JsonObject } from '../base/json.ts';
import { isDeletion } from '../model/change.ts';
import { isSetChanged, type Outcome, type SetReport } from '../model/outcome.ts';
import type { Spec } from '../model/spec.ts';
import { countsOf, fieldText } from './outcome.ts';

/**
 * A run as the users of the Ansible role know it: `litellm_vkey_result` with one key's facts at the top, or with `keys`
 * where the file asked for several users. `key` only with `secrets`; `null` where nobody knows it (any more).
 */
export function ansibleJson(
  report: SetReport,
  { duration, models, user_count }: NonNullable<Spec['ansible']>,
  options: { readonly secrets: boolean },
): { readonly litellm_vkey_result: JsonObject } {
  const { state, url, outcomes, missing } = report;
  const where = { api_endpoint: url, api_base_url: `${url}/v1` };
  const common = { models, duration, state, changed: isSetChanged(report) };
  const counts = { deleted_count: countsOf(outcomes).delete, missing_count: missing.length };
  const wanted = outcomes.filter(({ change }) => change.desired !== null);
  const tail = state === 'absent' ? { ...common, ...counts } : common;
  if (user_count !== null) {
    const keys = wanted.map((outcome) => ({
      user: outcome.change.desired?.user ?? null,
      ...keyFacts(outcome, options),
      user_id: fieldText(outcome, 'user_id'),
    }));
    return { litellm_vkey_result: { ...where, user_count, ...tail, keys } };
  }
  const [only] = wanted;
  const facts = only === undefined ? { alias: missing[0] ?? report.set, key_id: null } : keyFacts(only, options);
  const user_id = only === undefined ? null : fieldText(only, 'user_id');
  return { litellm_vkey_result: { ...facts, ...where, user_id, ...tail } };
}

function keyFacts({ change, live, secret }: Outcome, { secrets }: { readonly secrets: boolean }): JsonObject {
  return {
    ...(secrets && !isDeletion(change) ? { key: secret?.reveal() ?? null } : {}),
    alias: change.ref.name,
    key_id: (live ?? change.live)?.id ?? null,
  };
}
