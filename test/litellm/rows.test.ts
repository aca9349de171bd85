import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { readRow, toLive } from '../../src/litellm/rows.ts';

const HASH = 'a'.repeat(64);
const row = { token: HASH, key_alias: 'a', metadata: null, created_at: '2026-11-21T10:00:00.123456+00:00' };
const settingsOf = (more: JsonObject) => readRow({ ...row, ...more }, '/key/list').key.settings;

describe('a row', () => {
  it('is read in one form, whatever form its times have', () => {
    expect(toLive({ ...row, expires: '2026-11-21T11:00:00Z', org_id: 'o', models: [] }, '/key/list')).toEqual({
      kind: 'key',
      id: HASH,
      name: 'a',
      key_name: null,
      settings: { organization_id: 'o' },
      metadata: {},
      mark: null,
      created_at: '2026-11-21T10:00:00.123Z',
      expires: '2026-11-21T11:00:00.000Z',
      budget_reset_at: null,
      spend: 0,
      extra: {},
    });
  });

  it('has its fields without what the server adds to them', () => {
    const more = {
      budget_limits: [{ max_budget: 1, reset_at: '2026-12-01' }, 'odd'],
      object_permission: { object_permission_id: 'p', agents: ['a'], models: [], mcp_tool_permissions: {} },
      litellm_budget_table: { soft_budget: 3 },
      soft_budget: null,
    };
    expect(settingsOf(more)).toEqual({
      budget_limits: [{ max_budget: 1 }, 'odd'],
      object_permission: { agents: ['a'] },
      soft_budget: 3,
    });
  });

  it('may have no alias, and no hash where it is no row of a list', () => {
    expect(readRow({ metadata: null }, '/v2/key/info')).toMatchObject({ id: null, key: { name: null } });
  });

  it.each<[string, JsonObject['x'], object | null]>([
    ['ours', { set: 'ws', name: 'a' }, { set: 'ws', name: 'a' }],
    ['ours, made by the server', { set: 'ws', name: 'a', mint: 'm' }, { set: 'ws', name: 'a', mint: 'm' }],
    ['without a name', { set: 'ws' }, { set: 'ws', name: null }],
    ['of another shape', 'ws', null],
    ['without a set', { v: 1 }, null],
    ['of a set that would be another file', { set: '../../etc/passwd' }, null],
  ])('with a mark %s', (_, vkeys, mark) => {
    expect(readRow({ ...row, metadata: { vkeys } }, '/key/list').key.mark).toEqual(mark);
  });

  it.each([
    ['no hash', { ...row, token: 'sk-a-secret-in-its-place' }],
    ['no token', { ...row, token: null }],
    ['a number for its alias', { ...row, key_alias: 7 }],
    ['no shape at all', 'HASH'],
  ])('with %s is no row of a list', (_, odd) => {
    expect(() => toLive(odd, '/key/list')).toThrow(
      expect.objectContaining({ kind: 'protocol', message: expect.not.stringContaining('sk-a-secret') }),
    );
  });

  it.each<[string, JsonObject, boolean]>([
    ['told', { object_permission: { agents: [] }, object_permission_id: 'p' }, true],
    ['told to be none', { object_permission: null, object_permission_id: null }, true],
    ['not told', { object_permission: null, object_permission_id: 'p' }, false],
    ['not known', {}, false],
  ])('has permissions that are %s', (_, more, isListed) => {
    expect(readRow({ ...row, ...more }, '/key/list').listed.has('object_permission')).toBe(isListed);
  });

  it('has the columns that are asked for, wherever they live, and no others', () => {
    const { extra } = readRow({ ...row, a: 1, b: null, metadata: { c: 2, a: 3 } }, '/key/list', [
      'a',
      'b',
      'c',
      'd',
    ]).key;
    expect(extra).toEqual({ a: 1, b: null, c: 2 });
  });
});
