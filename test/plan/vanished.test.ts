/** Keys that the keyring knows and the server does not have. */
import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/model/keyring.ts';
import type { Surveys } from '../../src/model/survey.ts';
import { makePlan } from '../../src/plan/make.ts';
import { vanishedRefusals } from '../../src/plan/vanished.ts';
import { replay } from '../../src/secrets/journal.ts';
import { after, desired, hashOf, KINDS, PLAIN, SET, survey } from '../support/make.ts';
import { gistOf, key, liveKey, made, makeFor, minted, planOf } from './planned.ts';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `k${String(index)}`);
const wishes = (count: number) => names(count).map((name) => desired({ name }));

/** A set of so many keys, of which the first ones are not there. */
function missing(count: number, of: number) {
  return makeFor({
    wanted: wishes(of),
    lines: made(names(of)),
    lives: names(of)
      .slice(count)
      .map((name) => liveKey(name)),
  });
}

describe('of a set', () => {
  it.each([
    [1, 1, false],
    [2, 2, true],
    [1, 2, false],
    [3, 4, false],
    [3, 10, false],
    [4, 10, true],
    [4, 4, true],
    [30, 100, false],
    [31, 100, true],
  ])('%i of %i keys vanished: refused: %s', (count, of, refused) => {
    const { plan, vanished } = missing(count, of);
    expect([vanished.count, vanished.of, vanished.missed.length]).toEqual([count, of, count]);
    expect(vanishedRefusals([{ set: 'ws', vanished }]).map(({ code }) => code)).toEqual(refused ? ['vanished'] : []);
    const creations = plan.changes.filter(({ action }) => action === 'create');
    expect(creations.map(({ reason }) => reason)).toEqual(Array(count).fill('somebody deleted it'));
  });

  it('says both explanations, and the way out', () => {
    const [refusal] = vanishedRefusals([{ set: 'ws', vanished: missing(5, 5).vanished }]);
    expect(refusal?.message).toContain('5 of the 5 keys that were made in ws are not on this server');
    expect(refusal?.message).toContain('another server behind the same address');
    expect(refusal?.message).toContain('restored or emptied');
    expect(refusal?.hint).toContain('--recreate');
  });
});

describe('over several sets of one server', () => {
  const missed = { ref: { kind: 'key', name: 'k' }, key_id: '', isFresh: false };
  const few = { set: 'few', vanished: { count: 1, of: 1, missed: [missed] } };
  const whole = { set: 'whole', vanished: { count: 0, of: 100, missed: [] } };

  it.each([
    ['all of several single keys', [few, few], 2],
    ['one single key', [few], 0],
    ['one of a hundred', [few, whole], 0],
    ['four single keys of four hundred', [few, few, few, few, whole, whole, whole, whole], 0],
  ])('%s', (_, sets, count) => {
    expect(vanishedRefusals(sets)).toHaveLength(Math.min(count, 1));
  });

  it('names the sets that it is about, and no others', () => {
    const all = { set: 'all', vanished: { count: 5, of: 5, missed: wishes(5).map(({ ref }) => ({ ...missed, ref })) } };
    expect(vanishedRefusals([all, few, whole])[0]?.message).toMatch(/^5 of the 5 keys that were made in all /);
  });
});

it('keys that are wanted no more count too, when they are missed for the first time', () => {
  const lines = made(names(10));
  const wanted = wishes(1);
  expect(makeFor({ wanted, lines }).vanished).toMatchObject({ count: 10, of: 10, missed: [{ isFresh: false }] });
  const known = names(10).map((name): Line => ({ op: 'gone', key_id: key(name).id, at: after(-60) }));
  expect(makeFor({ wanted, lines: [...lines, ...known] }).vanished).toMatchObject({ count: 1, of: 1 });
});

it('keys that were replaced are not missed: they are made as if they had never been', () => {
  const lines = names(5).flatMap((name): readonly Line[] => {
    const [id, at] = [key(name).id, after(-60)];
    return [...made([name]), { op: 'gone', key_id: id, at }, { op: 'replaced', key_id: id }];
  });
  const { plan, vanished } = makeFor({ wanted: wishes(5), lines });
  expect([vanished.count, plan.changes.map(({ reason }) => reason)]).toEqual([0, Array(5).fill(null)]);
  expect(makeFor({ wanted: [desired({ name: 'b', previously: ['k0'] })], lines }).vanished.count).toBe(0);
});

it('where nothing is to be made again, nothing is refused: the keys are noted as gone', () => {
  const { vanished } = makeFor({ lines: made(names(10)) });
  expect(vanished.missed).toEqual([]);
  expect(vanishedRefusals([{ set: 'ws', vanished }])).toEqual([]);
});

