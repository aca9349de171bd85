import { describe, expect, test } from 'vitest';
import { movedSteps, stepsOf, type Step } from '../../src/plan/steps.ts';
import type { Change } from '../../src/model/change.ts';
import type { Desired } from '../../src/model/resource.ts';
import { creation, deletion, noop, plan, update } from '../view/values.ts';

const WITHDRAWAL = {
  ref: { kind: 'key', name: 'old' },
  key_id: 'a'.repeat(64),
  places: [{ sink: 'csv', path: '/x.csv' }],
};

function created(more: Partial<Desired>, fields: Change['fields'] = []): readonly Step[] {
  const change = creation('lab-ada', {});
  if (change.action !== 'create') throw new Error('a creation');
  return stepsOf(plan([{ ...change, fields, desired: { ...change.desired, ...more } }]));
}

function ends(to: string): Change['fields'] {
  return [{ field: 'expires', from: null, to }];
}

describe('stepsOf', () => {
  test('has all that would be done, and nothing of what stays', () => {
    const changes = [creation('a', {}), update('b', []), deletion('c'), noop('d')];
    const steps = stepsOf(
      plan(changes, { withdrawals: [WITHDRAWAL], rewrites: ['/keys.csv'], retractions: ['/old.csv'] }),
    );
    expect(steps.map(({ of, action }) => `${action} ${of}`)).toEqual([
      'create key/a',
      'update key/b',
      'delete key/c',
      'withdraw key/old',
      'write /keys.csv',
      'take /old.csv',
    ]);
  });

  test('does not move with an end that is counted from the creation, and does with one that is a moment', () => {
    const [early, late] = [ends('2026-12-01T00:00:00.000Z'), ends('2026-12-02T00:00:00.000Z')];
    const lifetime = { duration: '3d' };
    expect(created({ lifetime }, early)).toEqual(created({ lifetime }, late));
    expect(created({ lifetime }, early)).not.toEqual(created({ lifetime: { duration: '4d' } }, early));
    expect(created({ lifetime: { expires: '2026-12-01T00:00:00Z' } }, early)).not.toEqual(
      created({ lifetime: { expires: '2026-12-02T00:00:00Z' } }, late),
    );
    expect(created({}, early)).toEqual(created({}, late));
    const [a, b] = [early, late].map((fields) => stepsOf(plan([update('lab-ada', fields)])));
    expect(a).not.toEqual(b);
  });

  test('moves with each value, with the key that is meant, and with what hand-outs are filled with', () => {
    const budget = (to: number): Change['fields'] => [{ field: 'max_budget', from: 1, to }];
    expect(stepsOf(plan([update('a', budget(2))]))).not.toEqual(stepsOf(plan([update('a', budget(3))])));
    expect(created({ placeholders: { email: 'a' } })).not.toEqual(created({ placeholders: { email: 'b' } }));
    expect(created({ placeholders: { a: '1', b: '2' } })).toEqual(created({ placeholders: { b: '2', a: '1' } }));
    const other = { ...WITHDRAWAL, key_id: 'b'.repeat(64) };
    expect(stepsOf(plan([], { withdrawals: [WITHDRAWAL] }))).not.toEqual(stepsOf(plan([], { withdrawals: [other] })));
  });

  test('moves with a secret', () => {
    const secret = (to: string): readonly Step[] =>
      created({ secrets: new Set([to]) }, [{ field: 'metadata.note', from: null, to }]);
    expect(secret('one')).not.toEqual(secret('two'));
    expect(secret('one')).toEqual(secret('one'));
  });
});

test('movedSteps tells each difference by its key', () => {
  const step = (of: string, action: Step['action'], digest = ''): Step => ({ of, action, digest });
  const planned = [step('a', 'create'), step('b', 'update'), step('c', 'create'), step('e', 'update', '1')];
  const now = [
    step('a', 'create'),
    step('c', 'update'),
    step('d', 'delete'),
    step('d', 'create'),
    step('e', 'update', '2'),
  ];
  expect(movedSteps(planned, now)).toEqual([
    'b: update is in the plan, and not to be done any more',
    'c: create in the plan, update now',
    'e: update has other values than in the plan',
    'd: delete and create is not in the plan',
  ]);
  expect(movedSteps(planned, planned)).toEqual([]);
});
