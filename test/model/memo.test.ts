import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/base/fingerprint.ts';
import { HIDDEN } from '../../src/base/hidden.ts';
import { encryptionIn, sameMember, shownMetadata, withMemo } from '../../src/model/memo.ts';

const MARK = { set: 'lab' };
const NOW = new Date('2026-11-21T12:00:00Z');
const AT = '2026-11-21T12:00:00.000Z';
const logging = (secret: string, host = 'h') => [
  { callback_name: 'langfuse', callback_vars: { langfuse_secret_key: secret, langfuse_host: host } },
];
const SEALED = logging('litellm_enc::aaaa');
const of = (secret: string) => withMemo(MARK, { logging: logging(secret) }, {}, NOW);

describe('a member that the server has encrypted', () => {
  it('is as wanted while what was sent is', () => {
    const live = { logging: SEALED, vkeys: of('one') };
    expect(sameMember('logging', logging('one'), live)).toBe(true);
    expect(sameMember('logging', logging('two'), live)).toBe(false);
    expect(sameMember('logging', logging('one', 'other host'), live)).toBe(false);
    expect(sameMember('logging', [...logging('one'), ...logging('one')], live)).toBe(false);
    expect(sameMember('logging', null, live)).toBe(false);
  });

  it('is not as wanted where nobody knows what was sent', () => {
    expect(sameMember('logging', logging('one'), { logging: SEALED, vkeys: MARK })).toBe(false);
    expect(sameMember('logging', logging('one'), { logging: SEALED })).toBe(false);
  });

  it('is remembered by what the server has encrypted, be it more than was thought', () => {
    const live = { notes: { a: 'litellm_enc::a', b: 'b' } };
    const mark = withMemo(MARK, { notes: { a: 'x', b: 'b' } }, live, NOW);
    expect(mark).toEqual({ set: 'lab', sealed: { notes: fingerprint([['/a', 'x']]) }, sealed_at: AT });
    expect(sameMember('notes', { a: 'x', b: 'b' }, { ...live, vkeys: mark })).toBe(true);
  });

  it('shows in the mark nothing of the secret', () => {
    expect(of('one')).toEqual({
      set: 'lab',
      sealed: { logging: expect.stringMatching(/^[0-9a-f]{4}$/) },
      sealed_at: AT,
    });
  });
});

describe('what the server has encrypted, and another than vkeys wrote', () => {
  const live = { logging: SEALED, stage: 'prod', vkeys: of('one') };
  const known = encryptionIn(live);
  const changed = { ...live, logging: logging('litellm_enc::bbbb') };

  it('is known by another encryption of the same writing, where one is known', () => {
    expect(known).toEqual({ at: AT, digest: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(sameMember('logging', logging('one'), live, known)).toBe(true);
    expect(sameMember('logging', logging('one'), changed, known)).toBe(false);
    expect(sameMember('logging', logging('one'), changed, null)).toBe(true);
    expect(sameMember('stage', 'prod', changed, known)).toBe(true);
  });

  it('is not concluded where another vkeys has written since, nor where nobody knows when it was written', () => {
    const later = withMemo(MARK, { logging: logging('one') }, {}, new Date('2026-11-22T12:00:00Z'));
    expect(sameMember('logging', logging('one'), { ...changed, vkeys: later }, known)).toBe(true);
    const { sealed_at: _, ...old } = of('one');
    expect(encryptionIn({ ...changed, vkeys: old })).toBeNull();
    expect(sameMember('logging', logging('one'), { ...changed, vkeys: old }, known)).toBe(true);
    expect(encryptionIn({ logging: logging('one'), vkeys: of('one') })).toBeNull();
  });

  it('is the same in another order, and after a change of other members', () => {
    const [{ callback_name, callback_vars }] = SEALED as [(typeof SEALED)[0]];
    const turned = { ...live, logging: [{ callback_vars, callback_name }] };
    expect(encryptionIn(turned)).toEqual(known);
    const mark = withMemo(MARK, { stage: 'test' }, live, new Date('2026-11-22T12:00:00Z'));
    expect(mark).toEqual(of('one'));
    expect(encryptionIn({ ...live, stage: 'test', vkeys: mark })).toEqual(known);
  });
});

describe('a member that the server keeps as it is', () => {
  it('is compared as it is', () => {
    const live = { logging: logging('one'), vkeys: of('one') };
    expect(sameMember('logging', logging('one'), live)).toBe(true);
    expect(sameMember('logging', logging('two'), live)).toBe(false);
    expect(sameMember('absent', null, live)).toBe(true);
  });

  it('leaves no note where it needs none', () => {
    expect(withMemo(MARK, { stage: 'prod', api_key: 'x', callback_settings: { a: 1 } }, {}, NOW)).toEqual(MARK);
  });
});

describe('the mark', () => {
  it('remembers members whose values came from the environment, and shows them no more', () => {
    const own = new Set(['blue']);
    const mark = withMemo(MARK, { stage: 'blue', api_key: 'blue', other: 'red' }, {}, NOW, own);
    expect(mark).toEqual({ set: 'lab', hidden: ['stage'] });
    expect(shownMetadata({ stage: { now: 'blue' }, api_key: 'blue', other: 'red', vkeys: mark })).toEqual({
      stage: { now: HIDDEN },
      api_key: HIDDEN,
      other: 'red',
      vkeys: mark,
    });
  });

  it('keeps what it remembers of members that are not written, and forgets the others', () => {
    const before = { vkeys: { set: 'lab', sealed: { logging: 'abcd', gone: '1234' }, hidden: ['stage', 'kept'] } };
    expect(withMemo({ set: 'new', sealed: 'odd', hidden: 7 }, { gone: null, stage: 'open' }, before, NOW)).toEqual({
      set: 'new',
      sealed: { logging: 'abcd' },
      hidden: ['kept'],
    });
  });

  it.each([null, 'x', 7, [], { sealed: [], hidden: {} }, { sealed: null, hidden: [1, null] }])(
    'may be anything on the server: %j',
    (vkeys) => {
      const live = { logging: SEALED, vkeys };
      expect(sameMember('logging', logging('one'), live)).toBe(false);
      expect(shownMetadata(live)).toMatchObject({ logging: [{ callback_vars: { langfuse_secret_key: HIDDEN } }] });
      expect(withMemo(MARK, {}, live, NOW)).toEqual(MARK);
    },
  );
});
