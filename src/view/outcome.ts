import type { JsonObject } from '../base/json.ts';
import type { Live, Outcome, Report, Summary } from '../model/model.ts';
import { errorFacts } from './error.ts';

export type Counts = Summary & { readonly failed: number; readonly skipped: number };

/** What was done, by action, and what was not: together as many as there are outcomes. */
export function countsOf({ outcomes }: Pick<Report, 'outcomes'>): Counts {
  const counts = { create: 0, update: 0, adopt: 0, rotate: 0, delete: 0, noop: 0, failed: 0, skipped: 0 };
  for (const { change, status } of outcomes) counts[status === 'applied' ? change.action : status] += 1;
  return counts;
}

/** Whether the server is not as it was: also when a key was made and could not be delivered. */
export function isChanged({ change, status, live }: Outcome): boolean {
  if (status === 'applied') return change.action !== 'noop';
  return status === 'failed' && live !== null && live.key_id !== change.live?.key_id;
}

/** One key as `apply -o json` has it. `key` only with `secrets`, where this run or the keyring knows it, and not of a deleted key. */
export function outcomeJson(outcome: Outcome, { secrets }: { readonly secrets: boolean }): JsonObject {
  const { change, status, secret, error } = outcome;
  const live = outcome.live ?? change.live;
  return {
    key_alias: change.key_alias,
    user: change.desired?.user ?? null,
    user_id: textOf(outcome, 'user_id'),
    action: change.action,
    status,
    changed: isChanged(outcome),
    ...(secrets && secret !== null && change.action !== 'delete' ? { key: secret.reveal() } : {}),
    key_id: live?.key_id ?? null,
    models: modelsOf(live ?? change.desired),
    expires: live?.expires ?? null,
    max_budget: settingOf(outcome, 'max_budget') ?? null,
    changes: change.changes,
    ...(error === null ? {} : { error: errorFacts(error) }),
  };
}

/** Text of a setting that the key has, or was to have. */
export function textOf(outcome: Outcome, name: 'user_id'): string | null {
  const value = settingOf(outcome, name);
  return typeof value === 'string' ? value : null;
}

/** The models that a key may use; none is all of them. */
export function modelsOf(key: Pick<Live, 'settings'> | null): readonly string[] {
  const models = key?.settings.models;
  return Array.isArray(models) ? models.filter((model) => typeof model === 'string') : [];
}

function settingOf({ change, live }: Outcome, name: 'user_id' | 'max_budget') {
  return (live ?? change.live ?? change.desired)?.settings[name];
}
