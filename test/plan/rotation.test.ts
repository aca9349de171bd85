/** Which keys get new secrets, and which old ones go. */
import { describe, expect, it } from 'vitest';
import type { FieldChange, Rotation } from '../../src/model/change.ts';
import type { Entry, KeyringState } from '../../src/model/keyring.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import {
  retiredName,
  UNTIL_USE,
  USUAL_TERMS,
  type BegunRotation,
  type RotationTerms,
} from '../../src/model/rotation.ts';
import { makePlan, type PlanChoices } from '../../src/plan/make.ts';
import { rotationsOf } from '../../src/plan/rotation.ts';
import { successorOf } from '../../src/plan/successor.ts';
import { KEY } from '../../src/kinds/key.ts';
import { stepsOf } from '../../src/plan/steps.ts';
import { after, desired, hashOf, KINDS, live, NOTHING, PLAIN, secretFor, SET, survey } from '../support/make.ts';

const DAYS = 86_400;
const RULE = { rotate: { every: '60d', grace: '2h' } };
const old = live({ created_at: after(-61 * DAYS) });
const young = live({ created_at: after(-59 * DAYS) });
/** The new key of a rotation, made so many seconds ago. */
const fresh = (seconds: number, fields: Partial<Live> = {}): Live =>
  live({
    id: hashOf('fresh'),
    name: 'a~new',
    mark: { set: SET, name: 'a~new' },
    created_at: after(-seconds),
    ...fields,
  });
/** An old key in its grace, which ends in so many seconds. */
const retiring = (seconds: number): Live => {
  const name = retiredName({ id: hashOf('old') }, 'a');
  return live({ id: hashOf('old'), name, mark: { set: SET, name, retiring: after(seconds) }, expires: after(seconds) });
};

function entry(name: string, key_id: string): Entry {
  const none = { created: true, pending: false, deleting: false, expires: null, gone: null, replaced: false };
  return {
    key_id,
    name,
    secret: secretFor(name),
    at: after(-DAYS),
    ...none,
    sandbox: null,
    places: [],
    encryption: null,
  };
}

function keyring(entries: readonly Entry[], begun: readonly Partial<BegunRotation>[] = []): KeyringState {
  const at = after(-60);
  const rotations = begun.map((each): [string, BegunRotation] => {
    const rotation = { ...USUAL_TERMS, of: old.id, name: 'a', at, ...each };
    return [rotation.of, rotation];
  });
  return { ...NOTHING, entries: new Map(entries.map((each) => [each.key_id, each])), rotations: new Map(rotations) };
}

function planFor(
  wanted: readonly Desired[],
  keys: readonly Live[],
  choices: Partial<PlanChoices> & { readonly state?: KeyringState; readonly gaps?: readonly string[] } = {},
): Plan {
  const intent = { set: SET, isNamed: true, state: 'present', desired: wanted } as const;
  const { state = NOTHING, gaps = [], ...how } = choices;
  const basis = {
    surveys: new Map([['key', survey(keys, { gaps })]]),
    kinds: KINDS,
    keyring: state,
    version: '1.108.7',
  };
  return makePlan(intent, basis, { ...PLAIN, ...how }).plan;
}

const told = ({ changes }: Plan): readonly string[] => changes.map(({ action, ref }) => `${action} ${ref.name}`);
const said = ({ notices, refusals }: Plan): readonly string[] => [
  ...notices.map(({ code, ref }) => `${code} ${ref?.name ?? ''}`),
  ...refusals.map(({ code, ref }) => `refused: ${code} ${ref?.name ?? ''}`),
];
const termsIn = ({ changes }: Plan): readonly RotationTerms[] =>
  changes.flatMap((change) => (change.action === 'rotate' ? [change.terms] : []));
const all = (terms: Partial<RotationTerms> = {}): Partial<PlanChoices> => ({
  rotation: { which: () => true, terms },
});

