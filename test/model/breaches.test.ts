/** Things against rules, wanted ones and live ones. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf } from '../../src/base/duration.ts';
import { KEY } from '../../src/kinds/key.ts';
import { breachesOf, ruledDesired, ruledLive, type Ruled } from '../../src/model/breaches.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Lifetime } from '../../src/model/resource.ts';
import type { Demand, Rule } from '../../src/model/rules.ts';
import { desired, live } from '../support/make.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const ORIGIN = { file: 'r.yaml', line: 3, column: 5 };
const ruleOf = (field: string, demand: Demand): Rule => ({ ...demand, kind: 'key', set: null, field, origin: ORIGIN });

function found(field: string, demand: Demand, thing: Partial<Ruled>, now = NOW): string | null {
  const whole = { name: 'lab-ada', settings: {}, metadata: {}, ...thing };
  const [breach] = breachesOf([ruleOf(field, demand)], whole, KEY, now);
  return breach?.found ?? null;
}

const most = (bound: number | string): Demand => ({ is: 'most', bound });
const least = (bound: number | string): Demand => ({ is: 'least', bound });
const among = (...names: readonly string[]): Demand => ({ is: 'among', names });
const all = (...names: readonly string[]): Demand => ({ is: 'all', names });
const SET: Demand = { is: 'set' };
const UNSET: Demand = { is: 'unset' };

describe('a field', () => {
  it.each<[string, Demand, Settings, string | null]>([
    ['max_budget', most(50), { max_budget: 50 }, null],
    ['max_budget', most(50), { max_budget: 50.5 }, 'max_budget is 50.5'],
    ['max_budget', most(50), {}, 'max_budget is not set'],
    ['max_budget', most(50), { max_budget: null }, 'max_budget is not set'],
    ['max_budget', most(50), { max_budget: 0 }, null],
    ['max_budget', most(50), { max_budget: { odd: 1 } }, 'max_budget is {"odd":1}'],
    ['max_budget', least(1), {}, null],
    ['max_budget', least(1), { max_budget: 0 }, 'max_budget is 0'],
    ['temp_budget_increase', most(5), {}, null],
    ['temp_budget_increase', least(5), {}, 'temp_budget_increase is not set'],
    ['budget_duration', least('30d'), { budget_duration: '1mo' }, null],
    ['budget_duration', least('30d'), {}, null],
    ['budget_duration', least('30d'), { budget_duration: '1d' }, 'budget_duration is 1d'],
    ['budget_duration', most('30d'), { budget_duration: 'monthly' }, 'budget_duration is monthly'],
    ['rotation_interval', most('30d'), {}, 'rotation_interval is not set'],
    ['models', among('gpt-4*', 'sonnet'), { models: ['gpt-4o', 'sonnet'] }, null],
    ['models', among('gpt-4*'), { models: ['gpt-4o', 'gpt-5', 'sonnet'] }, 'models is gpt-5, sonnet'],
    ['models', among('gpt-4*'), { models: [] }, 'models is not set, which is all'],
    ['models', among('gpt-4*'), {}, 'models is not set, which is all'],
    ['models', among('gpt-4*'), { models: ['*'] }, 'models is *'],
    ['access_group_ids', among('a'), {}, null],
    ['access_group_ids', among('a'), { access_group_ids: ['b'] }, 'access_group_ids is b'],
    ['user_id', among('*@example.com'), { user_id: 'ada@example.com' }, null],
    ['user_id', among('*@example.com'), { user_id: 'ada@example.com.evil' }, 'user_id is ada@example.com.evil'],
    ['user_id', among('*'), { user_id: '' }, 'user_id is not set'],
    ['user_id', among('*'), {}, 'user_id is not set'],
    ['key_type', among('llm_api'), {}, 'key_type is default'],
    ['key_type', among('default'), {}, null],
    ['key_type', among('llm_api'), { key_type: 'management' }, 'key_type is management'],
    ['guardrails', all('pii', 'toxic'), { guardrails: ['toxic', 'other', 'pii'] }, null],
    ['guardrails', all('pii', 'toxic'), { guardrails: ['pii'] }, 'guardrails lacks toxic'],
    ['guardrails', all('pii'), {}, 'guardrails lacks pii'],
    ['blocked', { is: 'exactly', value: false }, {}, null],
    ['blocked', { is: 'exactly', value: false }, { blocked: true }, 'blocked is true'],
    ['blocked', { is: 'exactly', value: true }, {}, 'blocked is false'],
    ['team_id', SET, { team_id: 't' }, null],
    ['team_id', SET, {}, 'team_id is not set'],
    ['models', SET, { models: [] }, 'models is not set'],
    ['aliases', UNSET, { aliases: {} }, null],
    ['aliases', UNSET, { aliases: { a: 'b' } }, 'aliases is set'],
    ['max_budget', UNSET, { max_budget: 0 }, 'max_budget is set'],
  ])('%s %j, having %j: %s', (field, demand, settings, words) => {
    expect(found(field, demand, { settings })).toBe(words);
  });
});

it.each<[Demand, string | null, string | null]>([
  [among('lab-*'), 'lab-ada', null],
  [among('lab-*', 'ci'), 'ci', null],
  [among('lab-*'), 'my-lab-ada', 'key_alias is my-lab-ada'],
  [among('*'), null, 'key_alias is not set'],
])('a name: %j, having %s: %s', (demand, name, words) => {
  expect(found('key_alias', demand, { name })).toBe(words);
});

it.each([
  [{ cost_center: 'a' }, null],
  [{ cost_center: 0 }, null],
  [{ cost_center: '' }, 'metadata.cost_center is not set'],
  [{ cost_center: null }, 'metadata.cost_center is not set'],
  [{}, 'metadata.cost_center is not set'],
])('a member of the metadata, in %j: %s', (metadata, words) => {
  expect(found('metadata.cost_center', SET, { metadata })).toBe(words);
  expect(found('metadata.constructor', SET, { metadata })).toBe('metadata.constructor is not set');
});

it.each<[Lifetime | undefined, string | null]>([
  [{ duration: '90d' }, null],
  [{ duration: '2mo' }, null],
  [{ duration: '3mo' }, 'duration is 3mo'],
  [{ duration: '91d' }, 'duration is 91d'],
  [{ expires: '2027-02-28T12:00:00.000Z' }, null],
  [{ expires: '2027-03-01T12:00:00.000Z' }, 'expires is 2027-03-01T12:00:00.000Z'],
  [{ expires: '2020-01-01T00:00:00.000Z' }, null],
  ['never', 'expires is not set'],
  [undefined, 'expires is not set'],
])('an end within 90d, having %j: %s', (lifetime, words) => {
  expect(found('expires', { is: 'within', bound: '90d' }, lifetime === undefined ? {} : { lifetime })).toBe(words);
});

it('tells all rules of its kind that are broken, in their order', () => {
  const ofTeams = { ...ruleOf('max_budget', SET), kind: 'team' as const };
  const rules = [ruleOf('team_id', SET), ofTeams, ruleOf('blocked', UNSET), ruleOf('user_id', SET)];
  const breaches = breachesOf(rules, ruledDesired(desired()), KEY, NOW);
  expect(breaches.map(({ found: words }) => words)).toEqual(['team_id is not set', 'user_id is not set']);
});

it('finds that a key which was made from a spec that keeps to a rule keeps to it for good', () => {
  const duration = fc.constantFrom('28d', '30d', '31d', '4w', '1mo', '2mo', '61d', '62d', '12mo', '365d');
  const day = fc.date({
    min: new Date('2024-01-01T00:00:00Z'),
    max: new Date('2028-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(duration, duration, day, fc.nat(40), (bound, asked, made, days) => {
      const rules = [ruleOf('expires', { is: 'within', bound })];
      fc.pre(
        breachesOf(rules, { name: 'a', settings: {}, metadata: {}, lifetime: { duration: asked } }, KEY, made)
          .length === 0,
      );
      const there = { ...live(), expires: endOf(asked, made).toISOString() };
      const later = new Date(made.getTime() + days * 86_400_000);
      expect(breachesOf(rules, ruledLive(there), KEY, later)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it('takes a live key without an end for one', () => {
  const rules = [ruleOf('expires', { is: 'within', bound: '90d' })];
  expect(breachesOf(rules, ruledLive({ ...live(), expires: null }), KEY, NOW)).toHaveLength(1);
});
