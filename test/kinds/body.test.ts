import { describe, expect, it } from 'vitest';
import { createBody, replacesMetadata } from '../../src/kinds/body.ts';
import { FIELDS, KEY } from '../../src/kinds/key.ts';
import type { FieldChange } from '../../src/model/change.ts';
import type { Live, Mark } from '../../src/model/resource.ts';
import { after, desired, live, MARK, NOW } from '../support/make.ts';

describe('the body of a create', () => {
  it('has what is wanted and our mark, and nothing that is cleared', () => {
    const wanted = desired({
      settings: { models: ['m'], tags: [], max_budget: null, blocked: false },
      metadata: { team: 'x', gone: null },
      lifetime: { duration: '1d' },
      extra: { new_field: 1 },
    });
    expect(KEY.make(wanted, MARK, NOW)).toEqual({
      new_field: 1,
      key_alias: 'a',
      models: ['m'],
      duration: '86400s',
      metadata: { team: 'x', vkeys: MARK },
    });
  });

  it.each([
    ['no lifetime', desired()],
    ['no end', desired({ lifetime: 'never' })],
  ])('has no duration for %s', (_, wanted) => {
    expect(KEY.make(wanted, MARK, NOW)).not.toHaveProperty('duration');
  });

  it('has in our mark when the key opens', () => {
    const { metadata } = KEY.make(desired({ opens: after(60) }), MARK, NOW);
    expect(metadata).toEqual({ vkeys: { ...MARK, opens: after(60) } });
  });

  it('has the id that the client chose, where the kind has a field for it', () => {
    const wanted = desired({ id: 'x' });
    expect(createBody({ ...KEY, identity: 'team_id' }, wanted, MARK, NOW)).toMatchObject({ team_id: 'x' });
    expect(createBody({ ...KEY, identity: 'team_id' }, desired(), MARK, NOW)).not.toHaveProperty('team_id');
    expect(Object.values(KEY.make(wanted, MARK, NOW))).not.toContain('x');
  });
});

describe('the body of an update', () => {
  it.each<[string, readonly FieldChange[], string | undefined]>([
    ['keeps when the key opens', [{ field: 'metadata.a', from: null, to: 1 }], after(60)],
    ['moves it', [{ field: 'opens', from: after(60), to: after(90) }], after(90)],
    ['takes it away', [{ field: 'opens', from: after(60), to: null }], undefined],
  ])('%s', (_, changes, opens) => {
    const mark = { ...MARK, opens: after(60) };
    const { metadata } = KEY.patch(changes, live({ mark, metadata: { vkeys: mark } }), null, NOW);
    expect(metadata).toMatchObject({ vkeys: opens === undefined ? MARK : { ...MARK, opens } });
    expect(JSON.stringify(metadata).includes('opens')).toBe(opens !== undefined);
  });

  const found = live({ metadata: { vkeys: MARK, foreign: 1, model_rpm_limit: { m: 1 } } });
  const change = (field: string, to: FieldChange['to']): FieldChange => ({ field, from: null, to });
  const patch = (changes: readonly FieldChange[], on: Live, mark: Mark | null = null) =>
    KEY.patch(changes, on, mark, NOW);

  it.each<[string, FieldChange, object]>([
    ['only the field that differs', change('max_budget', 10), { max_budget: 10 }],
    ['null for a cleared number', change('max_budget', null), { max_budget: null }],
    ['an empty list for a cleared list', change('models', null), { models: [] }],
    ['an empty object for a cleared object', change('aliases', null), { aliases: {} }],
    ['the name under its own name', change('key_alias', 'b'), { key_alias: 'b' }],
    ['what is left of an end, in seconds', change('expires', after(90)), { duration: '90s' }],
    ['at least a second', change('expires', after(-5)), { duration: '1s' }],
    ['null for no end', change('expires', null), { duration: null }],
    [
      'a limit that lives in the metadata by itself',
      change('model_tpm_limit', { m: 2 }),
      { model_tpm_limit: { m: 2 } },
    ],
    ['nothing for what is no field', change('set', 'other'), {}],
  ])('has %s', (_, one, body) => {
    expect(patch([one], found)).toEqual(body);
    expect(replacesMetadata(FIELDS, [one])).toBe(false);
  });

  it('has the other half of a pair that the server wants together', () => {
    const half = live({ settings: { temp_budget_increase: 1, temp_budget_expiry: '2027-01-01T00:00:00' } });
    expect(patch([change('temp_budget_increase', 2)], half)).toEqual({
      temp_budget_increase: 2,
      temp_budget_expiry: '2027-01-01T00:00:00',
    });
    const both = [change('temp_budget_increase', 2), change('temp_budget_expiry', '2028-01-01T00:00:00')];
    expect(patch(both, live())).toEqual({
      temp_budget_increase: 2,
      temp_budget_expiry: '2028-01-01T00:00:00',
    });
  });

  it('has the whole metadata when one member changes, goes, or lives there and is cleared', () => {
    const changes = [change('metadata.team', 'x'), change('metadata.foreign', null), change('model_rpm_limit', null)];
    expect(patch(changes, found)).toEqual({ metadata: { vkeys: MARK, team: 'x' } });
    expect(changes.map((one) => replacesMetadata(FIELDS, [one]))).toEqual([true, true, true]);
  });

  it('has no mark where the server has none', () => {
    const one = [change('metadata.a', 1)];
    expect(patch(one, live({ mark: null, metadata: {} }))).toEqual({ metadata: { a: 1 } });
    expect(patch(one, live({ metadata: {} }))).toEqual({ metadata: { a: 1 } });
  });

  it('has the mark of an adopted key beside what was in its metadata', () => {
    const foreign = live({ mark: null, metadata: { theirs: 1 } });
    expect(patch([], foreign, MARK)).toEqual({ metadata: { theirs: 1, vkeys: MARK } });
  });

  it('has only those fields that vkeys does not know which change, and which the server has', () => {
    const known = live({ extra: { new_field: 1, other_field: 2 } });
    expect(patch([change('new_field', 3), change('name', 'b'), change('gone', 1)], known)).toEqual({ new_field: 3 });
  });

  it('empties every member of an open object that the server has, also those that nobody knows here', () => {
    const permitted = live({
      settings: { object_permission: { agents: ['a'], later_list: ['x'], later_object: { y: 1 }, later_flag: true } },
    });
    expect(patch([change('object_permission', null)], permitted)).toEqual({
      object_permission: {
        agents: [],
        later_list: [],
        later_object: {},
        later_flag: null,
        mcp_servers: [],
        mcp_access_groups: [],
        mcp_toolsets: [],
        vector_stores: [],
        agent_access_groups: [],
        models: [],
        blocked_tools: [],
        search_tools: [],
        skills: [],
        mcp_tool_permissions: {},
        mcp_tool_search_enabled: null,
      },
    });
  });
});
