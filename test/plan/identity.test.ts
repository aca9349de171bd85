/** Who is who: by the keyring, then by the mark, never by the name alone. */
import { describe, expect, it } from 'vitest';
import { after, desired, live, SET } from '../support/make.ts';
import { gistOf, liveKey, made, planOf, type Case, type Gist } from './planned.ts';

const other = { set: 'other', name: 'a' };
const a = desired({ name: 'a' });
const b = desired({ name: 'b' });

const CASES: readonly (readonly [string, Case, Gist])[] = [
  [
    'its mark wiped, known here: it is put back',
    { wanted: [a], lives: [liveKey('a', { mark: null })], lines: made(['a']) },
    { changes: ['update a'] },
  ],
  [
    'its mark wiped, not known here: it may be anybody’s',
    { wanted: [a], lives: [liveKey('a', { mark: null })] },
    { refusals: ['foreign a'] },
  ],
  [
    'its mark wiped, known here, and not in the spec any more: it is still ours',
    { lives: [liveKey('a', { mark: null })], lines: made(['a']) },
    { notices: ['orphan a'] },
  ],
  [
    'renamed by hand: taken back',
    { wanted: [a], lives: [liveKey('a', { name: 'z', mark: { set: SET, name: 'a' } })] },
    { changes: ['update a'] },
  ],
  [
    'renamed by hand: not pruned',
    { wanted: [a], lives: [liveKey('a', { name: 'z', mark: { set: SET, name: 'a' } })], prune: true },
    { changes: ['update a'] },
  ],
  [
    'renamed by hand to what another is called: both are taken back',
    {
      wanted: [a, b],
      lives: [
        liveKey('a', { name: 'b', mark: { set: SET, name: 'a' } }),
        liveKey('b', { name: 'a', mark: { set: SET, name: 'b' } }),
      ],
    },
    { changes: ['update a', 'update b'] },
  ],
  [
    'renamed by hand and its mark wiped, known here: taken back',
    { wanted: [a], lives: [liveKey('a', { name: 'z', mark: null })], lines: made(['a']), prune: true },
    { changes: ['update a'] },
  ],
  [
    'its alias nulled: taken back',
    { wanted: [a], lives: [liveKey('a', { name: null, mark: { set: SET, name: 'a' } })] },
    { changes: ['update a'] },
  ],
  [
    'renamed by hand, and others took the name: refused',
    {
      wanted: [a],
      lives: [liveKey('a', { name: 'z', mark: { set: SET, name: 'a' } }), live({ name: 'a', mark: null })],
    },
    { refusals: ['foreign a'] },
  ],
  [
    'its alias nulled, and others took the name: refused',
    {
      wanted: [a],
      lives: [liveKey('a', { name: null, mark: { set: SET, name: 'a' } }), live({ name: 'a', mark: null })],
    },
    { refusals: ['foreign a'] },
  ],
  [
    'a foreign one has its name too: told',
    { wanted: [a], lives: [liveKey('a'), live({ name: 'a', mark: null })] },
    { changes: ['noop a'], notices: ['duplicate a'] },
  ],
  [
    'a mark without a name, as somebody wrote it: the name on the server counts',
    { wanted: [a], lives: [liveKey('a', { mark: { set: SET, name: null } })] },
    { changes: ['noop a'] },
  ],
  [
    'taken over by another set, whatever the keyring remembers: that one’s',
    { wanted: [a], lives: [liveKey('a', { mark: other })], lines: made(['a']) },
    { refusals: ['foreign a'] },
  ],
  [
    'taken over by another set: not pruned',
    { lives: [liveKey('a', { mark: other })], lines: made(['a']), prune: true },
    {},
  ],
  [
    'previously: keeps what it is',
    { wanted: [desired({ name: 'b', previously: ['a'] })], lives: [liveKey('a')], lines: made(['a']), prune: true },
    { changes: ['update b'] },
  ],
  [
    'previously: the last of several names counts where it is all that is there',
    { wanted: [desired({ name: 'c', previously: ['b', 'a'] })], lives: [liveKey('a')] },
    { changes: ['update c'] },
  ],
  [
    'previously: when both names exist, the old one is a key that the spec does not mention',
    { wanted: [desired({ name: 'b', previously: ['a'] })], lives: [liveKey('a'), liveKey('b')] },
    { changes: ['noop b'], notices: ['orphan a'] },
  ],
  [
    'previously: an old name that is another’s is none of ours',
    { wanted: [desired({ name: 'b', previously: ['a'] })], lives: [live({ name: 'a', mark: null })] },
    { changes: ['create b'] },
  ],
  [
    'previously: said already, and done',
    {
      wanted: [desired({ name: 'b', previously: ['a'] })],
      lives: [liveKey('a', { name: 'b', mark: { set: SET, name: 'b' } })],
      lines: made(['a']),
    },
    { changes: ['noop b'] },
  ],
  [
    'in the spec by another name: a probable rename is told',
    { wanted: [b], lives: [liveKey('a')] },
    { changes: ['create b'], notices: ['renamed', 'orphan a'] },
  ],
  [
    'in the spec by another name and with other settings: no rename',
    { wanted: [desired({ name: 'b', settings: { rpm_limit: 9 } })], lives: [liveKey('a')] },
    { changes: ['create b'], notices: ['orphan a'] },
  ],
  [
    'adopted: nothing is deleted for it',
    { wanted: [a], lives: [live({ mark: null })], adopt: true },
    { changes: ['adopt a'] },
  ],
  [
    'adopted: not where two could be meant',
    { wanted: [a], lives: [live({ mark: null }), liveKey('x', { name: 'a', mark: null })], adopt: true },
    { refusals: ['duplicate a'] },
  ],
  [
    'absent: a foreign one stays, with --adopt too',
    { wanted: [desired({ state: 'absent' })], lives: [live({ mark: null })], adopt: true, prune: true },
    { notices: ['foreign a'] },
  ],
  [
    'made with a secret that the server chose, in an answer that was lost: replaced, as often as it is there',
    {
      wanted: [a],
      lives: ['a', 'x'].map((name) => liveKey(name, { name: 'a', mark: { set: SET, name: 'a', mint: 'm' } })),
      lines: [{ op: 'ask', mint: 'm', name: 'a', at: after(-60) }],
    },
    { changes: ['replace a', 'delete a'] },
  ],
  [
    'made twice at the same time, the younger one here: it goes',
    {
      wanted: [a],
      lives: [live(), liveKey('x', { name: 'a', mark: { set: SET, name: 'a' }, created_at: after(1) })],
      lines: made(['x']),
    },
    { changes: ['delete a', 'noop a'] },
  ],
  [
    'made twice at the same time, the older one here: the other run is asked',
    { wanted: [a], lives: [liveKey('a'), live({ created_at: after(1) })], lines: made(['a']) },
    { refusals: ['duplicate a'] },
  ],
  [
    'there twice, and not by a race: the server calls one of them otherwise, so either may be in use',
    {
      wanted: [a],
      lives: [
        liveKey('a', { name: 'z', mark: { set: SET, name: 'a' } }),
        liveKey('x', { name: 'a', mark: { set: SET, name: 'a' }, created_at: after(1) }),
      ],
      lines: made(['a', 'x']),
      prune: true,
    },
    { refusals: ['duplicate a'] },
  ],
];

