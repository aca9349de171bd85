/** Names of teams, users and budgets → ids, in the specs of the run first, then on the server. */
import { expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import { resolved, type PeopleWish } from '../../src/plan/references.ts';
import { replay } from '../../src/secrets/journal.ts';
import { desired, live, survey } from '../support/make.ts';

const team = (name: string, fields: Partial<Desired> = {}): Desired =>
  desired({ ref: { kind: 'team', name }, ...fields });
const within = (name: string, fields: Partial<Desired> = {}): Desired =>
  desired({ names: { team_id: name }, ...fields });
const there = (id: string, name: string): Live => live({ kind: 'team', id, name, mark: null });

/** What becomes of the first set's last wish. */
function ofLast(sets: readonly (readonly Desired[])[], lives: readonly Live[] = []): unknown {
  const wishes = sets.map((all, index): PeopleWish => {
    return { set: `s${String(index)}`, desired: all, state: replay([]), adopt: false };
  });
  const surveys = lives.length === 0 ? new Map() : new Map([['team', { ...survey(lives), kind: 'team' }]]);
  const { desired: found = [], refusals = [] } = resolved(wishes, surveys, KINDS).get('s0') ?? {};
  return refusals[0]?.message ?? found.at(-1)?.settings['team_id'];
}

it.each<[string, readonly (readonly Desired[])[], readonly Live[], string]>([
  ['of the own spec', [[team('t', { id: 'T1' }), within('t')]], [], 'T1'],
  ['of the spec, without an id', [[team('t'), within('t')]], [], 't'],
  ['of another spec of the run', [[within('t')], [team('t', { id: 'T2' })]], [], 'T2'],
  ['of the own before that of another', [[team('t', { id: 'T1' }), within('t')], [team('t', { id: 'T2' })]], [], 'T1'],
  ['of the server', [[within('t')]], [there('T3', 't')], 'T3'],
  ['that is an id of the server', [[within('T3')]], [there('T3', 't')], 'T3'],
  ['of several', [[within('t')]], [there('T3', 't'), there('T4', 't')], '2 teams of the server are called t: T3, T4.'],
  [
    'of none',
    [[within('tt')]],
    [there('T3', 't')],
    'There is no team tt, neither in the spec nor on the server. Did you mean t?',
  ],
  ['that goes', [[team('t', { id: 'T1', state: 'absent' }), within('t')]], [], 'Its team t is to be deleted.'],
  ['that goes, of what goes', [[team('t', { id: 'T1', state: 'absent' }), within('t', { state: 'absent' })]], [], 'T1'],
  ['of none, of what goes', [[within('t', { state: 'absent' })]], [], 't'],
  ['of the server, of what goes', [[within('t', { state: 'absent' })]], [there('T3', 't')], 'T3'],
])('a name %s', (_, sets, lives, end) => {
  expect(ofLast(sets, lives)).toBe(end);
});
