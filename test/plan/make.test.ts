import type { Ref } from '../../src/model/ref.ts';
import { describe, expect, it } from 'vitest';
import { hasWork, summarize, type Plan } from '../../src/model/plan.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { makePlan, type PlanChoices } from '../../src/plan/make.ts';
import { dependsOnVersion } from '../../src/plan/version.ts';
import { after, desired, hashOf, KINDS, live, NOTHING, PLAIN, SET, survey } from '../support/make.ts';
import { planOf } from './planned.ts';

function planFor(wanted: readonly Desired[], keys: readonly Live[], options: Partial<PlanChoices> = {}): Plan {
  const intent = { set: SET, isNamed: true, state: 'present', desired: wanted } as const;
  const basis = { surveys: new Map([['key', survey(keys)]]), kinds: KINDS, keyring: NOTHING, version: '1.108.7' };
  return makePlan(intent, basis, { ...PLAIN, ...options }).plan;
}

/** What a user reads of it: `create a`. */
const told = ({ changes }: Plan): readonly string[] => changes.map(({ action, ref }) => `${action} ${ref.name}`);
const codes = (notices: Plan['notices']): readonly string[] =>
  notices.map(({ code, ref }) => `${code} ${ref?.name ?? ''}`);

const ours = live();
const theirs = live({ mark: null });
const otherSet = live({ mark: { set: 'other', name: 'a' } });
const twin = live({ id: hashOf('twin'), created_at: after(1) });
const ended = live({ expires: after(-60) });

describe('a wanted key', () => {
  it.each<[string, Desired, readonly Live[], string]>([
    ['that is not there is created', desired(), [], 'create a'],
    ['that is there as wanted is left alone', desired(), [ours], 'noop a'],
    ['that is there otherwise is updated', desired({ settings: { rpm_limit: 1 } }), [ours], 'update a'],
    ['is not confused with one whose alias differs in case', desired(), [live({ name: 'A', mark: null })], 'create a'],
    ['that expired is replaced where the spec says so', desired({ on_expired: 'recreate' }), [ended], 'replace a'],
  ])('%s', (_, wanted, keys, change) => {
    const made = planFor([wanted], keys);
    expect([told(made), made.notices, made.refusals]).toEqual([[change], [], []]);
    expect([summarize(made)[made.changes[0]?.action ?? 'noop'], hasWork(made)]).toEqual([1, change !== 'noop a']);
  });

  it.each<[string, Desired, readonly Live[], string]>([
    ['whose alias a key has that vkeys did not make', desired(), [theirs], 'foreign a'],
    ['whose alias belongs to another set', desired(), [otherSet], 'foreign a'],
    ['that is there twice', desired(), [twin, ours], 'duplicate a'],
    ['that would be dead when it is made', desired({ lifetime: { expires: after(-1) } }), [], 'lifetime a'],
  ])('%s is refused, with a way out', (_, wanted, keys, refusal) => {
    const made = planFor([wanted], keys);
    expect([told(made), codes(made.refusals)]).toEqual([[], [refusal]]);
    expect(made.refusals[0]?.hint).not.toBeNull();
  });

  it('says whose the key in its way is', () => {
    const messages = [theirs, otherSet].map((key) => planFor([desired()], [key]).refusals[0]?.message);
    expect(messages).toEqual([
      'A key with this name is there and was not made by vkeys, or has lost its mark.',
      'A key with this name is there and belongs to the set other.',
    ]);
  });

  it('that is there twice is told with the hashes, the older first', () => {
    const nobodyKnows = { ...twin, created_at: null };
    const message = planFor([desired()], [ours, nobodyKnows]).refusals[0]?.message;
    expect(message).toContain(`${twin.id} (made at an unknown time), ${ours.id} (made ${ours.created_at ?? ''})`);
  });

  it.each([theirs, otherSet])('is taken over with --adopt, mark first', (key) => {
    const made = planFor([desired({ settings: { rpm_limit: 1 } })], [key], { adopt: true });
    expect(told(made)).toEqual(['adopt a']);
    expect(made.changes[0]?.fields).toEqual([
      { field: 'set', from: key.mark?.set ?? null, to: SET },
      { field: 'rpm_limit', from: null, to: 1 },
    ]);
  });

  it('that expired is told, and updated where the spec gives it a later end', () => {
    const reported = planFor([desired()], [ended]);
    expect([told(reported), codes(reported.notices)]).toEqual([['noop a'], ['expired a']]);
    const revived = planFor([desired({ lifetime: { expires: after(3600) } })], [ended]);
    expect([told(revived), codes(revived.notices)]).toEqual([['update a'], []]);
  });

  it.each<[string, Partial<PlanChoices>, Desired, Live, readonly string[]]>([
    ['is told where the spec says nothing of it', {}, desired(), live({ settings: { blocked: true } }), ['blocked a']],
    [
      'is told before it is taken over',
      { adopt: true },
      desired(),
      { ...theirs, settings: { blocked: true } },
      ['blocked a'],
    ],
    ['is as the spec says it', {}, desired({ settings: { blocked: true } }), live({ settings: { blocked: true } }), []],
    [
      'is unblocked where the spec says so',
      {},
      desired({ settings: { blocked: false } }),
      live({ settings: { blocked: true } }),
      [],
    ],
    ['is no matter where it is not', {}, desired(), live({ settings: {} }), []],
  ])('that somebody blocked %s', (_, choices, wanted, there, notices) => {
    expect(codes(planFor([wanted], [there], choices).notices)).toEqual(notices);
  });

  it('whose secret nobody has is replaced where the spec says so, and left alone otherwise', () => {
    const unheld = new Set([ours.id]);
    expect(told(planFor([desired({ on_lost: 'replace' })], [ours], { unheld }))).toEqual(['replace a']);
    expect(told(planFor([desired({ on_lost: 'replace' })], [ours]))).toEqual(['noop a']);
    expect(told(planFor([desired()], [ours], { unheld }))).toEqual(['noop a']);
  });

  it('that expired is not replaced by one that would be dead', () => {
    const lifetime = { expires: after(-60) };
    expect(told(planFor([desired({ on_expired: 'recreate', lifetime })], [ended]))).toEqual(['noop a']);
  });
});

