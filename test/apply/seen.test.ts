/** What a look at the server tells a keyring. */
import { expect, it } from 'vitest';
import { seenLines } from '../../src/apply/seen.ts';
import { factsOf } from '../../src/model/kind.ts';
import type { Line } from '../../src/model/keyring.ts';
import type { Live } from '../../src/model/resource.ts';
import type { Survey } from '../../src/model/survey.ts';
import { storeOf, surveyOf } from '../../src/apply/ports.ts';
import { makePlan } from '../../src/plan/make.ts';
import { replay } from '../../src/secrets/journal.ts';
import { key, liveKey, made, minted } from '../plan/planned.ts';
import { after, desired, KINDS, live, NOTHING, PLAIN, SET, survey } from '../support/make.ts';

const place = { sink: 'json', path: '/keys.json' };
const { id } = key('a');
const gone: Line = { op: 'gone', key_id: id, at: after(-60) };
const deleting: Line = { op: 'deleting', key_id: id };
const placed: Line = { op: 'placed', key_id: id, place };
const ask = (seconds: number): Line => ({ op: 'ask', mint: 'm', name: 'a', at: after(seconds) });
const marked = live({ mark: { set: SET, name: 'a', mint: 'm' } });

it.each<[string, readonly Line[], readonly Live[], readonly Line[], Partial<Survey>?]>([
  ['nothing of a key that is there', made(['a']), [liveKey('a')], []],
  ['that a finished key is missing, and since when', made(['a']), [], [{ op: 'gone', key_id: id, at: after(0) }]],
  ['that only once', [...made(['a']), gone], [], []],
  ['that it is back', [...made(['a']), gone], [liveKey('a')], [{ op: 'back', key_id: id }]],
  ['nothing of a creation that may still be under way', minted('a', -3500), [], []],
  ['that a creation which never came is missing', minted('a', -7200), [], [{ op: 'gone', key_id: id, at: after(0) }]],
  [
    'that a deletion which was cut is done',
    [...made(['a']), deleting],
    [],
    [{ op: 'drop', key_id: id, why: 'deleted' }],
  ],
  ['nothing of such a one that is still handed out', [...made(['a']), placed, deleting], [], []],
  [
    'that a deletion which was cut before it began is none',
    [...made(['a']), deleting],
    [liveKey('a')],
    [{ op: 'back', key_id: id }],
  ],
  ['nothing of what a server was asked to choose and shows', [ask(-7200)], [marked], []],
  ['that such a thing will not come any more', [ask(-7200)], [], [{ op: 'answered', mint: 'm' }]],
  ['not so soon', [ask(-60)], [], []],
  ['not where not everything was looked at', [ask(-7200)], [], [], { complete: false }],
])('tells %s', (_, lines, lives, expected, fields = {}) => {
  expect(seenLines(replay(lines), new Map([['key', survey(lives, fields)]]))).toEqual(expected);
});

it('a server whose keys were not looked at tells nothing, and nothing is missed or taken back', () => {
  const surveys = new Map<string, Survey>();
  const keyring = replay([...made(['a']), placed]);
  expect(seenLines(keyring, surveys)).toEqual([]);
  const intent = { set: SET, isNamed: true, state: 'present', desired: [desired()] } as const;
  const { plan, vanished, size } = makePlan(intent, { surveys, kinds: KINDS, keyring, version: null }, PLAIN);
  expect([plan.changes, plan.withdrawals, vanished.count, size]).toEqual([[], [], 0, 0]);
});

it('what there has to be is a bug where it is not', () => {
  expect(() => storeOf({ stores: new Map() }, 'desk')).toThrow('no store for desk');
  expect(() => surveyOf({ surveys: new Map() }, 'desk')).toThrow('no survey of desk');
  expect(() => factsOf(new Map(), 'desk')).toThrow('no such kind: desk');
  const surveys = new Map([['desk', survey([], { kind: 'desk' })]]);
  const intent = { set: SET, isNamed: true, state: 'present', desired: [] } as const;
  expect(() => makePlan(intent, { surveys, kinds: KINDS, keyring: NOTHING, version: null }, PLAIN)).toThrow('desk');
});
