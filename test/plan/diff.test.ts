import { describe, expect, it } from 'vitest';
import { difference, whole, type ServerFacts } from '../../src/plan/diff.ts';
import { FIELD_NAMES, KEY } from '../../src/kinds/key.ts';
import { TEAM } from '../../src/kinds/team.ts';
import { USER } from '../../src/kinds/user.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { Lifetime, Live } from '../../src/model/resource.ts';
import { after, desired, live, NOW } from '../support/make.ts';

const facts: ServerFacts = { kind: KEY, now: NOW, listed: new Set<string>(FIELD_NAMES), version: '1.108.7' };
const without = (...names: readonly string[]): ServerFacts => ({
  ...facts,
  listed: new Set(FIELD_NAMES.filter((name) => !names.includes(name))),
});

describe('settings', () => {
  it('that are wanted otherwise are changed, others are left alone', () => {
    const wanted = desired({ settings: { max_budget: 10, rpm_limit: null, models: ['a'] } });
    const found = live({ settings: { max_budget: 5, rpm_limit: 3, models: ['a'], tpm_limit: 9 } });
    expect(difference(wanted, found, facts)).toEqual({
      changes: [
        { field: 'max_budget', from: 5, to: 10 },
        { field: 'rpm_limit', from: 3, to: null },
      ],
      notices: [],
    });
  });

  it.each<[string, Settings, Settings, ServerFacts, string | null]>([
    ['that the server does not know', { tpd_limit: 1 }, {}, without('tpd_limit'), 'does not know it'],
    [
      'that an old server does not know',
      { mcp_rpm_limit: { a: 1 } },
      {},
      { ...facts, version: '1.83.14' },
      'LiteLLM 1.83.14 does not',
    ],
    [
      'that an old server cannot clear',
      { budget_duration: null },
      { budget_duration: '1d' },
      { ...facts, version: '1.77.7' },
      'cannot clear it',
    ],
    [
      'that are set at creation only',
      { key_type: 'management' },
      { key_type: 'default' },
      { ...facts, version: null },
      'this server takes it only at creation',
    ],
    ['that this server shows only one by one', { budget_id: 'b' }, {}, without('budget_id'), null],
    ['that were not read key by key', { budget_id: 'b' }, {}, without('budget_id'), null],
    ['that are set at creation only and cannot be read', { soft_budget: 5 }, {}, without('soft_budget'), null],
  ])('%s stay, and that is told', (_, wanted, found, at, told) => {
    const { changes, notices } = difference(desired({ settings: wanted }), live({ settings: found }), at);
    expect(changes).toEqual([]);
    expect(notices.map(({ code }) => code)).toEqual(told === null ? [] : ['unsupported']);
    expect(notices[0]?.message ?? '').toContain(told ?? '');
  });

  it.each<[string, Settings, ServerFacts]>([
    ['before any row was seen', { tpd_limit: 1 }, { ...facts, listed: null }],
    ['that a new server can clear', { budget_duration: null }, facts],
    ['of a server of unknown version', { mcp_rpm_limit: { a: 1 } }, { ...facts, version: null }],
  ])('%s are changed', (_, settings, at) => {
    const { changes, notices } = difference(desired({ settings }), live({ settings: { budget_duration: '1d' } }), at);
    expect([changes.map(({ field }) => field), notices]).toEqual([Object.keys(settings), []]);
  });
});

describe('metadata', () => {
  it('is merged: members that are not wanted stay, null takes one away', () => {
    const wanted = desired({ metadata: { team: 'x', gone: null, same: { a: 1, b: 2 }, never: null } });
    const found = live({ metadata: { gone: 1, same: { b: 2, a: 1 }, other: true } });
    expect(difference(wanted, found, facts).changes).toEqual([
      { field: 'metadata.team', from: null, to: 'x' },
      { field: 'metadata.gone', from: 1, to: null },
    ]);
  });
});

