import type { Json } from '../base/json.ts';
import { pythonFloat, raiseWrapped } from './answers.ts';
import type { Fields } from './fields.ts';
import type { Server } from './state.ts';
import { addDuration } from './time.ts';

/** Fields that the site's defaults fill when they are null. */
const FILLED = [
  'max_budget',
  'user_id',
  'team_id',
  'max_parallel_requests',
  'tpm_limit',
  'rpm_limit',
  'budget_duration',
  'duration',
] as const;

/**
 * What a create asks for with the site's defaults and bounds filled in. An explicit null counts as missing, except for
 * `models` and `metadata` (their default replaces only an empty value) and, on the newest versions, `budget_duration`.
 */
export function applyDefaults({ settings, facts }: Server, fields: Fields): Fields {
  const { keyDefaults: defaults, upperBounds } = settings;
  const keepsNull = facts.keepsNullPeriod && fields.budget_duration === null;
  const missing = (name: (typeof FILLED)[number]): boolean =>
    fields[name] == null && defaults[name] != null && !(name === 'budget_duration' && keepsNull);
  const filled = { ...fields, ...pick(defaults, FILLED.filter(missing)) };
  const empty = (['models', 'metadata'] as const).filter((name) => isEmpty(fields[name]) && defaults[name] != null);
  const complete = { ...filled, ...pick(defaults, empty) };
  const unbound = BOUNDED.filter((name) => complete[name] == null && upperBounds[name] !== undefined);
  return { ...complete, ...pick(upperBounds, unbound) };
}

function pick(fields: Fields, names: readonly (keyof Fields)[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || (value !== null && Object.keys(value).length === 0);
}

const BOUNDED = [
  'max_budget',
  'budget_duration',
  'duration',
  'max_parallel_requests',
  'tpm_limit',
  'rpm_limit',
] as const;

/** Refuses values above the site's bounds. */
export function enforceBounds(server: Server, fields: Fields): void {
  for (const name of BOUNDED) {
    const value = fields[name];
    const bound = server.settings.upperBounds[name];
    if (value == null || bound === undefined || !exceeds(server, value, bound)) continue;
    const print = (of: string | number): string => (name === 'max_budget' ? pythonFloat(Number(of)) : String(of));
    const values = `user_value=${print(value)}; max_value=${print(bound)}`;
    throw raiseWrapped(400, `${name} is over max limit set in config - ${values}`);
  }
}

function exceeds({ facts, now }: Server, value: string | number, bound: string | number): boolean {
  if (typeof bound === 'number') return Number(value) > bound;
  return value === '-1' || addDuration(facts, now(), String(value)) > addDuration(facts, now(), bound);
}
