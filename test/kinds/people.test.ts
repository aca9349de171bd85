import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUDGET } from '../../src/kinds/budget.ts';
import { MEMBER, memberId, memberOf } from '../../src/kinds/member.ts';
import { TEAM } from '../../src/kinds/team.ts';
import { USER } from '../../src/kinds/user.ts';
import type { FieldChange } from '../../src/model/change.ts';
import type { Settings } from '../../src/model/fields.ts';
import type { KindFacts, Tie } from '../../src/model/kind.ts';
import type { Live } from '../../src/model/resource.ts';
import { desired, live, MARK, NOW } from '../support/make.ts';

const change = (field: string, to: FieldChange['to']): FieldChange => ({ field, from: null, to });
const wish = ({ kind }: KindFacts, settings: Settings = {}, id?: string) =>
  desired({ ref: { kind, name: 'a' }, settings, ...(id === undefined ? {} : { id }) });
const thing = ({ kind }: KindFacts, fields: Partial<Live> = {}): Live => live({ kind, id: 'x', ...fields });

describe('the body of a creation', () => {
  it('has no metadata where a kind has none', () => {
    expect(BUDGET.make(wish(BUDGET, { max_budget: 5, rpm_limit: null }, 'a'), MARK, NOW)).toEqual({
      budget_id: 'a',
      max_budget: 5,
    });
    const settings = { team_id: 't', user_id: 'u', role: 'user', max_budget_in_team: 5, tpm_limit: null };
    expect(MEMBER.make(wish(MEMBER, settings), MARK, NOW)).toEqual({
      team_id: 't',
      user_id: 'u',
      max_budget_in_team: 5,
    });
    expect(MEMBER.make(wish(MEMBER, { ...settings, role: 'admin' }), MARK, NOW)).toMatchObject({ role: 'admin' });
  });

  it('asks for no key beside a user', () => {
    expect(USER.make(wish(USER, { models: [] }, 'a'), MARK, NOW)).toEqual({
      user_id: 'a',
      auto_create_key: false,
      metadata: { vkeys: MARK },
    });
  });

  it('has the admins of a team as its members', () => {
    expect(TEAM.make(wish(TEAM, { admins: ['ada'], blocked: false }, 'id'), MARK, NOW)).toEqual({
      team_alias: 'a',
      team_id: 'id',
      members_with_roles: [{ user_id: 'ada', role: 'admin' }],
      metadata: { vkeys: MARK },
    });
    expect(TEAM.make(wish(TEAM), MARK, NOW)).not.toHaveProperty('members_with_roles');
  });
});

