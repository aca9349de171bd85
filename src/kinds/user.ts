/**
 * The facts of a user. Most versions clear little of one; what none can clear has a value that means the same, or keeps what
 * it has. `metadata` is never empty again, which our mark sees to.
 */
import type { FieldTable } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { createBody, insideMetadata, updateBody } from './body.ts';
import { column, inMetadata } from './field.ts';

/** Whom LiteLLM takes the master key for. */
export const MASTER_USER = 'default_user_id';

const TABLE: FieldTable = {
  user_alias: column('string', 'what the user is called', {
    cleared: '',
    changeableSince: '1.83.0',
    clearableSince: '1.83.0',
  }),
  user_email: column('string', "the user's address", { cleared: '' }),
  user_role: column('string', 'proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer', {
    clearableSince: null,
  }),
  models: column('strings', "models that the user's own keys may use; [] is all of them", {
    cleared: ['all-proxy-models'],
  }),
  max_budget: column('number', "US dollars that the user's own keys may spend together", { clearableSince: '1.83.0' }),
  budget_duration: column('duration', 'how often the spend starts again at 0, e.g. 30d', { clearableSince: '1.108.0' }),
  tpm_limit: column('integer', 'tokens a minute', { clearableSince: '1.108.0' }),
  rpm_limit: column('integer', 'requests a minute', { clearableSince: '1.108.0' }),
  max_parallel_requests: column('integer', 'requests at the same time', {
    listedSince: '1.108.0',
    clearableSince: null,
  }),
  allowed_cache_controls: column('strings', 'cache controls that the user may send', {
    listedSince: '1.108.0',
    clearableSince: null,
  }),
  sso_user_id: column('string', "the user's id at the identity provider", { since: '1.77.0', createOnly: true }),
  model_rpm_limit: inMetadata('object', 'requests a minute for each model'),
  model_tpm_limit: inMetadata('object', 'tokens a minute for each model'),
  guardrails: inMetadata('strings', 'guardrails of each call'),
  prompts: inMetadata('strings', 'prompts that the user may use', { since: '1.77.0' }),
  policies: inMetadata('strings', 'policies of each call', { since: '1.83.0' }),
  model_max_budget: column('object', 'a budget for each model', { licence: true }),
};

export const USER: KindFacts = {
  kind: 'user',
  level: 0,
  naming: 'user_id',
  identity: 'user_id',
  partOf: null,
  fields: TABLE,
  hasSecret: false,
  marks: 'metadata',
  cascades: [
    { kind: 'key', isIn: (key, user) => key.settings['user_id'] === user.id },
    { kind: 'member', isIn: (member, user) => member.settings['user_id'] === user.id },
  ],
  frees: [],
  /* Otherwise the server makes a key that nobody asked for. */
  make: (desired, mark, now) => ({ ...createBody(USER, desired, mark, now), auto_create_key: false }),
  patch: (changes, live, mark, now, secrets) =>
    updateBody(USER, changes.map(insideMetadata(TABLE)), live, mark, now, secrets),
};
