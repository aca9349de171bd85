/**
 * The facts of a team. Some versions lose one half of a team when they are sent the other: 1.77 and 1.83 forget the metadata,
 * our mark with it, when they are told of the members' budget, 1.83 also for what lies in the metadata, and both forget the
 * members' budget when they are told of the metadata. So what touches either sends both, whole.
 */
import { isList, type JsonObject } from '../base/json.ts';
import type { FieldTable } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import type { Live } from '../model/resource.ts';
import { createBody, insideMetadata, updateBody } from './body.ts';
import { column, inMetadata, NO_PERMISSIONS } from './field.ts';
import { MASTER_USER } from './user.ts';

/** Limits of each member that has none of its own, in a budget of their own. */
const MEMBERS: FieldTable = {
  team_member_budget: column('number', 'US dollars that each member may spend in the team', {
    since: '1.77.0',
    clearableSince: '1.108.0',
  }),
  team_member_rpm_limit: column('integer', 'requests a minute of each member', {
    since: '1.77.0',
    clearableSince: '1.108.0',
  }),
  team_member_tpm_limit: column('integer', 'tokens a minute of each member', {
    since: '1.77.0',
    clearableSince: '1.108.0',
  }),
  team_member_budget_duration: column('duration', "how often the members' spend starts again at 0", {
    since: '1.83.0',
    clearableSince: '1.108.0',
  }),
};

const TABLE: FieldTable = {
  models: column('strings', 'models that the team may use; [] is all of them'),
  max_budget: column('number', 'US dollars that the team may spend (in each budget_duration, if there is one)'),
  budget_duration: column('duration', 'how often the spend starts again at 0, e.g. 30d'),
  soft_budget: column('number', 'US dollars of spend at which the server alerts', { since: '1.83.0' }),
  tpm_limit: column('integer', 'tokens a minute'),
  rpm_limit: column('integer', 'requests a minute'),
  tpd_limit: column('integer', 'tokens a day', { since: '1.108.0' }),
  blocked: column('boolean', "true refuses every call with the team's keys", { cleared: false }),
  ...MEMBERS,
  admins: column('strings', 'users who are its admins from the start; only then may be some without a licence', {
    createOnly: true,
    untold: true,
  }),
  team_member_permissions: column('strings', 'routes of keys that members may call', { since: '1.77.0' }),
  organization_id: column('string', 'the organisation that the team belongs to'),
  model_aliases: column('object', 'model names that mean another model for this team', {
    listedSince: '1.108.0',
    clearableSince: '1.108.0',
  }),
  object_permission: column('object', 'MCP servers, vector stores and agents that the team may use', {
    since: '1.77.0',
    cleared: NO_PERMISSIONS,
    open: true,
  }),
  router_settings: column('object', "the router's settings for this team", { since: '1.83.0', open: true }),
  access_group_ids: column('strings', 'access groups that the team is in', { since: '1.83.0' }),
  default_team_member_models: column('strings', 'models that members may use unless they have their own', {
    since: '1.83.0',
  }),
  budget_limits: column('objects', 'several budgets at once, each with its own duration', { since: '1.83.0' }),
  model_rpm_limit: inMetadata('object', 'requests a minute for each model', { since: '1.83.0' }),
  model_tpm_limit: inMetadata('object', 'tokens a minute for each model', { since: '1.83.0' }),
  rpm_limit_type: inMetadata('string', 'how rpm_limit is enforced', { since: '1.83.0' }),
  allowed_vector_store_indexes: inMetadata('objects', 'vector store indexes that the team may use', {
    since: '1.83.0',
  }),
  require_trace_id: inMetadata('boolean', 'refuse calls without a trace id', { since: '1.108.0' }),
  mcp_rpm_limit: inMetadata('object', 'requests a minute for each MCP server', { since: '1.108.0' }),
  default_estimated_output_tokens: inMetadata('integer', 'output tokens assumed for limits', { since: '1.108.0' }),
  tags: inMetadata('strings', 'tags for spend and routing', { licence: true }),
  guardrails: inMetadata('strings', 'guardrails of each call', { licence: true }),
  policies: column('strings', 'policies of each call', { licence: true }),
  prompts: inMetadata('strings', 'prompts that the team may use', { licence: true }),
  model_max_budget: column('object', 'a budget for each model', { licence: true }),
};

export const TEAM: KindFacts = {
  kind: 'team',
  level: 1,
  naming: 'team_alias',
  identity: 'team_id',
  partOf: null,
  fields: TABLE,
  hasSecret: false,
  marks: 'metadata',
  cascades: [
    { kind: 'key', isIn: (key, team) => key.settings['team_id'] === team.id },
    /* Before, their limits stay, and are in the way of whoever comes into a team of the same id. */
    {
      kind: 'member',
      since: '1.77.0',
      isIn: ({ settings: { team_id, user_id } }, team) => team_id === team.id && user_id !== MASTER_USER,
    },
  ],
  frees: [],
  make: (desired, mark, now) => withAdmins(createBody(TEAM, desired, mark, now)),
  patch: (changes, live, mark, now, secrets) => {
    const body = updateBody(TEAM, changes.map(insideMetadata(TABLE)), live, mark, now, secrets);
    return changes.some(({ field }) => Object.hasOwn(MEMBERS, field)) || 'metadata' in body
      ? { metadata: live.metadata, ...limitsOfMembers(live), ...body }
      : body;
  },
};

/** The server has no list of admins that it would heed. */
function withAdmins({ admins, ...body }: JsonObject): JsonObject {
  return isList(admins) ? { ...body, members_with_roles: admins.map((user_id) => ({ user_id, role: 'admin' })) } : body;
}

/** Enough of them to keep the others: a duration that is sent again starts again. */
function limitsOfMembers({ settings }: Live): JsonObject {
  const { team_member_budget_duration: duration, ...limits } = Object.fromEntries(
    Object.entries(settings).filter(([name]) => Object.hasOwn(MEMBERS, name)),
  );
  return Object.keys(limits).length > 0 || duration === undefined ? limits : { team_member_budget_duration: duration };
}
