import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { limitOfKey } from '../../src/litellm/limits.ts';
import type { Live } from '../../src/model/resource.ts';

const thing = (settings: JsonObject, budget_reset_at: string, extra: JsonObject = {}) =>
  ({ settings, budget_reset_at, extra }) as unknown as Live;
const budgets = new Map([
  ['frugal', thing({ max_budget: 20 }, 'of the budget')],
  ['rates', thing({ rpm_limit: 3 }, 'of the budget')],
]);

it.each([
  ['none', {}, null, 'of the key', null, 'of the key'],
  ['its own', { max_budget: 5 }, 5, 'of the key', 5, 'of the key'],
  ['that of its budget', { budget_id: 'frugal' }, 20, 'of the budget', 20, null],
  ['both', { max_budget: 5, budget_id: 'frugal' }, 5, 'of the key', 20, null],
  ['its own beside a budget of other limits', { max_budget: 5, budget_id: 'rates' }, 5, 'of the key', 5, 'of the key'],
  ['one that is gone', { max_budget: 5, budget_id: 'gone' }, 5, 'of the key', 5, 'of the key'],
])('a key with the limit %s has what its version says', (_, settings, newer, newerReset, older, olderReset) => {
  expect(limitOfKey(thing(settings, 'of the key', { last_active: null }), budgets)).toEqual({
    max_budget: newer,
    budget_reset_at: newerReset,
  });
  expect(limitOfKey(thing(settings, 'of the key'), budgets)).toEqual({
    max_budget: older,
    budget_reset_at: olderReset,
  });
});
