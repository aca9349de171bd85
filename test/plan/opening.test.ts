/** Keys that open at a moment, and what is remembered of that until they do. */
import { describe, expect, it } from 'vitest';
import type { Desired, Live } from '../../src/model/resource.ts';
import { KEY } from '../../src/kinds/key.ts';
import { difference, whole } from '../../src/plan/diff.ts';
import { closedAtFirst, openedWhenDue, openingNotices } from '../../src/plan/opening.ts';
import { after, desired, live, MARK, NOW } from '../support/make.ts';

const [LATER, LATEST, BEFORE] = [after(60), after(600), after(-60)];
const closed = (opens: string): Partial<Live> => ({ mark: { ...MARK, opens }, settings: { blocked: true } });

it.each<[string, Partial<Desired>, Partial<Desired>]>([
  ['without a moment it is open', {}, {}],
  ['with none, too', { opens: null }, {}],
  ['with one that is over, too', { opens: BEFORE }, {}],
  [
    'until its moment it is closed, whatever else',
    { opens: LATER, settings: { blocked: false } },
    { opens: LATER, settings: { blocked: true } },
  ],
])('a new key: %s', (_, wanted, becomes) => {
  expect(closedAtFirst(desired(wanted), NOW)).toEqual(desired(becomes));
});

describe('a key that is there', () => {
  it.each<[string, Partial<Desired>, Partial<Live>, Partial<Desired>, string]>([
    [
      'stays closed until then',
      { opens: LATER },
      closed(LATER),
      { opens: LATER, settings: { blocked: true } },
      'Opens',
    ],
    ['opens later', { opens: LATEST }, closed(LATER), { opens: LATEST, settings: { blocked: true } }, 'Opens'],
    ['is opened', { opens: BEFORE }, closed(BEFORE), { opens: null, settings: { blocked: false } }, ''],
    ['is opened sooner', { opens: BEFORE }, closed(LATER), { opens: null, settings: { blocked: false } }, ''],
    [
      'of a spec without a moment stays closed',
      {},
      closed(LATER),
      { opens: LATER, settings: { blocked: true } },
      'Opens',
    ],
    ['of such a spec is opened', { opens: null }, closed(BEFORE), { opens: null, settings: { blocked: false } }, ''],
    [
      'that is to stay blocked stays so',
      { opens: BEFORE, settings: { blocked: true } },
      closed(BEFORE),
      { opens: null, settings: { blocked: true } },
      '',
    ],
    ['that was opened before is left open', { opens: LATER }, { settings: {} }, {}, 'Is open already'],
    ['that somebody blocked since is left', { opens: BEFORE }, { settings: { blocked: true } }, {}, ''],
    ['of others is left', {}, { mark: null }, {}, ''],
  ])('%s', (_, spec, there, becomes, said) => {
    const wanted = openedWhenDue(desired(spec), live(there), NOW);
    expect(wanted).toEqual(desired(becomes));
    const notices = openingNotices(desired(spec), wanted, NOW);
    expect(notices.map(({ message }) => message)).toEqual(said === '' ? [] : [expect.stringContaining(said)]);
  });
});

it('what a key is to be otherwise has the moment that its mark is to have', () => {
  const facts = { kind: KEY, now: NOW, listed: null, version: null };
  const changesOf = (opens: Desired['opens'], there: Partial<Live>): unknown =>
    difference(desired(opens === undefined ? {} : { opens }), live(there), facts).changes;
  expect(changesOf(undefined, closed(LATER))).toEqual([]);
  expect(changesOf(LATER, closed(LATER))).toEqual([]);
  expect(changesOf(null, { mark: null })).toEqual([]);
  expect(changesOf(null, closed(LATER))).toEqual([{ field: 'opens', from: LATER, to: null }]);
  expect(changesOf(LATEST, closed(LATER))).toEqual([{ field: 'opens', from: LATER, to: LATEST }]);
  expect(whole(desired({ opens: LATER }), facts)).toEqual([{ field: 'opens', from: null, to: LATER }]);
});
