/** What is known of a `vkeys sandbox` ends with it; what is known of a server that lasts never does. */
import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/model/keyring.ts';
import { lapsedIn, sandboxLines } from '../../src/plan/sandbox.ts';
import { replay } from '../../src/secrets/journal.ts';
import { after, desired, survey } from '../support/make.ts';
import { gistOf, key, liveKey, made, makeFor } from './planned.ts';

const names = ['a', 'b', 'c', 'd'];
const wanted = names.map((name) => desired({ name }));
const lines: readonly Line[] = [{ op: 'sandbox', id: 'one' }, ...made(names)];
const place = { sink: 'json', path: '/keys.json' };

const surveys = (sandbox: string | null) => new Map([['key', survey([], { sandbox })]]);

describe('where another answers', () => {
  it.each([['two'], [null]])('as %s, nothing is missed, and one sentence says so', (sandbox) => {
    const { plan, vanished } = makeFor({ wanted, lines, survey: { sandbox } });
    expect(gistOf(plan)).toEqual({ changes: names.map((name) => `create ${name}`), notices: ['server'] });
    expect([vanished.count, plan.changes.map(({ reason }) => reason)]).toEqual([0, [null, null, null, null]]);
    expect(plan.notices[0]?.message).toContain('the 4 keys that were made there have ended');
  });

  it('one key is told as one', () => {
    const { plan } = makeFor({ lines: [{ op: 'sandbox', id: 'one' }, ...made(['a'])], survey: { sandbox: 'two' } });
    expect(plan.notices[0]?.message).toContain('the key that was made there has ended');
  });

  it('keys that it made a moment ago are not waited for, and hand-outs are taken back', () => {
    const fresh: readonly Line[] = [
      { op: 'sandbox', id: 'one' },
      ...made(['a'], null, -1),
      { op: 'placed', key_id: key('a').id, place },
    ];
    const { plan, vanished } = makeFor({ wanted: [desired({ name: 'a' })], lines: fresh, survey: { sandbox: 'two' } });
    expect([gistOf(plan), vanished.missed]).toEqual([{ changes: ['create a'], notices: ['server'] }, []]);
    expect(plan.withdrawals.map(({ key_id, places }) => [key_id, places])).toEqual([[key('a').id, [place]]]);
  });

  it('that is told once', () => {
    const gone = names.map((name): Line => ({ op: 'gone', key_id: key(name).id, at: after(-1) }));
    expect(makeFor({ wanted, lines: [...lines, ...gone], survey: { sandbox: 'two' } }).plan.notices).toEqual([]);
  });

  it('a key that is there all the same is ours', () => {
    const { plan } = makeFor({ wanted, lines, lives: [liveKey('a', { mark: null })], survey: { sandbox: 'two' } });
    expect(plan.changes.map(({ action, ref }) => `${action} ${ref.name}`)).toEqual([
      'create b',
      'create c',
      'create d',
      'update a',
    ]);
  });
});

it('where the same one answers, its keys are missed as any other’s', () => {
  const { plan, vanished } = makeFor({ wanted, lines, survey: { sandbox: 'one' } });
  expect([vanished.count, plan.notices]).toEqual([4, []]);
});

it('keys of a server that lasts are missed where a sandbox answers, and after that too', () => {
  for (const more of [[], [{ op: 'sandbox', id: 'one' }] as const]) {
    expect(makeFor({ wanted, lines: [...made(names), ...more], survey: { sandbox: 'one' } }).vanished.count).toBe(4);
  }
});

it('the keyring notes each change, and remembers of each key where it was minted', () => {
  const state = replay([...made(['a']), { op: 'sandbox', id: 'one' }, ...made(['b']), { op: 'sandbox', id: null }]);
  expect([...state.entries.values()].map(({ sandbox }) => sandbox)).toEqual([null, 'one']);
  expect([sandboxLines(state, surveys('one')), sandboxLines(state, surveys(null))]).toEqual([
    [{ op: 'sandbox', id: 'one' }],
    [],
  ]);
  expect([sandboxLines(replay(lines), new Map()), lapsedIn(replay(lines), new Map()).size]).toEqual([
    [{ op: 'sandbox', id: null }],
    4,
  ]);
});
