import { expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { FIELDS, isFieldName, type FieldName } from '../../src/kinds/key.ts';
import { isCleared, sameField, settingsEntries } from '../../src/model/fields.ts';
import { isOlder } from '../../src/base/version.ts';

it.each<[FieldName, Json, Json | undefined]>([
  ['models', ['a', 'b'], ['b', 'a']],
  ['models', [], undefined],
  ['models', null, []],
  ['max_budget', 5, 5],
  ['max_budget', null, undefined],
  ['blocked', false, undefined],
  ['aliases', { x: 'y', z: null }, { x: 'y' }],
  ['aliases', { x: 'y' }, { x: 'y', z: null }],
  ['aliases', {}, { z: null }],
  ['router_settings', { retries: 1 }, { retries: 1, timeout: 5 }],
  ['object_permission', { agents: ['a'] }, { agents: ['a'], object_permission_id: 'p' }],
  ['object_permission', { agents: ['a'], models: [], mcp_tool_permissions: {} }, { agents: ['a'] }],
  ['budget_limits', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
])('%s %j is the same as %j', (name, wanted, live) => {
  expect(sameField(FIELDS[name], wanted, live)).toBe(true);
});

it.each<[FieldName, Json, Json | undefined]>([
  ['models', ['a'], ['a', 'b']],
  ['models', ['a', 'b'], ['a']],
  ['models', ['a'], undefined],
  ['max_budget', 0, undefined],
  ['max_budget', null, 0],
  ['blocked', true, undefined],
  ['aliases', { x: 'y' }, { x: 'y', z: 'w' }],
  ['aliases', { x: 'y' }, { x: 'n' }],
  ['aliases', { x: 'y' }, undefined],
  ['router_settings', { retries: 1 }, { retries: 2 }],
  ['budget_limits', [1, 2], [2, 1]],
  ['user_id', 'a', 'A'],
])('%s %j is not the same as %j', (name, wanted, live) => {
  expect(sameField(FIELDS[name], wanted, live)).toBe(false);
});

it('takes what is not set for cleared, and 0 and an empty text for values', () => {
  expect([null, undefined, [], {}].map((value) => isCleared(FIELDS.aliases, value))).toEqual([true, true, true, true]);
  expect([isCleared(FIELDS.blocked, false), isCleared(FIELDS.max_budget, 0), isCleared(FIELDS.user_id, '')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('lists the fields that are there in the order of the table, whatever their order is', () => {
  expect(
    settingsEntries(FIELDS, { rpm_limit: 1, max_budget: null, models: [] }).map(([name, value]) => [name, value]),
  ).toEqual([
    ['models', []],
    ['max_budget', null],
    ['rpm_limit', 1],
  ]);
});

it('knows its own fields and nothing else', () => {
  expect([isFieldName('models'), isFieldName('modles'), isFieldName('toString')]).toEqual([true, false, false]);
  expect(FIELDS.models.about).toContain('models');
});

it.each([
  ['1.77.7', '1.83.0', true],
  ['1.83.14', '1.108.0', true],
  ['1.83.0', '1.83.0', false],
  ['1.108.7', '1.83.0', false],
  ['1.83.14-stable', '1.83.14', false],
  ['2.0.0', '1.999.0', false],
  [null, '1.0.0', false],
])('version %s older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