describe('a key', () => {
  it.each<[string, Desired, Live, Partial<PlanChoices>, string]>([
    ['that is old enough is rotated', desired(RULE), old, {}, 'rotate a'],
    ['that is not old enough stays', desired(RULE), young, {}, 'noop a'],
    ['whose age nobody knows stays', desired(RULE), live({ created_at: null }), {}, 'noop a'],
    ['without a rule stays', desired(), old, {}, 'noop a'],
    ['stays with --no-rotate', desired(RULE), old, { rotation: { which: 'none', terms: {} } }, 'noop a'],
    ['that somebody names is rotated', desired(), young, all(), 'rotate a'],
    ['that has ended is not due', desired(RULE), { ...old, expires: after(-5) }, {}, 'noop a'],
  ])('%s', (_, wanted, key, choices, change) => {
    expect(told(planFor([wanted], [key], choices))).toEqual([change]);
  });

  it('has the terms of its spec, and over them what was asked for', () => {
    expect(termsIn(planFor([desired(RULE)], [old]))).toEqual([{ ...USUAL_TERMS, grace: 7_200_000 }]);
    expect(termsIn(planFor([desired({ rotate: { every: '1d', grace: null } })], [old]))).toEqual([USUAL_TERMS]);
    expect(termsIn(planFor([desired({ rotate: { every: '1d', grace: '0' } })], [old]))[0]?.grace).toBe(0);
    expect(termsIn(planFor([desired(RULE)], [old], all({ grace: 5, keepsSpend: true })))).toEqual([
      { grace: 5, keepsSpend: true, isLeaked: false, isFromUse: false },
    ]);
    expect(termsIn(planFor([desired(RULE)], [old], all({ isLeaked: true })))[0]).toMatchObject({ grace: 0 });
  });

  it('is told that its own window of budget begins anew, and one of a row does not', () => {
    const windowed = { ...old, settings: { budget_duration: '30d' } };
    expect(said(planFor([desired(RULE)], [windowed]))).toEqual(['rotation a']);
    const shared = { ...old, settings: { budget_duration: '30d', budget_id: 'b' } };
    expect(said(planFor([desired(RULE)], [shared]))).toEqual([]);
  });

  it('is told that what it spent of its own budget counts no more, unless it goes along', () => {
    const spent = { ...old, spend: 3, settings: { max_budget: 5 } };
    expect(said(planFor([desired(RULE)], [spent]))).toEqual(['rotation a']);
    const rotate = { every: '60d', grace: null, keep_spend: true };
    const carried = planFor([desired({ rotate })], [spent]);
    expect([said(carried), termsIn(carried)[0]?.keepsSpend]).toEqual([[], true]);
    for (const other of [
      { ...spent, spend: 0 },
      { ...spent, settings: {} },
      { ...spent, settings: { max_budget: 5, budget_id: 'b' } },
    ])
      expect(said(planFor([desired(RULE)], [other]))).toEqual([]);
  });

  it('that has ended cannot be rotated by hand before it has a later end', () => {
    const made = planFor([desired()], [{ ...old, expires: after(-5) }], all());
    expect(said(made)).toContain('refused: rotation a');
    expect(made.refusals[0]?.hint).toContain('vkeys extend a');
  });

  it('changes its fields along with its secret', () => {
    const made = planFor([desired({ ...RULE, settings: { rpm_limit: 3 } })], [old]);
    expect(made.changes[0]).toMatchObject({ action: 'rotate', fields: [{ field: 'rpm_limit', from: null, to: 3 }] });
  });
});

describe('an old key in its grace', () => {
  const now = live({ id: hashOf('fresh'), created_at: after(-5) });
  it.each<[string, readonly Desired[], Partial<PlanChoices>, readonly string[]]>([
    ['stays beside its key', [desired()], {}, ['noop a']],
    ['goes where that is blocked', [desired({ settings: { blocked: true } })], {}, ['update a', 'delete a~old']],
    ['goes where others have the secret', [desired()], all({ isLeaked: true }), ['rotate a', 'delete a~old']],
    [
      'goes with a key that the spec does not have',
      [desired({ name: 'b' })],
      { prune: true },
      ['create b', 'delete a~old', 'delete a'],
    ],
    [
      'goes with one that is not to be there, whatever it was called',
      [desired({ name: 'b', previously: ['a'], state: 'absent' })],
      {},
      ['delete b', 'delete b'],
    ],
    [
      'goes where only its key is meant',
      [desired()],
      { ...all({ isLeaked: true }), only: ({ name }) => name === 'a' },
      ['rotate a', 'delete a~old'],
    ],
    ['stays where only its key is meant', [desired()], { only: ({ name }) => name === 'a' }, ['noop a']],
  ])('%s', (_, wanted, choices, changes) => {
    const seen = told(planFor(wanted, [now, retiring(60)], choices)).map((each) => each.replace(/-[0-9a-f]{8}$/, ''));
    expect(seen.toSorted()).toEqual(changes.toSorted());
  });
});

