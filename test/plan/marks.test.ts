import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Notice } from '../../src/model/plan.ts';
import { marksOnly } from '../../src/plan/marks.ts';
import { makePlan } from '../../src/plan/make.ts';
import { desired, KINDS, live, NOTHING, plan, PLAIN, SET, survey } from '../support/make.ts';

const of = (name: string) => ({ ref: { kind: 'key', name }, takes: [], reason: null });
const wanted = desired({ settings: { max_budget: 5 }, metadata: { a: 1 }, lifetime: 'never', extra: { b: 1 } });
const set = { field: 'set', from: null, to: 'ws' };
const budget = { field: 'max_budget', from: 1, to: 5 };
const notice = (code: Notice['code'], name: string): Notice => ({ code, ref: of(name).ref, message: code, hint: null });

it('keeps of a plan whose things are, and nothing else of them', () => {
  const changes: readonly Change[] = [
    { ...of('made'), action: 'create', desired: wanted, live: null, fields: [budget] },
    { ...of('taken'), action: 'adopt', desired: wanted, live: live(), fields: [set, budget] },
    { ...of('noted'), action: 'adopt', desired: wanted, live: live(), fields: [] },
    { ...of('renamed'), action: 'update', desired: wanted, live: live(), fields: [{ ...set, field: 'name' }, budget] },
    { ...of('other'), action: 'update', desired: wanted, live: live(), fields: [budget] },
    { ...of('same'), action: 'noop', desired: wanted, live: live(), fields: [] },
    { ...of('left'), action: 'delete', desired: null, live: live(), fields: [], because: 'left' },
  ];
  const given = plan(changes, {
    withdrawals: [{ ref: of('left').ref, key_id: 'k', places: [] }],
    notices: [notice('orphan', 'x'), notice('unsupported', 'y')],
    refusals: [notice('lifetime', 'ended'), { ...notice('lifetime', ''), ref: null }, notice('foreign', 'z')],
  });
  const bare = desired();
  const { changes: kept, notices, refusals, withdrawals } = marksOnly(given);
  expect(kept.map(({ action, ref, fields }) => [action, ref.name, fields])).toEqual([
    ['adopt', 'taken', [set]],
    ['adopt', 'noted', []],
    ['update', 'renamed', [{ ...set, field: 'name' }]],
    ['noop', 'other', []],
    ['noop', 'same', []],
  ]);
  expect(kept.slice(0, 4).map((change) => change.desired)).toEqual([bare, bare, bare, bare]);
  expect(notices.map(({ code, ref }) => [code, ref?.name])).toEqual([
    ['orphan', 'x'],
    ['missing', 'made'],
    ['missing', 'ended'],
  ]);
  expect({ refusals, withdrawals }).toEqual({ refusals: [notice('foreign', 'z')], withdrawals: [] });
});

it('is what a plan for marks alone has', () => {
  const intent = { set: SET, isNamed: true, state: 'present', desired: [wanted] } as const;
  const surveys = new Map([['key', survey([live({ mark: null, metadata: {} })])]]);
  const basis = { surveys, kinds: KINDS, keyring: NOTHING, version: null };
  const made = makePlan(intent, basis, { ...PLAIN, adopt: true, marksOnly: true });
  expect(made.plan.changes).toMatchObject([{ action: 'adopt', fields: [set] }]);
});