describe('the body of an update', () => {
  const metadata = { vkeys: MARK, course: 1, team_member_budget_id: 'b' };

  it('clears a field with what its kind takes for it', () => {
    expect(BUDGET.patch([change('max_budget', null)], thing(BUDGET), MARK, NOW)).toEqual({ max_budget: null });
    expect(USER.patch([change('user_email', null)], thing(USER), null, NOW)).toEqual({ user_email: '' });
    expect(USER.patch([change('models', [])], thing(USER), null, NOW)).toEqual({ models: ['all-proxy-models'] });
    expect(TEAM.patch([change('blocked', null)], thing(TEAM), null, NOW)).toEqual({ blocked: false });
  });

  it('has what lies in the metadata there, with the rest of it', () => {
    const found = thing(USER, { metadata: { vkeys: MARK, guardrails: ['a'] } });
    expect(USER.patch([change('guardrails', ['b'])], found, null, NOW)).toEqual({
      metadata: { vkeys: MARK, guardrails: ['b'] },
    });
    expect(USER.patch([change('guardrails', null)], found, null, NOW)).toEqual({ metadata: { vkeys: MARK } });
  });

  it.each<[string, FieldChange, Settings, object]>([
    ['only that of another field', change('max_budget', 9), { team_member_budget: 5 }, { max_budget: 9 }],
    [
      "a team's metadata and its members' limits together, but for a duration, which would start again",
      change('metadata.course', 2),
      { team_member_budget: 5, team_member_rpm_limit: 7, team_member_budget_duration: '7d', max_budget: 3 },
      { metadata: { ...metadata, course: 2 }, team_member_budget: 5, team_member_rpm_limit: 7 },
    ],
    [
      'the duration where there is nothing else to keep the budget by',
      change('metadata.course', 2),
      { team_member_budget_duration: '7d' },
      { metadata: { ...metadata, course: 2 }, team_member_budget_duration: '7d' },
    ],
    [
      "the metadata with a limit of the team's members",
      change('team_member_budget', 6),
      { team_member_budget: 5, team_member_tpm_limit: 7 },
      { metadata, team_member_budget: 6, team_member_tpm_limit: 7 },
    ],
    [
      'the metadata with a field that lies there',
      change('model_rpm_limit', { m: 1 }),
      {},
      { metadata: { ...metadata, model_rpm_limit: { m: 1 } } },
    ],
    ['the alias under its own name', change('team_alias', 'b'), {}, { team_alias: 'b' }],
  ])('has %s', (_, one, settings, body) => {
    expect(TEAM.patch([one], thing(TEAM, { settings, metadata }), null, NOW)).toEqual(body);
  });

  it('has our mark where that is to be set', () => {
    const body = TEAM.patch(
      [change('set', 'ws')],
      thing(TEAM, { settings: { team_member_budget: 5 }, metadata: {} }),
      MARK,
      NOW,
    );
    expect(body).toEqual({ metadata: { vkeys: MARK }, team_member_budget: 5 });
  });

  it('has all limits of a member but the duration, which is kept', () => {
    const settings = {
      team_id: 't',
      user_id: 'u',
      role: 'admin',
      max_budget_in_team: 4,
      rpm_limit: 1,
      budget_duration: '7d',
    };
    const found = thing(MEMBER, { settings, metadata: {}, mark: null });
    const patch = (...changes: readonly FieldChange[]) => MEMBER.patch(changes, found, null, NOW);
    expect(patch(change('rpm_limit', 2))).toEqual({ max_budget_in_team: 4, rpm_limit: 2 });
    expect(patch(change('rpm_limit', null))).toEqual({ max_budget_in_team: 4, rpm_limit: null });
    expect(patch(change('role', null))).toEqual({ max_budget_in_team: 4, rpm_limit: 1, role: 'user' });
    expect(patch(change('allowed_models', []), change('budget_duration', '30d'))).toEqual({
      max_budget_in_team: 4,
      rpm_limit: 1,
      allowed_models: [],
      budget_duration: '30d',
    });
  });
});

describe('what depends on a thing', () => {
  const kindsOf = (ties: readonly Tie[], other: Live, own: Live): readonly string[] =>
    ties.filter((tie) => tie.isIn(other, own)).map(({ kind }) => kind);
  const [team, user] = [thing(TEAM, { id: 't' }), thing(USER, { id: 'u' })];
  const inBoth = { settings: { team_id: 't', user_id: 'u' } };
  const elsewhere = { settings: { team_id: 'other', user_id: 'other' } };

  it('goes with a team, a user, and a membership', () => {
    expect(kindsOf(TEAM.cascades, live(inBoth), team)).toEqual(['key', 'member']);
    expect(kindsOf(TEAM.cascades, live(elsewhere), team)).toEqual([]);
    expect(kindsOf(USER.cascades, live(inBoth), user)).toEqual(['key', 'member']);
    expect(kindsOf(USER.cascades, live(elsewhere), user)).toEqual([]);
    expect(kindsOf(MEMBER.cascades, live(inBoth), thing(MEMBER, inBoth))).toEqual(['key']);
    expect(kindsOf(MEMBER.cascades, live({ settings: { team_id: 't' } }), thing(MEMBER, inBoth))).toEqual([]);
  });

  it('loses its limits with a budget', () => {
    const budget = thing(BUDGET, { id: 'b' });
    expect(kindsOf(BUDGET.frees, live({ settings: { budget_id: 'b' } }), budget)).toEqual(['key']);
    expect(kindsOf(BUDGET.frees, live({ extra: { budget_id: 'b' } }), budget)).toEqual(['member']);
    expect(kindsOf(BUDGET.frees, live({ metadata: { team_member_budget_id: 'b' } }), budget)).toEqual(['team']);
    expect(kindsOf(BUDGET.frees, live(), budget)).toEqual([]);
  });
});

describe('the id of a member', () => {
  it('is both ids, which are read from it again, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (team_id, user_id) => {
        expect(memberOf(memberId(team_id, user_id))).toEqual({ team_id, user_id });
      }),
    );
    expect(memberOf(memberId('50%2F/50', 'a/b%25'))).toEqual({ team_id: '50%2F/50', user_id: 'a/b%25' });
    expect(memberId('7f3', 'ada@example.com')).toBe('7f3/ada@example.com');
  });
});