it('a key that another machine made anew is not missed here', () => {
  const lives = [liveKey('k0', { id: hashOf('elsewhere') }), liveKey('k1', { id: hashOf('elsewhere too') })];
  expect(makeFor({ wanted: wishes(2), lines: made(names(2)), lives }).vanished.count).toBe(0);
});

describe('a key that is not there', () => {
  const a = desired({ name: 'a' });
  const again = desired({ name: 'a', on_expired: 'recreate' });

  it.each([
    [
      'that ended is told, and not made again',
      { wanted: [a], lines: made(['a'], after(-60)) },
      { notices: ['ended a'] },
    ],
    [
      'that ended is made again where the spec says so',
      { wanted: [again], lines: made(['a'], after(-60)) },
      { changes: ['create a'] },
    ],
    ['that had not ended is made again', { wanted: [a], lines: made(['a'], after(60)) }, { changes: ['create a'] }],
    ['whose creation was not finished is made', { wanted: [a], lines: minted('a') }, { changes: ['create a'] }],
    [
      'that a run deleted before it was cut is made, as if it had never been',
      { wanted: [a], lines: [...made(['a'], null, -5), { op: 'deleting', key_id: key('a').id } as const] },
      { changes: ['create a'] },
    ],
  ])('%s', (_, one, gist) => {
    expect(gistOf(planOf(one))).toEqual(gist);
  });

  it('is known by the youngest of several that had its name', () => {
    const old = made(['old'], after(-600), -7200).map((line): Line => ('name' in line ? { ...line, name: 'a' } : line));
    const lines = [...made(['a'], null, -60), ...old];
    expect(gistOf(planOf({ wanted: [a], lines }))).toEqual({ changes: ['create a'] });
  });

  it('and was not finished, or ended, or was deleted by a run that was cut, has not vanished', () => {
    const cut = names(4).map((name): Line => ({ op: 'deleting', key_id: key(name).id }));
    for (const lines of [
      names(4).flatMap((name) => minted(name)),
      made(names(4), after(-1)),
      [...made(names(4)), ...cut],
    ]) {
      expect(makeFor({ wanted: wishes(5), lines }).vanished.count).toBe(0);
    }
  });
});

describe('a key that was made a moment ago', () => {
  const codesOf = (lines: readonly Line[], wanted = [desired({ name: 'a' })]): readonly string[] => {
    const { vanished } = makeFor({ wanted, lines });
    return vanishedRefusals([{ set: 'ws', vanished }]).map(({ code, ref }) => `${code} ${ref?.name ?? ''}`);
  };
  const of = (op: 'gone' | 'deleting'): Line => ({ op, key_id: key('a').id, at: after(-1) });

  it.each<[string, readonly Line[], readonly string[]]>([
    ['is waited for', made(['a'], null, -5), ['lag a']],
    ['is not, half a minute later', made(['a'], null, -30), []],
    ['is not, when it was made in the future by a clock that was set', made(['a'], null, 5), []],
    ['is not, when it was missed before', [...made(['a'], null, -5), of('gone')], []],
    ['is not, when a run deleted it', [...made(['a'], null, -5), of('deleting')], []],
  ])('%s', (_, lines, refusals) => {
    expect(codesOf(lines)).toEqual(refusals);
  });

  it('is known by its former name too', () => {
    expect(codesOf(made(['a'], null, -5), [desired({ name: 'b', previously: ['a'] })])).toEqual(['lag b']);
  });

  it('and is missed with all others may be on another server', () => {
    expect(codesOf(made(names(4), null, -5), [...wishes(4)])).toEqual(['vanished ']);
  });
});

it('a key whose secret the server chose, and whose answer was lost, goes where the spec does not name it any more', () => {
  const lost = liveKey('lost', { mark: { set: SET, name: 'lost', mint: 'm' } });
  const lines: readonly Line[] = [{ op: 'ask', mint: 'm', name: 'lost', at: after(-60) }];
  expect(gistOf(planOf({ lives: [lost], lines }))).toEqual({ changes: ['delete lost'] });
  expect(gistOf(planOf({ lives: [lost], lines, only: () => false }))).toEqual({});
});

it('where nobody looked for keys, none is taken for gone: not as vanished, nor for its hand-outs', () => {
  const place = { sink: 'dotenv', path: '/a.env' };
  const keyring = replay([...made(['a']), { op: 'placed', key_id: key('a').id, place }]);
  const intent = { set: SET, isNamed: true, state: 'present', desired: [] } as const;
  const of = (surveys: Surveys) => makePlan(intent, { surveys, kinds: KINDS, keyring, version: null }, PLAIN);
  const unseen = of(new Map());
  expect([unseen.vanished.count, unseen.plan.withdrawals]).toEqual([0, []]);
  const looked = of(new Map([['key', survey([])]]));
  expect([looked.vanished.count, looked.plan.withdrawals.map(({ places }) => places)]).toEqual([1, [[place]]]);
});