describe('a key with state: absent', () => {
  const absent = desired({ state: 'absent' });

  it.each<[string, readonly Live[], boolean, readonly string[], readonly string[]]>([
    ['is deleted', [ours], false, ['delete a'], []],
    ['is counted when it is not there', [], false, [], ['missing a']],
    ['stays when it is foreign', [theirs], false, [], ['foreign a']],
    ['stays when it is foreign, with --adopt too', [theirs], true, [], ['foreign a']],
    [
      'is deleted beside a foreign one, which stays',
      [ours, { ...theirs, id: hashOf('x') }],
      false,
      ['delete a'],
      ['foreign a'],
    ],
    ['is deleted as often as it is there', [twin, ours], false, ['delete a', 'delete a'], []],
  ])('%s', (_, keys, adopt, changes, notices) => {
    const made = planFor([absent], keys, { adopt });
    expect([told(made), codes(made.notices), made.refusals]).toEqual([changes, notices, []]);
  });
});

describe('a key that the spec does not mention', () => {
  const orphan = live({ name: 'old' });
  const nameless = live({ name: null });

  it('is told, and stays', () => {
    const made = planFor([], [orphan, nameless, theirs]);
    expect([told(made), codes(made.notices)]).toEqual([[], [`orphan ${nameless.id}`, 'orphan old'].toSorted()]);
    expect(hasWork(made)).toBe(false);
  });

  it('is deleted with --prune, when it is ours', () => {
    expect(told(planFor([], [orphan, nameless, theirs, otherSet], { prune: true })).toSorted()).toEqual(
      [`delete ${nameless.id}`, 'delete old'].toSorted(),
    );
  });
});

it('leaves out every alias that --only leaves out', () => {
  const only = ({ name }: Ref): boolean => name === 'a';
  const keys = [live({ name: 'old' }), live({ name: null })];
  const made = planFor([desired(), desired({ name: 'b' })], keys, { only, prune: true });
  expect(told(made)).toEqual(['create a']);
});

it('is in the order in which apply works, and counts numbers in aliases as people do', () => {
  const wanted = ['a10', 'a2', 'a02', 'b'].map((name) => desired({ name }));
  const keys = [live({ name: 'old' }), live({ name: 'b' })];
  const made = planFor(wanted, keys, { prune: true });
  expect(told(made)).toEqual(['create a02', 'create a2', 'create a10', 'delete old', 'noop b']);
  expect(summarize(made)).toEqual({ create: 3, replace: 0, rotate: 0, update: 0, adopt: 0, delete: 1, noop: 1 });
});

it.each<[string, Desired, Live, boolean]>([
  ['takes an end away', desired({ lifetime: 'never' }), live({ expires: after(9) }), true],
  ['moves an end', desired({ lifetime: { expires: after(999) } }), live({ expires: after(9) }), false],
  [
    'clears a budget_duration',
    desired({ settings: { budget_duration: null } }),
    live({ settings: { budget_duration: '1d' } }),
    true,
  ],
  ['sets a budget_duration', desired({ settings: { budget_duration: '1d' } }), live(), false],
  ['sets what old servers do not keep in the metadata', desired({ settings: { rpm_limit_type: 'x' } }), live(), true],
  ['sets what every server keeps in the metadata', desired({ settings: { model_rpm_limit: { m: 1 } } }), live(), false],
  ['sets metadata', desired({ metadata: { a: 1 } }), live(), false],
])('a plan that %s needs to know the version: %s', (_, wanted, found, needs) => {
  expect(dependsOnVersion(planFor([wanted], [found]), KINDS)).toBe(needs);
});

it('a plan that creates or replaces keys does not need to know the version', () => {
  const wanted = desired({ settings: { rpm_limit_type: 'x' }, on_expired: 'recreate' });
  expect([[], [ended]].map((keys) => dependsOnVersion(planFor([wanted], keys), KINDS))).toEqual([false, false]);
});

describe('a look that could not see all', () => {
  const gaps = ['The list was cut.'];
  const see = (wanted: readonly Desired[], isShort: boolean, prune = false): Plan =>
    planOf({ wanted, lives: [ours], survey: { gaps, isShort }, prune });

  it('is told where nothing follows from what is missing', () => {
    expect(codes(see([desired()], true).notices)).toEqual(['survey ']);
    expect(codes(see([desired({ name: 'b' })], false).refusals)).toEqual([]);
  });

  it.each<[string, readonly Desired[], boolean]>([
    ['what is not seen would be made anew', [desired(), desired({ name: 'b' })], false],
    ['what is not mentioned would be deleted', [desired()], true],
  ])('stops the run where %s', (_, wanted, prune) => {
    const { notices, refusals } = see(wanted, true, prune);
    expect([codes(notices), codes(refusals)]).toEqual([[], ['survey ']]);
    expect(refusals[0]?.hint).toContain('not taken for gone');
  });
});
