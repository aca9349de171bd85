/** Rules against each other: what a spec's own may say beside one that holds for everybody. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KEY } from '../../src/kinds/key.ts';
import { breachesOf, type Ruled } from '../../src/model/breaches.ts';
import { demandText, remedyText, ruleText } from '../../src/model/rule-words.ts';
import { loosens, type Demand, type Rule } from '../../src/model/rules.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const most = (bound: number | string): Demand => ({ is: 'most', bound });
const least = (bound: number | string): Demand => ({ is: 'least', bound });
const among = (...names: readonly string[]): Demand => ({ is: 'among', names });
const within = (bound: string): Demand => ({ is: 'within', bound });
const ruleOf = (field: string, demand: Demand): Rule => {
  return { ...demand, kind: 'key', set: null, field, origin: { file: 'r.yaml', line: 3, column: 5 } };
};

const PAIRS: readonly (readonly [Demand, Demand, boolean])[] = [
  [most(50), most(20), true],
  [most(20), most(50), false],
  [most(50), most(50), false],
  [most('30d'), most('1w'), true],
  [most('1mo'), most('31d'), false],
  [least(1), least(2), true],
  [least(3), least(2), false],
  [least(3), most(2), false],
  [within('120d'), within('90d'), true],
  [within('1mo'), within('31d'), false],
  [among('a', 'b'), among('a'), true],
  [among('a'), among('a', 'b'), false],
  [among('gpt-*'), among('gpt-4*'), true],
  [among('gpt-4*'), among('gpt-*'), false],
  [among('*'), among('?*'), true],
  [among('a*'), among('a?'), true],
  [among('a'), { is: 'all', names: ['a'] }, false],
  [{ is: 'all', names: [] }, { is: 'all', names: ['a'] }, false],
  [{ is: 'exactly', value: true }, { is: 'exactly', value: false }, true],
  [{ is: 'exactly', value: true }, { is: 'exactly', value: true }, false],
  [{ is: 'set' }, { is: 'unset' }, true],
  [{ is: 'unset' }, { is: 'set' }, true],
  [{ is: 'unset' }, most(5), false],
  [{ is: 'set' }, { is: 'set' }, false],
  [most(5), { is: 'unset' }, true],
];

it.each(PAIRS)('%j beside %j is looser: %s', (own, other, isLooser) => {
  expect(loosens(own, other)).toBe(isLooser);
});

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 4 });
const names = fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 });
const duration = fc.constantFrom('1d', '30d', '31d', '1mo', '4w', '5w', '2mo', '60d');
const likes = (demand: Demand['is']): fc.Arbitrary<Demand> => {
  switch (demand) {
    case 'within':
      return duration.map(within);
    case 'most':
    case 'least':
      return fc.nat(4).map((bound) => ({ is: demand, bound }));
    case 'among':
    case 'all':
      return names.map((some) => ({ is: demand, names: some }));
    case 'exactly':
      return fc.boolean().map((value) => ({ is: demand, value }));
    case 'set':
    case 'unset':
      return fc.constant({ is: demand });
  }
};
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 5 });
const FIELDS: readonly (readonly [string, readonly Demand['is'][], fc.Arbitrary<Partial<Ruled>>])[] = [
  ['max_budget', ['most', 'least'], fc.option(fc.nat(5)).map((max_budget) => ({ settings: { max_budget } }))],
  ['models', ['among'], fc.uniqueArray(text.filter((each) => each !== '')).map((models) => ({ settings: { models } }))],
  ['user_id', ['among'], text.map((user_id) => ({ settings: { user_id } }))],
  ['blocked', ['exactly'], fc.boolean().map((blocked) => ({ settings: { blocked } }))],
  ['expires', ['within'], duration.map((each) => ({ lifetime: { duration: each } }))],
];
const cases = fc
  .constantFrom(...FIELDS)
  .chain(([field, is, thing]) =>
    fc.constantFrom(...is).chain((each) => fc.tuple(fc.constant(field), likes(each), likes(each), thing)),
  );
const keeps = (field: string, demand: Demand, thing: Partial<Ruled>): boolean =>
  breachesOf([ruleOf(field, demand)], { name: 'k', settings: {}, metadata: {}, ...thing }, KEY, NOW).length === 0;

it('lets what keeps to a rule that is no looser keep to the other one too', () => {
  fc.assert(
    fc.property(cases, ([field, own, other, thing]) => {
      fc.pre(!loosens(own, other) && keeps(field, own, thing));
      expect(keeps(field, other, thing)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

const write = (field: string, value: string): string => `${field}: ${value}`;

it.each<[string, Demand, string, string]>([
  ['expires', within('90d'), 'ends within 90d', 'Give it an end: duration: 90d, or less.'],
  ['max_budget', most(50), 'max_budget at most 50', 'Give it max_budget: 50, or less: none is no limit.'],
  ['budget_duration', least('30d'), 'budget_duration at least 30d', 'Give it budget_duration: 30d, or more.'],
  ['models', among('a', 'b*'), 'models only a, b*', 'Let models be among these: * and ? stand for any text.'],
  ['guardrails', { is: 'all', names: ['pii'] }, 'guardrails with pii', 'Add what is lacking to guardrails.'],
  ['blocked', { is: 'exactly', value: false }, 'blocked has to be false', 'Give it blocked: false.'],
  ['team_id', { is: 'set' }, 'team_id has to be set', 'Give it team_id: VALUE.'],
  ['aliases', { is: 'unset' }, 'aliases may not be set', 'Leave aliases out.'],
])('%s: %j in words', (field, demand, words, remedy) => {
  const rule = ruleOf(field, demand);
  expect([ruleText(rule), remedyText(rule, write)]).toEqual([words, remedy]);
  expect(words).toContain(demandText(demand));
});
