import type { JsonObject } from '../base/json.ts';
import { isDeletion, type Action } from '../model/change.ts';
import { isChanged, type Outcome } from '../model/outcome.ts';
import { summarize, type Summary } from '../model/plan.ts';
import { shownChanges } from '../model/shown.ts';
import { refText } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import { errorJson } from './error.ts';

/** What was done, in a word. */
export const DONE: Readonly<Record<Action, string>> = {
  create: 'created',
  replace: 'replaced',
  rotate: 'rotated',
  update: 'updated',
  adopt: 'adopted',
  delete: 'deleted',
  noop: 'unchanged',
};

export type Counts = Summary & { readonly failed: number; readonly skipped: number };

/** What was done, by action, and what was not: together as many as there are outcomes. */
export function countsOf(outcomes: readonly Outcome[]): Counts {
  const counts = { ...summarize({ changes: [] }), failed: 0, skipped: 0 };
  for (const { change, status } of outcomes) counts[status === 'applied' ? change.action : status] += 1;
  return counts;
}

/** One key as `-o json` has it. `key` only with `secrets`, where this run or the keyring knows it, and not of a deleted key. */
export function outcomeJson(outcome: Outcome, { secrets }: { readonly secrets: boolean }): JsonObject {
  const { change, status, secret, error, places } = outcome;
  const live = outcome.live ?? change.live;
  return {
    key_alias: change.ref.name,
    user: change.desired?.user ?? null,
    user_id: fieldText(outcome, 'user_id'),
    action: change.action,
    reason: change.reason,
    status,
    changed: isChanged(outcome),
    ...(secrets && secret !== null && !isDeletion(change) ? { key: secret.reveal() } : {}),
    key_id: live?.id ?? null,
    models: modelsOf(live ?? change.desired),
    expires: live?.expires ?? null,
    max_budget: settingOf(outcome, 'max_budget') ?? null,
    spend: live?.spend ?? null,
    total_spend: live?.extra['total_spend'] ?? null,
    changes: shownChanges(change),
    takes: change.takes.map(refText),
    places: places.map(({ path }) => path),
    ...(error === null ? {} : { error: errorJson(error) }),
  };
}

/** Text of a setting that the key has, or was to have. */
export function fieldText(outcome: Outcome, name: 'user_id'): string | null {
  const value = settingOf(outcome, name);
  return typeof value === 'string' ? value : null;
}

/** The models that a key may use; none is all of them. */
export function modelsOf(key: Pick<Live, 'settings'> | null): readonly string[] {
  const models = key?.settings['models'];
  return Array.isArray(models) ? models.filter((model) => typeof model === 'string') : [];
}

function settingOf({ change, live }: Outcome, name: 'user_id' | 'max_budget') {
  return (live ?? change.live ?? change.desired)?.settings[name];
}
