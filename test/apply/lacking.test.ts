/** What is not made because what it names could not be made. */
import { describe, expect, it } from 'vitest';
import { holdOf, lackOf } from '../../src/apply/lacking.ts';
import type { Creation, Update } from '../../src/model/change.ts';
import { thingId } from '../../src/model/keyring.ts';
import { outcomeOf, type Outcome } from '../../src/model/outcome.ts';
import { KINDS } from '../../src/kinds/kinds.ts';
import { memoryKeyring } from '../../src/secrets/memory.ts';
import type { Done } from '../../src/apply/phase.ts';
import { delivererTo, desired, live, plan } from '../support/make.ts';
import { gone, thing } from '../plan/things.ts';

const creation = (kind: string, name: string, settings: Creation['desired']['settings'] = {}): Creation => {
  const ref = { kind, name };
  return {
    action: 'create',
    ref,
    desired: desired({ ref, settings, id: name }),
    live: null,
    fields: [],
    takes: [],
    reason: null,
  };
};
const unmade = new Map(
  [creation('team', 'lab'), creation('user', 'ada'), creation('budget', 'ada')].map((change) => [
    thingId({ kind: change.ref.kind, id: change.ref.name }),
    change,
  ]),
);

it.each<[string, Creation, string | null]>([
  ['its team', creation('key', 'k', { team_id: 'lab' }), 'Its team lab could not be made.'],
  ['one of its first admins', creation('team', 't', { admins: ['bob', 'ada'] }), 'Its user ada could not be made.'],
  ['nothing that was to be made', creation('key', 'k', { team_id: 'other', user_id: null }), null],
  ['a thing of another kind under the same id', creation('key', 'k', { team_id: 'ada' }), null],
  ['what is no id', creation('team', 't', { admins: [5] }), null],
])('a thing that names %s', (_, change, message) => {
  expect(lackOf(change, unmade)?.message ?? null).toBe(message);
});

describe('a budget that goes', () => {
  const work = { plan: plan([]), keyring: memoryKeyring(), deliverer: delivererTo(new Map()), isSurveyed: true };
  const budget = gone(thing('budget', 'B'));
  const updated = (status: Outcome['status'], budget_id: string): Done => {
    const { ref, desired: wanted } = creation('key', 'k');
    const there = live({ name: 'k', settings: { budget_id } });
    const change: Update = { action: 'update', ref, desired: wanted, live: there, fields: [], takes: [], reason: null };
    return { work, outcome: outcomeOf(change, status) };
  };
  const made: Done = { work, outcome: outcomeOf(creation('key', 'new', { budget_id: 'B' }), 'failed') };

  it('stays while a key that has its limits from it could not be given others', () => {
    expect(holdOf(budget, [made, updated('failed', 'B')], KINDS)?.message).toBe(
      'It stays: key/k has its limits from it, and could not be given others.',
    );
  });

  it('may go where that was done, or where what failed has its limits elsewhere', () => {
    expect(holdOf(budget, [made, updated('applied', 'B'), updated('failed', 'C')], KINDS)).toBeNull();
    expect(holdOf(gone(thing('user', 'B')), [updated('failed', 'B')], KINDS)).toBeNull();
  });
});