describe('the end of a key', () => {
  const between = (lifetime: Lifetime | undefined, found: Partial<Live>, at: ServerFacts = facts) =>
    difference(desired(lifetime === undefined ? {} : { lifetime }), live(found), at);

  it.each<[string, Lifetime | undefined, Partial<Live>]>([
    ['not managed', undefined, { expires: after(5) }],
    ['never, as wanted', 'never', {}],
    ['two minutes off', { expires: after(1000) }, { expires: after(1120) }],
    ['counted from the creation', { duration: '1d' }, { created_at: after(-3600), expires: after(86_400 - 3600) }],
  ])('%s stays', (_, lifetime, found) => {
    expect(between(lifetime, found)).toEqual({ changes: [], notices: [] });
  });

  it.each<[string, Lifetime, Partial<Live>, string | null]>([
    ['two minutes and a second off', { expires: after(1000) }, { expires: after(1121) }, after(1000)],
    [
      'later in the spec than on the server',
      { duration: '7d' },
      { created_at: after(-60), expires: after(86_400) },
      after(7 * 86_400 - 60),
    ],
    ['missing', { duration: '1h' }, {}, after(3600)],
    ['not wanted any more', 'never', { expires: after(5) }, null],
  ])('%s is changed', (_, lifetime, found, to) => {
    expect(between(lifetime, found).changes).toEqual([{ field: 'expires', from: live(found).expires, to }]);
  });

  it('stays where nobody knows how old the key is: counted from now, each apply would renew it', () => {
    const found = live({ created_at: null, expires: after(60) });
    const wanted = desired({ lifetime: { duration: '1h' } });
    expect(difference(wanted, found, facts)).toEqual({ changes: [], notices: [] });
    const { changes } = difference(wanted, found, facts, { at: after(-600), encryption: null });
    expect(changes).toEqual([{ field: 'expires', from: after(60), to: after(3000) }]);
  });

  it('cannot be taken away by a server before 1.83, and that is told', () => {
    const { changes, notices } = between('never', { expires: after(5) }, { ...facts, version: '1.77.7' });
    expect([changes, notices[0]?.message]).toEqual([[], 'expires stays as it is: LiteLLM 1.77.7 cannot clear it.']);
  });

  it.each([
    [null, 'the server has no end'],
    [after(500), `the server has ${after(500)}`],
  ])('is not moved into the past by an edit (%s)', (expires, told) => {
    const { changes, notices } = between({ duration: '1h' }, { created_at: after(-7200), expires });
    expect([changes, notices[0]?.code]).toEqual([[], 'lifetime']);
    expect(notices[0]?.message).toContain(told);
  });
});

it('shows a new key as a difference to nothing, without what is cleared', () => {
  const wanted = desired({
    settings: { models: ['a'], max_budget: null },
    metadata: { team: 'x', gone: null },
    lifetime: { duration: '1h' },
    extra: { new_field: 1 },
  });
  expect(whole(wanted, facts)).toEqual([
    { field: 'models', from: null, to: ['a'] },
    { field: 'new_field', from: null, to: 1 },
    { field: 'expires', from: null, to: after(3600) },
    { field: 'metadata.team', from: null, to: 'x' },
  ]);
  expect(whole(desired(), facts)).toEqual([]);
});

describe('a field of a kind that versions change or clear otherwise', () => {
  const user = (version: string | null): ServerFacts => ({ kind: USER, now: NOW, listed: null, version });
  const endOf = (settings: Settings, version: string | null): readonly [number, string | undefined] => {
    const found = live({ settings: { user_alias: 'Ada', user_role: 'internal_user', models: ['all-proxy-models'] } });
    const { changes, notices } = difference(desired({ settings }), found, user(version));
    return [changes.length, notices[0]?.message];
  };

  it('is changed where the version can, or where nobody knows which it is', () => {
    const early = 'user_alias stays as it is: LiteLLM 1.77.7 takes it only at creation.';
    expect(endOf({ user_alias: 'B' }, '1.77.7')).toEqual([0, early]);
    expect(endOf({ user_alias: 'B' }, '1.83.14')).toEqual([1, undefined]);
    expect(endOf({ user_alias: 'B' }, null)).toEqual([1, undefined]);
  });

  it('is not compared where no version tells it', () => {
    const lab = live({ kind: 'team', settings: {} });
    const nothing = { changes: [], notices: [] };
    expect(difference(desired({ settings: { admins: ['ada'] } }), lab, { ...user(null), kind: TEAM })).toEqual(nothing);
  });

  it('is never cleared where no version can', () => {
    const never = 'user_role stays as it is: LiteLLM 1.110.2 cannot clear it.';
    expect(endOf({ user_role: null }, '1.110.2')).toEqual([0, never]);
    expect(endOf({ user_role: null }, null)[0]).toBe(0);
  });

  it('is cleared already where it has the value that stands for none', () => {
    expect(endOf({ models: [] }, '1.110.2')).toEqual([0, undefined]);
    expect(endOf({ models: null }, '1.110.2')).toEqual([0, undefined]);
  });
});
