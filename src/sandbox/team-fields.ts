import type { Json, JsonObject } from '../base/json.ts';
import { licenceField, licenceText, raiseWrapped } from './answers.ts';
import { budgetLimits } from './checks.ts';
import type { FieldTable } from './convert.ts';
import type { Row, Server } from './state.ts';

/** The fields of a team's requests; `needs a licence` refuses them, `metadata` keeps them in there. */
export const TEAM_FIELDS = {
  team_id: ['text', '1.65.8', 'special'],
  team_alias: ['text', '1.65.8', 'column'],
  organization_id: ['text', '1.65.8', 'special'],
  admins: ['list', '1.65.8', 'column'],
  members: ['list', '1.65.8', 'column'],
  members_with_roles: ['list', '1.65.8', 'special'],
  metadata: ['object', '1.65.8', 'special'],
  tpm_limit: ['integer', '1.65.8', 'column'],
  rpm_limit: ['integer', '1.65.8', 'column'],
  tpd_limit: ['integer', '1.108.7', 'column'],
  max_budget: ['number', '1.65.8', 'column'],
  soft_budget: ['number', '1.83.14', 'column'],
  budget_duration: ['text', '1.65.8', 'special'],
  budget_limits: ['list', '1.83.14', 'column'],
  models: ['list', '1.65.8', 'column'],
  blocked: ['flag', '1.65.8', 'column'],
  router_settings: ['object', '1.83.14', 'column'],
  access_group_ids: ['texts', '1.83.14', 'column'],
  default_team_member_models: ['texts', '1.83.14', 'column'],
  model_aliases: ['object', '1.65.8', 'special'],
  object_permission: ['object', '1.77.7', 'special'],
  team_member_permissions: ['texts', '1.77.7', 'special'],
  team_member_budget: ['number', '1.77.7', 'special'],
  team_member_rpm_limit: ['integer', '1.77.7', 'special'],
  team_member_tpm_limit: ['integer', '1.77.7', 'special'],
  team_member_budget_duration: ['text', '1.83.14', 'special'],
  model_rpm_limit: ['object', '1.83.14', 'metadata'],
  model_tpm_limit: ['object', '1.83.14', 'metadata'],
  rpm_limit_type: ['text', '1.83.14', 'metadata'],
  allowed_vector_store_indexes: ['list', '1.83.14', 'metadata'],
  require_trace_id: ['flag', '1.108.7', 'metadata'],
  mcp_rpm_limit: ['object', '1.108.7', 'metadata'],
  default_estimated_output_tokens: ['integer', '1.108.7', 'metadata'],
  tags: ['texts', '1.65.8', 'licence'],
  guardrails: ['texts', '1.65.8', 'licence'],
  prompts: ['texts', '1.77.7', 'licence'],
  team_member_key_duration: ['text', '1.77.7', 'licence'],
  policies: ['texts', '1.83.14', 'licence'],
  allowed_passthrough_routes: ['texts', '1.83.14', 'licence'],
  secret_manager_settings: ['object', '1.83.14', 'licence'],
  disable_global_guardrails: ['flag', '1.108.7', 'licence'],
  model_max_budget: ['object', '1.108.7', 'licence'],
} as const satisfies FieldTable;

type Home = 'column' | 'metadata' | 'licence';

function fieldsAt(fields: JsonObject, home: Home): [string, Json][] {
  return Object.entries(TEAM_FIELDS).flatMap(([name, [, , goes]]): [string, Json][] => {
    const value = fields[name];
    return goes === home && value !== undefined ? [[name, value]] : [];
  });
}

/** The fields that are columns of the row, an explicit null among them. */
export function teamColumns(server: Server, fields: JsonObject): Row {
  return Object.fromEntries(
    fieldsAt(fields, 'column').map(([name, value]) => [
      name,
      name === 'budget_limits' ? budgetLimits(server, value, 'Z') : value,
    ]),
  );
}

/** The fields that live in `metadata`. */
export function metadataOf(fields: JsonObject): Row {
  return Object.fromEntries(fieldsAt(fields, 'metadata').filter(([, value]) => value !== null));
}

/** Refuses what needs a licence; an update does not say which field. */
export function checkTeamLicence({ facts }: Server, fields: JsonObject, on: 'create' | 'update'): void {
  for (const [name, value] of fieldsAt(fields, 'licence')) {
    if (value === null || (facts.emptyLicenceCreate === 'kept' && isEmpty(value))) continue;
    if (name === 'model_max_budget')
      throw raiseWrapped(403, `Setting ${name} on a team is an enterprise feature. ${licenceText(facts)}`);
    throw raiseWrapped(403, licenceField(on === 'create' ? facts : { ...facts, licenceNamesField: false }, name));
  }
}

function isEmpty(value: Json): boolean {
  return value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