describe('a rotation that was begun', () => {
  it('goes on under the name that its spec has for the key now', () => {
    const wanted = [desired({ name: 'b', previously: ['a'] })];
    const state = keyring([entry('a', old.id), entry('a~new', hashOf('fresh'))], [{}]);
    const [change, ...more] = planFor(wanted, [old, fresh(5)], { state }).changes;
    expect([change?.action, change?.ref.name, more]).toEqual(['rotate', 'b', []]);
    expect(change).toMatchObject({ successor: { name: 'a~new' } });
    const turned = planFor(wanted, [retiring(60), fresh(5)], { state: keyring([...state.entries.values()]) });
    expect(told(turned)).toEqual(['update b']);
  });

  it('goes on from the keyring, whatever is asked for, with its own terms', () => {
    const state = keyring([entry('a~new', hashOf('fresh'))], [{ grace: 77, keepsSpend: true }]);
    for (const choices of [{}, { rotation: { which: 'none', terms: { grace: 1 } } as const }]) {
      const made = planFor([desired()], [young, fresh(5)], {
        ...choices,
        state: keyring([...state.entries.values()], [{ of: young.id, grace: 77, keepsSpend: true }]),
      });
      expect(told(made)).toEqual(['rotate a']);
      expect(made.changes[0]).toMatchObject({ because: 'begun', successor: { name: 'a~new' } });
      expect(termsIn(made)).toEqual([{ grace: 77, keepsSpend: true, isLeaked: false, isFromUse: false }]);
    }
    const worse = planFor([desired()], [old, fresh(5)], { state, ...all({ isLeaked: true }) });
    expect(termsIn(worse)).toEqual([{ grace: 0, keepsSpend: true, isLeaked: true, isFromUse: false }]);
  });

  it('elsewhere is told, and in the way of another for an hour', () => {
    expect(told(planFor([desired()], [old, fresh(5)]))).toEqual(['noop a']);
    expect(said(planFor([desired()], [old, fresh(5)]))).toEqual(['rotation a']);
    expect(said(planFor([desired(RULE)], [old, fresh(5)]))).toEqual(['refused: rotation a']);
    expect(said(planFor([desired()], [old, fresh(3601)]))).toEqual(['rotation a']);
    expect(told(planFor([desired(RULE)], [old, fresh(3601)]))).toEqual(['rotate a']);
    expect(said(planFor([desired(RULE)], [old, fresh(9, { created_at: null })]))).toEqual(['refused: rotation a']);
  });

  it('is ended by a name, where the old key is out of the way', () => {
    for (const keys of [[fresh(5), retiring(60)], [fresh(5)]]) {
      const made = planFor([desired(RULE)], keys, all());
      expect(made.changes).toMatchObject([
        {
          action: 'update',
          fields: [
            { field: 'name', from: 'a~new', to: 'a' },
            { field: 'key_alias', from: 'a~new', to: 'a' },
          ],
        },
      ]);
    }
  });

  it('leaves a key alone that the spec itself calls so', () => {
    expect(told(planFor([desired(), desired({ name: 'a~new' })], [old, fresh(5)], all())).toSorted()).toEqual(
      ['rotate a', 'rotate a~new'].toSorted(),
    );
  });
});

describe('an old key', () => {
  it.each([
    [60, ['noop a']],
    [-1, [`delete ${retiredName({ id: hashOf('old') }, 'a')}`, 'noop a']],
  ] as const)('whose grace ends in %i s', (seconds, changes) => {
    expect(told(planFor([desired()], [live(), retiring(seconds)]))).toEqual(changes);
  });

  it.each<[string, string | null | undefined, string | null, readonly string[]]>([
    ['is not used yet', null, null, ['noop a']],
    ['nobody knows of', undefined, null, ['noop a']],
    ['is used', after(-10), null, ['update OLD', 'noop a']],
    ['was used for so long', after(-100), null, ['delete OLD', 'noop a']],
    ['is used again later', after(-10), after(20), ['noop a']],
    ['is used before a later end', after(-10), after(90), ['update OLD', 'noop a']],
  ])('that waits for the first use of the newer one, which %s', (_, last_active, expires, changes) => {
    const name = retiredName({ id: hashOf('old') }, 'a');
    const waiting = live({
      id: hashOf('old'),
      name,
      expires,
      mark: { set: SET, name, retiring: UNTIL_USE, grace: 60_000 },
    });
    const now = live({ extra: last_active === undefined ? {} : { last_active } });
    const made = planFor([desired()], [now, waiting]);
    expect(told(made).map((line) => line.replace(name, 'OLD'))).toEqual(changes);
    for (const { action, fields } of made.changes)
      if (action === 'update') expect(fields).toEqual([{ field: 'expires', from: expires, to: after(50) }]);
  });

  it('without a name in its mark waits for nobody', () => {
    const waiting = live({ id: hashOf('x'), name: 'x', mark: { set: SET, name: null, retiring: UNTIL_USE, grace: 1 } });
    expect(told(planFor([desired()], [live(), waiting]))).toEqual(['noop a']);
  });

  it('goes with the key, and stays where others are pruned', () => {
    const keys = [live(), retiring(60), fresh(5)];
    const gone = planFor([desired({ state: 'absent' })], keys);
    expect(told(gone)).toEqual(['delete a', 'delete a', 'delete a']);
    expect(told(planFor([desired()], [live(), retiring(60)], { prune: true }))).toEqual(['noop a']);
  });

  it('is not believed where the keyring has it under a wanted name and there is no newer one', () => {
    const forged = live({ mark: { set: SET, name: 'a', retiring: after(-1) } });
    const state = keyring([entry('a', forged.id)]);
    expect(told(planFor([desired()], [forged], { state }))).toEqual(['noop a']);
    const newer = live({ id: hashOf('newer'), created_at: after(5) });
    expect(told(planFor([desired()], [forged, newer], { state }))).toEqual(['delete a', 'noop a']);
    const begun = { ...state, rotations: keyring([], [{ of: forged.id }]).rotations };
    expect(told(planFor([desired()], [forged], { state: begun }))).toContain('delete a');
  });

  it('without a name in its mark is called as on the server, or by its id', () => {
    const nameless = (name: string | null): Live =>
      live({ id: hashOf('x'), name, mark: { set: SET, name: null, retiring: after(-1) } });
    expect(told(planFor([], [nameless('z')]))).toEqual(['delete z']);
    expect(told(planFor([], [nameless(null)]))).toEqual([`delete ${hashOf('x')}`]);
  });
});

