import { randomUUID } from 'node:crypto';
import { isList, isObject, type Json } from '../base/json.ts';
import { licenceField, licenceText, pythonFloat, Raised, raiseWrapped, refuse } from './answers.ts';
import { mask } from './auth.ts';
import { addBudget, changeBudget } from './budgets.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { keysOfAlias, type Row, type Server } from './state.ts';
import { addDuration, nextBoundary } from './time.ts';
import type { Facts } from './versions.ts';

/** Checks and conversions that a create and an update share. */

export function checkBudget({ facts }: Server, { max_budget: budget }: Fields): void {
  if (typeof budget !== 'number' || budget >= 0 || facts.negativeBudget === null) return;
  throw raiseWrapped(400, `max_budget ${facts.negativeBudget}. Received: ${pythonFloat(budget)}`);
}

/** Refuses the fields that need a licence; `empty` says whether empty lists pass. */
export function checkLicence({ facts, version }: Server, fields: Fields, empty: 'refused' | 'kept'): void {
  for (const name of fieldsOf(version, 'licence')) {
    const value = fields[name];
    if (!Array.isArray(value) || (value.length === 0 && empty === 'kept')) continue;
    throw raiseWrapped(403, licenceField(facts, name));
  }
}

export function checkModelBudget({ facts }: Server, { model_max_budget: budgets }: Fields): void {
  if (budgets == null || Object.keys(budgets).length === 0) return;
  throw new Raised(null, modelBudgetText(facts));
}

export function modelBudgetText(facts: Facts): string {
  const example = 'Example of valid model_max_budget: https://docs.litellm.ai/docs/proxy/users';
  const text = `You must have an enterprise license to set model_max_budget. ${licenceText(facts)}. ${example}`;
  return `Invalid model_max_budget: ${text}`;
}

const ALIAS_FORMAT = 'Must be 2-255 characters, start/end with alphanumeric, and only contain a-zA-Z0-9_-/.@.';
const ALIAS_CHARACTERS = 'must not contain control characters (such as tab or newline) or a ".." path segment';

/** Aliases are unique over all keys, except the key `own` itself. */
export function checkAlias(server: Server, alias: Json, own: Json): void {
  if (typeof alias !== 'string') return;
  const { facts, settings } = server;
  if (facts.aliasCharacters && /\p{Cc}|(^|\/)\.\.(\/|$)/u.test(alias)) {
    throw refuseAlias(`Invalid key_alias: ${ALIAS_CHARACTERS}`);
  }
  if (settings.checkAliasFormat && !/^[a-zA-Z0-9][\w\-/.@]{0,253}[a-zA-Z0-9]$/.test(alias)) {
    throw refuseAlias(`Invalid key_alias format. ${ALIAS_FORMAT}`);
  }
  if (keysOfAlias(server, alias).every(({ token }) => token === own)) return;
  throw refuseAlias(`Key with alias '${alias}' already exists. Unique key aliases across all keys are required.`);
}

function refuseAlias(text: string) {
  return refuse(400, 'bad_request_error', text, 'key_alias');
}

/** A secret that the client chose. */
export function checkSecret({ facts, settings }: Server, secret: string): string {
  if (settings.disableCustomKeys && facts.disableCustomKeys) {
    throw raiseWrapped(403, 'Custom API key values are disabled by your administrator. Keys must be auto-generated.');
  }
  if (facts.customKey !== 'any' && !secret.startsWith('sk-')) {
    const shown = facts.foreignKeyText === 'printed' ? secret : mask(secret);
    throw raiseWrapped(400, `Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: ${shown}`);
  }
  if (facts.customKey === 'length' && secret.length < 16) {
    throw raiseWrapped(400, 'Invalid key format. LiteLLM Virtual Key must be at least 16 characters long.');
  }
  return secret;
}

/** The fields that LiteLLM keeps inside `metadata`. */
export function metadataFields({ version }: Server, fields: Fields): Row {
  const names = [...fieldsOf(version, 'metadata'), ...fieldsOf(version, 'licence')];
  return Object.fromEntries(names.flatMap((name) => (fields[name] == null ? [] : [[name, fields[name]]])));
}

export function checkPeriod({ facts }: Server, { budget_duration: period }: Fields): void {
  if (facts.budgetDuration !== 'checked' || typeof period !== 'string') return;
  if (/^(0*[1-9]\d*(s|m(?!o)|h|d|w)|1mo|(hourly|daily|weekly|monthly)$)/.test(period)) return;
  throw raiseWrapped(400, `Invalid budget_duration '${period}'. Use a format like '1h', '24h', '7d', or '30d'.`);
}

/** When a budget begins anew, as ISO text. */
export function budgetReset({ facts, now }: Server, period: string): string {
  return (facts.budgetReset === 'calendar' ? nextBoundary : addDuration)(facts, now(), period).toISOString();
}

/** No organization exists in the sandbox. */
export function checkOrganization({ organization_id: id }: Fields): void {
  if (id == null) return;
  throw new Raised(null, organizationText(id));
}

export function organizationText(id: string): string {
  const hint = 'Create organization via `/organization/new` call.';
  return `Organization doesn't exist in db. Organization=${id}. ${hint}`;
}

export function checkServiceAccount({ facts }: Server, { metadata, team_id: team }: Fields): void {
  if (!facts.serviceAccounts || metadata?.service_account_id == null || team != null) return;
  const hint = 'Please specify `team_id` in the request body.';
  throw new Raised(400, `team_id is required for service account keys. ${hint}`);
}

/** `soft_budget` makes a budget of its own, which the row then names, or changes the one that the row has. */
export function softBudget(server: Server, { soft_budget: soft }: Fields, before: Json = null): Row {
  if (soft === undefined || (soft === null && before === null)) return {};
  if (typeof before === 'string') {
    changeBudget(server, before, { soft_budget: soft });
    return {};
  }
  return { budget_id: addBudget(server, { soft_budget: soft }).budget_id ?? null };
}

/** Permissions are merged, member by member, into those that the key had `before`. */
export function objectPermission({ object_permission: permission }: Fields, before?: Json): Row {
  if (permission == null) return {};
  const old = isObject(before) ? before : { object_permission_id: randomUUID() };
  return { object_permission_id: old.object_permission_id ?? null, object_permission: { ...old, ...permission } };
}

/** Several budgets at once: each is told when it begins anew. */
export function budgetLimits(server: Server, limits: Json, zone: 'Z' | '+00:00' = '+00:00'): Json {
  if (!isList(limits)) return limits;
  return limits.map((limit) => {
    if (!isObject(limit) || typeof limit.budget_duration !== 'string') return limit;
    return { ...limit, reset_at: budgetReset(server, limit.budget_duration).replace('.000Z', zone) };
  });
}
