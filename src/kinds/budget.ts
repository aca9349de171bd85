/**
 * The facts of a budget: limits with a name, which keys may have instead of their own. It has no metadata, so that only the
 * keyring knows whose it is. Left out of its fields: `budget_reset_at`, which moves by itself.
 */
import type { FieldTable } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { plainBody, updateBody } from './body.ts';
import { column } from './field.ts';

const CLEARED = { clearableSince: '1.83.0' };

const TABLE: FieldTable = {
  max_budget: column('number', 'US dollars that may be spent (in each budget_duration, if there is one)', CLEARED),
  soft_budget: column('number', 'US dollars of spend at which the server alerts', CLEARED),
  budget_duration: column('duration', 'how often the spend starts again at 0, e.g. 30d', CLEARED),
  tpm_limit: column('integer', 'tokens a minute', CLEARED),
  rpm_limit: column('integer', 'requests a minute', CLEARED),
  tpd_limit: column('integer', 'tokens a day', { since: '1.108.0' }),
  max_parallel_requests: column('integer', 'requests at the same time', CLEARED),
  model_max_budget: column('object', 'a budget for each model', { licence: true }),
};

/** A key or member that has its limits from a budget goes on without any when that is deleted. */
export const BUDGET: KindFacts = {
  kind: 'budget',
  level: 0,
  naming: 'budget_id',
  identity: 'budget_id',
  partOf: null,
  fields: TABLE,
  hasSecret: false,
  marks: 'journal',
  cascades: [],
  frees: [
    { kind: 'key', isIn: (key, budget) => key.settings['budget_id'] === budget.id },
    { kind: 'member', isIn: (member, budget) => member.extra['budget_id'] === budget.id },
    { kind: 'team', isIn: (team, budget) => team.metadata['team_member_budget_id'] === budget.id },
  ],
  make: (desired) => plainBody(BUDGET, desired),
  patch: (changes, live, _mark, now) => updateBody(BUDGET, changes, live, null, now),
};
