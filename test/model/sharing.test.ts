import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { accessOf, changedSharing, NOT_SHARED, sharingChanges, sharingIn, usersOf } from '../../src/model/sharing.ts';
import { desired, live, MARK } from '../support/make.ts';

const SHARING = { shared_with: ['lab', 'eve', 'crew'], groups: { lab: ['ada', 'bob'], crew: ['bob', 'zoe'] } };
const keyWith = (more: JsonObject, user_id: string | null = null) =>
  live({ metadata: { vkeys: { ...MARK, ...more } }, settings: user_id === null ? {} : { user_id } });

describe('who has access to a key', () => {
  test.each([
    ['ada', 'group lab'],
    ['bob', 'group lab, crew'],
    ['eve', 'shared'],
    ['root', 'own'],
    ['nobody', null],
    ['Ada', null],
    ['lab', null],
    ['constructor', null],
  ])('%s: %s', (user, access) => {
    expect(accessOf(keyWith(SHARING, 'root'), user)).toBe(access);
  });

  test('whose it is comes first, and a user of its own before a group', () => {
    expect(accessOf(keyWith(SHARING, 'eve'), 'eve')).toBe('own');
    expect(accessOf(keyWith({ ...SHARING, shared_with: ['lab', 'ada'] }), 'ada')).toBe('shared');
  });

  test('is told by the spec in its own words', () => {
    const sharing = { shared_with: ['lab', 'root', 'ada'], groups: { lab: ['ada', 'bob'] } };
    expect(usersOf(desired({ sharing, settings: { user_id: 'root' } }))).toEqual(['root', 'ada', 'bob']);
    expect(usersOf(desired({ settings: { user_id: 'id-1' }, names: { user_id: 'root' } }))).toEqual(['root']);
    expect(usersOf(desired({ settings: { user_id: null } }))).toEqual([]);
  });
});

describe('what a mark keeps', () => {
  test.each<[string, JsonObject]>([
    ['nothing', {}],
    ['what nobody can have written', { shared_with: 'ada', groups: ['lab'] }],
    ['names that are no texts', { shared_with: [1, null], groups: {} }],
  ])('is nobody where it has %s', (_, more) => {
    expect(sharingIn(keyWith(more))).toEqual(NOT_SHARED);
  });

  test('counts for nothing where it is no mark of ours', () => {
    expect(sharingIn(live({ mark: null, metadata: { vkeys: SHARING } }))).toEqual(NOT_SHARED);
  });

  test('is read name by name', () => {
    expect(sharingIn(keyWith({ shared_with: ['lab', 1], groups: { lab: ['ada', 2], odd: 3 } }))).toEqual({
      shared_with: ['lab'],
      groups: { lab: ['ada'], odd: [] },
    });
  });
});

describe('a change', () => {
  test('is told for the names and for each group, whatever their order', () => {
    const wanted = { shared_with: ['crew', 'zoe'], groups: { crew: ['zoe', 'bob'] } };
    expect(sharingChanges(wanted, SHARING)).toEqual([
      { field: 'shared_with', from: ['lab', 'eve', 'crew'], to: ['crew', 'zoe'] },
      { field: 'groups.lab', from: ['ada', 'bob'], to: null },
    ]);
    expect(sharingChanges({ ...SHARING, shared_with: ['crew', 'eve', 'lab'] }, SHARING)).toEqual([]);
    expect(sharingChanges(NOT_SHARED, { shared_with: ['eve'], groups: {} })).toEqual([
      { field: 'shared_with', from: ['eve'], to: null },
    ]);
  });

  test.each([
    [SHARING, { shared_with: ['crew', 'zoe'], groups: { crew: ['zoe'] } }],
    [NOT_SHARED, SHARING],
    [SHARING, NOT_SHARED],
    [SHARING, { shared_with: ['lab'], groups: { lab: ['constructor', 'eve'] } }],
  ])('brings about what is wanted', (before, wanted) => {
    expect(changedSharing(before, sharingChanges(wanted, before))).toEqual(wanted);
  });

  test('of something else changes nothing of it', () => {
    const other = { field: 'metadata.groups', from: null, to: ['x'] };
    expect(changedSharing(SHARING, [other])).toEqual(SHARING);
  });
});