it('keeps of a plan what is about new secrets', () => {
  const wanted = [desired(RULE), desired({ name: 'b', settings: { rpm_limit: 1 } }), desired({ name: 'c' })];
  const keys = [
    { ...old, settings: { blocked: true } },
    live({ name: 'b', expires: after(-9) }),
    live({ id: hashOf('c2'), name: 'c~new', mark: { set: SET, name: 'c~new' } }),
    retiring(-1),
  ];
  const made = rotationsOf(planFor(wanted, keys, { gaps: ['A row could not be read.'] }));
  expect(said(made)).toEqual(['blocked a']);
  expect(told(made).map((line) => line.split('~')[0])).toEqual(['rotate a', 'update c', 'delete a']);
});

it('is a step of its own in a saved plan, terms and all', () => {
  const digests = [{}, all({ grace: 1 })].map((choices) => stepsOf(planFor([desired(RULE)], [old], choices))[0]);
  expect(digests.map((step) => step?.action)).toEqual(['rotate', 'rotate']);
  expect(digests[0]?.digest).not.toBe(digests[1]?.digest);
});

/** What takes a key's place. */
function successor(wish: Desired, of: Live, more: Partial<Rotation> = {}): Desired {
  return successorOf(KEY, { ref: wish.ref, desired: wish, fields: [], terms: USUAL_TERMS, ...more }, of);
}

it('opens when the old one would have', () => {
  const closed = live({ mark: { set: SET, name: 'a', opens: after(60) } });
  const opens = (wish: Desired, of: Live): string | null | undefined => successor(wish, of).opens;
  expect([opens(desired(), closed), opens(desired({ opens: null }), closed), opens(desired(), live())]).toEqual([
    after(60),
    null,
    null,
  ]);
});

it('makes a successor of all that a key is, and of what the spec says of it', () => {
  const vkeys = { set: SET, name: 'a', sealed: { logging: 'x' }, hidden: ['token'] };
  const there = live({
    settings: { rpm_limit: 1, tpm_limit: 2 },
    metadata: { vkeys, note: 'n', token: 't' },
    expires: after(60),
    spend: 4,
  });
  const wish = desired({ settings: { rpm_limit: 9 }, metadata: { team: 'x' }, secrets: new Set(['x']) });
  const made = successor(wish, there, { terms: { ...USUAL_TERMS, keepsSpend: true } });
  expect(made).toMatchObject({
    ref: { kind: 'key', name: 'a~new' },
    settings: { rpm_limit: 9, tpm_limit: 2 },
    metadata: { note: 'n', token: 't', team: 'x' },
    lifetime: { expires: there.expires },
    follows: { since: there.created_at, spend: 4 },
    memo: { sealed: { logging: 'x' }, hidden: ['token'] },
  });
  expect([...(made.secrets ?? [])].toSorted()).toEqual(['t', 'x']);
  const plain = successor(desired({ sharing: { shared_with: ['u'], groups: {} } }), live());
  expect([plain.lifetime, plain.follows?.spend, plain.sharing?.shared_with, plain.memo]).toEqual([
    'never',
    0,
    ['u'],
    undefined,
  ]);
});

it('gives a successor the end that the spec has for the key now', () => {
  const until = (to: FieldChange['to']): unknown =>
    successor(desired(), old, { fields: [{ field: 'expires', from: null, to }] }).lifetime;
  expect([until(after(90)), until(null)]).toEqual([{ expires: after(90) }, 'never']);
});
