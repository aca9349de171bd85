import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { isObject, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { FIELDS, FIELD_NAMES, isFieldName } from '../kinds/key.ts';
import { suggest } from '../base/suggest.ts';

/** What the flags of `create` and `update` say of a key, still unchecked: see `single.ts`. */
export type FieldFlags = {
  readonly models?: readonly string[];
  readonly duration?: string;
  readonly expires?: string;
  readonly maxBudget?: number;
  readonly budgetDuration?: string;
  readonly tpmLimit?: number;
  readonly rpmLimit?: number;
  readonly maxParallelRequests?: number;
  readonly userId?: string;
  readonly teamId?: string;
  readonly metadata?: JsonObject;
  readonly field?: JsonObject;
};

/** The flags that set a key's fields. */
export function fieldOptions(): readonly Option[] {
  return [
    new Option('--models <a,b>', FIELDS.models.about).argParser(list),
    new Option('--duration <duration>', 'how long it lives from its creation, e.g. 8h or 30d'),
    new Option('--expires <time>', 'when it ends, e.g. 2026-12-24T18:00:00Z'),
    new Option('--max-budget <usd>', FIELDS.max_budget.about).argParser(number),
    new Option('--budget-duration <duration>', FIELDS.budget_duration.about),
    new Option('--tpm-limit <n>', FIELDS.tpm_limit.about).argParser(number),
    new Option('--rpm-limit <n>', FIELDS.rpm_limit.about).argParser(number),
    new Option('--max-parallel-requests <n>', FIELDS.max_parallel_requests.about).argParser(number),
    new Option('--user-id <id>', FIELDS.user_id.about),
    new Option('--team-id <id>', FIELDS.team_id.about),
    new Option('--metadata <k=v>', 'k=v, or a JSON object (repeatable)').argParser(metadata),
    new Option('--field <name=json>', 'any other field of LiteLLM, e.g. blocked=true (repeatable)').argParser(field),
  ];
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

export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
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

/** Adds options to a command. */
export function withOptions<C extends { addOption(option: Option): unknown }>(
  command: C,
  options: readonly Option[],
): C {
  for (const option of options) command.addOption(option);
  return command;
}