it.each(CASES)('%s', (_, one, gist) => {
  expect(gistOf(planOf(one))).toEqual(gist);
});

describe('what a plan shows', () => {
  it('of a name that is taken back', () => {
    const renamed = liveKey('search', { name: 'search-prod', mark: { set: SET, name: 'search' } });
    const { changes } = planOf({ wanted: [desired({ name: 'search' })], lives: [renamed] });
    expect(changes[0]?.fields).toEqual([{ field: 'key_alias', from: 'search-prod', to: 'search' }]);
  });

  it('of a rename in the spec', () => {
    const { changes } = planOf({ wanted: [desired({ name: 'b', previously: ['a'] })], lives: [liveKey('a')] });
    expect(changes[0]?.fields).toEqual([
      { field: 'name', from: 'a', to: 'b' },
      { field: 'key_alias', from: 'a', to: 'b' },
    ]);
  });

  it('of a mark that is put back', () => {
    const { changes } = planOf({ wanted: [a], lives: [liveKey('a', { mark: null })], lines: made(['a']) });
    expect(changes[0]?.fields).toEqual([{ field: 'set', from: null, to: SET }]);
  });

  it('of a mark that may be lost', () => {
    const { refusals } = planOf({ wanted: [a], lives: [liveKey('a', { mark: null })] });
    expect(refusals[0]?.message).toContain('has lost its mark');
  });

  it('of probable renames: three of them, and a way to keep them', () => {
    const wanted = ['y', 'w', 'v', 'x'].map((name) => desired({ name }));
    const { notices } = planOf({ wanted, lives: ['a', 'b', 'c', 'd'].map((name) => liveKey(name)) });
    expect(notices[0]?.message).toBe(
      'These look renamed: a → v, b → w, c → x and 1 more. As it stands there will be 4 new keys with new secrets, and the old ones stay.',
    );
    expect(notices[0]?.hint).toContain('`previously: a`');
    const pruned = planOf({ wanted, lives: [liveKey('a')], prune: true });
    expect(pruned.notices[0]?.message).toMatch(/a new key with a new secret, and the old ones are deleted\.$/);
  });
});

