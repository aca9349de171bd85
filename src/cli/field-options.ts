import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { isObject, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { FIELDS, FIELD_NAMES, isFieldName } from '../kinds/key.ts';
import { suggest } from '../base/suggest.ts';
import { list } from './option-values.ts';

/** What the flags of `create` and `update` say of a key, still unchecked: see `run/single.ts`. */
export type FieldFlags = ReturnType<ReturnType<typeof fieldFlags>['opts']>;

/** The flags that set a key's fields. */
export function fieldFlags(command: Command) {
  return command
    .option('--models <a,b>', FIELDS.models.about, list)
    .option('--duration <duration>', 'how long it lives from its creation, e.g. 8h or 30d')
    .option('--expires <time>', 'when it ends, e.g. 2026-12-24T18:00:00Z')
    .option('--max-budget <usd>', FIELDS.max_budget.about, number)
    .option('--budget-duration <duration>', FIELDS.budget_duration.about)
    .option('--tpm-limit <n>', FIELDS.tpm_limit.about, number)
    .option('--rpm-limit <n>', FIELDS.rpm_limit.about, number)
    .option('--max-parallel-requests <n>', FIELDS.max_parallel_requests.about, number)
    .option('--user-id <id>', FIELDS.user_id.about)
    .option('--team-id <id>', FIELDS.team_id.about)
    .option('--metadata <k=v>', 'k=v, or a JSON object (repeatable)', metadata)
    .option('--field <name=json>', 'any other field of LiteLLM, e.g. blocked=true (repeatable)', field);
}

/** The flags as a key of a spec. */
export function keyOf(flags: FieldFlags): JsonObject {
  const named = {
    models: flags.models,
    duration: flags.duration,
    expires: flags.expires,
    max_budget: flags.maxBudget,
    budget_duration: flags.budgetDuration,
    tpm_limit: flags.tpmLimit,
    rpm_limit: flags.rpmLimit,
    max_parallel_requests: flags.maxParallelRequests,
    user_id: flags.userId,
    team_id: flags.teamId,
    metadata: flags.metadata,
  };
  const others = Object.entries(flags.field ?? {});
  const extra = others.filter(([name]) => !isFieldName(name));
  const given = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    ...Object.fromEntries(given),
    ...Object.fromEntries(others.filter(([name]) => isFieldName(name))),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

/** How a field, or a member of the metadata (`metadata.team`), is given a value: `--max-budget 50`. */
export function flagText(name: string, value: string): string {
  if (name.startsWith('metadata.')) return `--metadata ${name.slice('metadata.'.length)}=${value}`;
  const flag = `--${name.replaceAll('_', '-')}`;
  const has = fieldFlags(new Command()).options.some(({ long }) => long === flag);
  return has ? `${flag} ${value}` : `--field ${name}=${value}`;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is a number.');
  return value;
}

function metadata(text: string, before: JsonObject = {}): JsonObject {
  if (text.trimStart().startsWith('{')) {
    const object = json(text);
    if (isObject(object)) return { ...before, ...object };
  }
  const [name, value] = split(text);
  return { ...before, [name]: value };
}

function field(text: string, before: JsonObject = {}): JsonObject {
  const [name, value] = split(text);
  const near = isFieldName(name) ? null : suggest(name, FIELD_NAMES);
  if (near !== null) throw new InvalidArgumentError(`Did you mean ${near}?`);
  return { ...before, [name]: json(value) };
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is name=value.');
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

/** A value of `--field`: JSON, or a bare word that is meant as text. */
function json(text: string): Json {
  const value = parseJson(text);
  if (value === undefined && /^\s*[[{"]/.test(text)) throw new InvalidArgumentError('Its value is not JSON.');
  return value === undefined ? text : value;
}
