import { Command } from '@commander-js/extra-typings';
import type { JsonObject } from '../base/json.ts';
import { FIELDS, FIELD_NAMES, isFieldName } from '../kinds/key.ts';
import { fieldOf, metadata, number } from './field-values.ts';
import { list } from './option-values.ts';

/** What the flags of `create` and `update` say of a key, still unchecked: see `run/single.ts`. */
export type FieldFlags = Partial<ReturnType<ReturnType<typeof fieldFlags>['opts']>>;

/** The flags that set a key's fields. */
export function fieldFlags(command: Command) {
  return limitFlags(command)
    .option('--duration <duration>', 'how long it lives from its creation, e.g. 8h or 30d')
    .option('--expires <time>', 'when it ends, e.g. 2026-12-24T18:00:00Z');
}

/** Of them those that do not say how long it lives. */
export function limitFlags(command: Command) {
  return command
    .option('--models <a,b>', FIELDS.models.about, list)
    .option('--max-budget <usd>', FIELDS.max_budget.about, number)
    .option('--budget-duration <duration>', FIELDS.budget_duration.about)
    .option('--tpm-limit <n>', FIELDS.tpm_limit.about, number)
    .option('--rpm-limit <n>', FIELDS.rpm_limit.about, number)
    .option('--max-parallel-requests <n>', FIELDS.max_parallel_requests.about, number)
    .option('--user-id <id>', FIELDS.user_id.about)
    .option('--team-id <id>', FIELDS.team_id.about)
    .option('--team <name>', 'the same, by its name')
    .option('--budget <name>', 'a budget of the server, in the place of limits of its own')
    .option('--metadata <k=v>', 'k=v, or a JSON object (repeatable)', metadata)
    .option('--field <name=json>', 'any other field of LiteLLM, e.g. blocked=true (repeatable)', fieldOf(FIELD_NAMES));
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
    team: flags.team,
    budget: flags.budget,
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