describe('a set that is only named like its file', () => {
  const unknown = liveKey('a');
  const unnamed = { isNamed: false };

  it.each<readonly [string, Case, Gist]>([
    ['makes keys', { wanted: [a] }, { changes: ['create a'] }],
    ['leaves alone what is as wanted', { wanted: [a], lives: [unknown] }, { changes: ['noop a'] }],
    [
      'changes nothing that this machine did not make',
      { wanted: [desired({ settings: { rpm_limit: 1 } })], lives: [unknown] },
      { refusals: ['unnamed a'] },
    ],
    [
      'changes what this machine made',
      { wanted: [desired({ settings: { rpm_limit: 1 } })], lives: [unknown], lines: made(['a']) },
      { changes: ['update a'] },
    ],
    ['prunes nothing that this machine did not make', { lives: [unknown], prune: true }, { refusals: ['unnamed a'] }],
    ['prunes what this machine made', { lives: [unknown], lines: made(['a']), prune: true }, { changes: ['delete a'] }],
    [
      'deletes nothing that this machine did not make',
      { wanted: [desired({ state: 'absent' })], lives: [unknown] },
      { refusals: ['unnamed a'] },
    ],
    [
      'deletes what this machine made',
      { wanted: [desired({ state: 'absent' })], lives: [unknown], lines: made(['a']) },
      { changes: ['delete a'] },
    ],
    [
      'replaces nothing that this machine did not make',
      { wanted: [desired({ on_expired: 'recreate' })], lives: [liveKey('a', { expires: after(-1) })] },
      { refusals: ['unnamed a'] },
    ],
    [
      'takes over what --adopt names',
      { wanted: [a], lives: [liveKey('a', { mark: other })], adopt: true },
      { changes: ['adopt a'] },
    ],
    [
      'meets a key of nobody as any set does',
      { wanted: [a], lives: [liveKey('a', { mark: null })] },
      { refusals: ['foreign a'] },
    ],
  ])('%s', (_, one, gist) => {
    expect(gistOf(planOf({ ...one, ...unnamed }))).toEqual(gist);
  });

  it('whose file was renamed gets one sentence for all of its keys', () => {
    const names = Array.from({ length: 25 }, (_, index) => `k${String(index)}`);
    const { refusals, changes } = planOf({
      wanted: [...names.map((name) => desired({ name })), desired({ name: 'new' })],
      lives: names.map((name) => liveKey(name, { mark: { set: 'workshop', name } })),
      ...unnamed,
    });
    expect(refusals.map(({ message, hint }) => [message, hint])).toEqual([
      [
        "25 keys belong to the set workshop, but this spec does not say its set, so it is taken from the file's name: ws.",
        'If it is the same set, and its file was renamed: write `set: workshop` into the spec.',
      ],
    ]);
    expect(changes.map(({ ref }) => ref.name)).toEqual(['new']);
    const one = planOf({ wanted: [a], lives: [liveKey('a', { mark: other })], ...unnamed });
    expect(one.refusals[0]?.message).toMatch(/^1 key belongs to the set other/);
  });
});
