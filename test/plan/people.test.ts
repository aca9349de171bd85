/** What plans of budgets, users, teams and members have beside those of keys: names, what goes along, and who must stay. */
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import { memberId } from '../../src/kinds/member.ts';
import type { Change, Creation, Update } from '../../src/model/change.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { TeamBounds } from '../../src/model/team-bounds.ts';
import type { Surveys } from '../../src/model/survey.ts';
import { thingId } from '../../src/model/keyring.ts';
import { withCascade } from '../../src/plan/cascade.ts';
import { makePlan } from '../../src/plan/make.ts';
import { roleNotices } from '../../src/plan/member-roles.ts';
import { guaranteedRefusals } from '../../src/plan/guaranteed.ts';
import { deadRefusals, newIds } from '../../src/plan/references-by-id.ts';
import { resolved, type Resolved } from '../../src/plan/references.ts';
import { leavingAdmins, rootRefusals } from '../../src/plan/root.ts';
import { ownersIn, withKeysOf, withTakes } from '../../src/plan/takes.ts';
import { NOTHING, NOW, PLAIN, plan, SET } from '../support/make.ts';
import { gone, seen, thing, wish } from './things.ts';

describe('names of a spec', () => {
  const key = wish('key', 'k', { names: { team_id: 'lab' } });
  const of = (all: Readonly<Record<string, readonly Desired[]>>, surveys: Surveys, adopt = false): Resolved => {
    const wishes = Object.entries(all).map(([set, wanted]) => ({ set, desired: wanted, state: NOTHING, adopt }));
    return resolved(wishes, surveys, KINDS).get('one') ?? { desired: [], refusals: [] };
  };

  it.each<[string, Readonly<Record<string, readonly Desired[]>>, Surveys, unknown]>([
    [
      'are those of the set first',
      { one: [key, wish('team', 'lab', { id: 'T1' })], two: [wish('team', 'lab', { id: 'T2' })] },
      seen(),
      'T1',
    ],
    ['then those of the other sets of the run', { one: [key], two: [wish('team', 'lab', { id: 'T2' })] }, seen(), 'T2'],
    ['then those of the server', { one: [key] }, seen(thing('team', 'T3', { name: 'lab' })), 'T3'],
    ['may be ids of the server', { one: [key] }, seen(thing('team', 'lab', { name: 'other' })), 'lab'],
    [
      'are those of a team that was renamed by hand',
      { one: [key, wish('team', 'lab', { id: 'new' })] },
      seen(thing('team', 'T4', { name: 'else', mark: { set: 'one', name: 'lab' } })),
      'T4',
    ],
    ['of a kind that nobody looked at are the spec’s', { one: [key, wish('team', 'lab')] }, new Map(), 'lab'],
  ])('%s', (_, all, surveys, id) => {
    const {
      desired: [first],
      refusals,
    } = of(all, surveys);
    expect([first?.settings['team_id'], refusals]).toEqual([id, []]);
  });

  it('of what is taken over are those of others', () => {
    const all = { one: [key, wish('team', 'lab', { id: 'mine' })] };
    const server = seen(thing('team', 'theirs', { name: 'lab' }));
    expect(of(all, server, true).desired.map(({ id, settings }) => id ?? settings['team_id'])).toEqual([
      'theirs',
      'theirs',
    ]);
    expect(of(all, server).desired.map(({ id, settings }) => id ?? settings['team_id'])).toEqual(['mine', 'mine']);
  });

  it('that are nowhere are refused with what was meant, of the spec or of the server', () => {
    const other = wish('key', 'o', { names: { team_id: 'labs' } });
    const server = seen(thing('team', 'T', { name: 'labour' }), { ...thing('team', 'U'), name: null });
    expect(of({ one: [other, wish('team', 'lab', { id: 'L' })] }, server).refusals).toMatchObject([
      {
        message: 'There is no team labs, neither in the spec nor on the server. Did you mean lab?',
        hint: expect.stringContaining('teams:'),
      },
    ]);
    const twins = seen(thing('team', 'T1', { name: 'lab' }), thing('team', 'T2', { name: 'lab' }));
    expect(of({ one: [key] }, twins).refusals).toMatchObject([{ hint: 'Say which, by its id: team_id: T1' }]);
  });

  it('need nothing that is there, where they are of what is to go', () => {
    const leaving = { ...key, state: 'absent' } as const;
    expect(of({ one: [leaving] }, seen()).desired[0]?.settings['team_id']).toBe('lab');
    expect(of({ one: [leaving] }, seen(thing('team', 'T', { name: 'lab' }))).desired[0]?.settings['team_id']).toBe('T');
    const team = wish('team', 'lab', { id: 'T', state: 'absent' });
    expect(of({ one: [leaving, team] }, seen()).refusals).toEqual([]);
    expect(of({ one: [key, team] }, seen()).refusals).toMatchObject([
      { code: 'reference', message: 'Its team lab is to be deleted.' },
    ]);
  });

  it('make the id of a member, which is none without its team', () => {
    const member = wish('member', 'lab/ada', { settings: { user_id: 'ada' }, names: { team_id: 'lab' } });
    expect(of({ one: [member, wish('team', 'lab', { id: 'T' })] }, seen()).desired[0]?.id).toBe(memberId('T', 'ada'));
    const {
      desired: [lost],
      refusals,
    } = of({ one: [member] }, seen());
    expect([lost?.id, refusals.length]).toEqual([undefined, 1]);
  });
});

describe('what goes along', () => {
  const team = thing('team', 'T');
  const [inside, other] = [thing('key', 'a', { settings: { team_id: 'T' } }), thing('key', 'b')];
  const member = thing('member', memberId('T', 'ada'), { settings: { team_id: 'T', user_id: 'ada' } });
  const ties = { surveys: seen(team, inside, other, member), kinds: KINDS, version: null };
  const names = (changes: readonly Change[]): readonly string[] =>
    changes.map(({ action, ref }) => `${action} ${ref.kind}/${ref.name}`);

  it('are keys, which have to be allowed, and parts, which need nothing', () => {
    const refused = withCascade([gone(team)], ties, false);
    expect(refused.refusals).toMatchObject([{ code: 'cascade', message: expect.stringContaining('key/a') }]);
    const { changes, parts, refusals } = withCascade([gone(team), gone(member)], ties, true);
    expect([names(changes), parts, refusals]).toEqual([['delete team/T', 'delete key/a'], [`member/${member.id}`], []]);
  });

  it('are nothing that goes by itself', () => {
    expect(withCascade([gone(team), gone(inside)], ties, false)).toMatchObject({
      refusals: [],
      parts: [`member/${member.id}`],
    });
  });

  it('are no members on versions that keep their limits', () => {
    const old = { ...ties, version: '1.65.8' };
    expect(names(withCascade([gone(team), gone(inside), gone(member)], old, false).changes)).toContain(
      `delete member/${member.id}`,
    );
  });

  it('are limits, of which nobody is to be left without', () => {
    const budget = thing('budget', 'B');
    const keys = [
      thing('key', 'bare', { settings: { budget_id: 'B' } }),
      thing('key', 'own', { settings: { budget_id: 'B', max_budget: 1 } }),
      thing('key', 'given', { settings: { budget_id: 'B' } }),
      thing('key', 'going', { settings: { budget_id: 'B' } }),
    ];
    const [, , given, going] = keys;
    const within = thing('member', 'm', { extra: { budget_id: 'B' } });
    const update: Change = {
      action: 'update',
      ref: { kind: 'key', name: 'given' },
      desired: wish('key', 'given'),
      live: given ?? budget,
      fields: [{ field: 'max_budget', from: null, to: 5 }],
      takes: [],
      reason: null,
    };
    const changes = [gone(budget), update, gone(going ?? budget)];
    const { refusals } = withCascade(changes, { ...ties, surveys: seen(budget, within, ...keys) }, true);
    expect(refusals).toMatchObject([{ message: expect.stringContaining('member/m, key/bare.') }]);
  });

  it('stands in the plan under its name in its spec, on the server, or else its id', () => {
    const of = (id: string, fields: Parameters<typeof thing>[2]) =>
      thing('key', id, { settings: { team_id: 'T' }, ...fields });
    const marked = of('1', { name: 'there', mark: { set: SET, name: 'here' } });
    const surveys = seen(team, marked, of('2', { name: 'plain' }), { ...of('3', {}), name: null });
    const taken = (among: Surveys) =>
      withTakes([gone(team), gone(other)], { ...ties, surveys: among }).map(({ takes }) =>
        takes.map(({ name }) => name),
      );
    expect(taken(surveys)).toEqual([['3', 'here', 'plain'], []]);
    expect(taken(new Map())).toEqual([[], []]);
  });

  it('is looked for of what is deleted alone', () => {
    expect(
      ownersIn(
        plan([gone(team), gone(thing('user', 'U')), gone(thing('budget', 'B')), gone(inside), gone(member)]),
        KINDS,
      ),
    ).toEqual({
      team_id: ['T'],
      user_id: ['U'],
      budget_id: ['B'],
    });
    expect(ownersIn(plan([gone(other)]), KINDS)).toEqual({});
    const more = withKeysOf(seen(inside), { lives: [inside, other], isShort: true, gaps: ['some'] });
    expect(more.get('key')).toMatchObject({ lives: [inside, other], isShort: true, gaps: ['some'] });
    expect(more.get('team')).toMatchObject({ isShort: false, gaps: [] });
    expect(withKeysOf(new Map(), { lives: [inside], isShort: false, gaps: [] }).size).toBe(0);
  });
});

describe('members', () => {
  const member = (user: string, team = 'T'): Live =>
    thing('member', memberId(team, user), { settings: { team_id: team, user_id: user } });
  const wanted = (user: string): Desired =>
    wish('member', `lab/${user}`, { id: memberId('T', user), settings: { team_id: 'T', user_id: user } });
  const team = wish('team', 'lab', { id: 'T' });
  const planned = (all: readonly Desired[], lives: readonly Live[], keyring = NOTHING): readonly string[] => {
    const surveys = seen(thing('team', 'T', { name: 'lab', mark: { set: SET, name: 'lab' } }), ...lives);
    const made = makePlan(
      { set: SET, isNamed: true, state: 'present', desired: all },
      { surveys, kinds: KINDS, keyring, version: null },
      PLAIN,
    );
    const { changes, notices, refusals } = made.plan;
    return [
      ...changes.filter(({ action }) => action !== 'noop').map(({ action, ref }) => `${action} ${ref.name}`),
      ...[...notices, ...refusals].map(({ code, ref }) => `${code} ${ref?.name ?? ''}`),
    ];
  };

  it('are whose their team is: one that is there already needs nobody to take it over', () => {
    expect(planned([team, wanted('ada')], [member('ada'), member('guest')])).toEqual([]);
    expect(planned([team, wanted('bob')], [member('ada')])).toEqual(['create lab/bob']);
  });

  it('that the spec does not name go only where it says that it names all, and never the master key’s own', () => {
    const all = { ...team, whole: ['member'] };
    const lives = [member('ada'), member('guest'), member('default_user_id'), member('elsewhere', 'U')];
    expect(planned([all, wanted('ada')], lives)).toEqual([`delete ${memberId('T', 'guest')}`]);
    expect(planned([all], [member('ada')])).toEqual([`delete ${memberId('T', 'ada')}`]);
  });

  it('that were made from here and are no longer named are told', () => {
    const made = { kind: 'member', id: memberId('T', 'ada'), name: 'lab/ada', at: NOW.toISOString() };
    const keyring = { ...NOTHING, things: new Map([[thingId(made), made]]) };
    expect(planned([team], [member('ada')], keyring)).toEqual(['orphan lab/ada']);
  });

  it.each<[string, Desired['settings'], readonly Live[], readonly string[]]>([
    ['new admins of a team that is there', { role: 'admin' }, [], ['create lab/ada', 'unsupported lab/ada']],
    ['members who become admins', { role: 'admin' }, [member('ada')], ['update lab/ada', 'unsupported lab/ada']],
    ['new members who are none', { role: 'user' }, [], ['create lab/ada']],
  ])('%s may need a licence', (_, settings, lives, told) => {
    const ada = wanted('ada');
    expect(planned([team, { ...ada, settings: { ...ada.settings, ...settings } }], lives)).toEqual(told);
  });

  it('whose team nobody knows have no id, and are nothing that is there', () => {
    expect(planned([team, wish('member', 'x/ada')], [member('ada')])).toEqual(['create x/ada']);
  });
});

describe('admins of a team', () => {
  const admin = wish('member', 'lab/ada', { settings: { team_id: 'T', user_id: 'ada', role: 'admin' } });
  const made = (wanted: Desired): Change => ({
    action: 'create',
    ref: wanted.ref,
    desired: wanted,
    live: null,
    fields: [],
    takes: [],
    reason: null,
  });

  it('need no licence where the team is made with them, nor on 1.65', () => {
    expect(roleNotices([made(admin), made(wish('team', 'lab', { id: 'T' }))], null)).toEqual([]);
    expect(roleNotices([made(admin), made(wish('team', 'lab'))], null)).toHaveLength(1);
    expect(roleNotices([made(admin)], '1.65.8')).toEqual([]);
    expect(roleNotices([made({ ...admin, settings: { role: 'admin' } })], '1.77.7')).toHaveLength(1);
    expect(roleNotices([gone(thing('member', 'm', { settings: { role: 'admin' } }))], null)).toEqual([]);
  });

  it('who are admins already are not told', () => {
    const there = thing('member', 'm', { settings: { role: 'admin' } });
    const update: Change = {
      action: 'update',
      ref: admin.ref,
      desired: admin,
      live: there,
      fields: [{ field: 'max_budget_in_team', from: null, to: 1 }],
      takes: [],
      reason: null,
    };
    expect(roleNotices([update], null)).toEqual([]);
  });
});

describe('admins', () => {
  const admin = thing('user', 'root', { settings: { user_role: 'proxy_admin' } });
  const demoted: Change = {
    action: 'update',
    ref: { kind: 'user', name: 'root' },
    desired: wish('user', 'root'),
    live: admin,
    fields: [{ field: 'user_role', from: 'proxy_admin', to: 'internal_user' }],
    takes: [],
    reason: null,
  };
  const roles = (...ids: readonly string[]) => new Map(ids.map((id) => [id, 'proxy_admin']));

  it('are not taken away, the last of them', () => {
    for (const change of [gone(admin), demoted]) {
      expect(rootRefusals([plan([change])], roles('root'))).toMatchObject([{ code: 'root' }]);
      expect(rootRefusals([plan([change])], roles('root', 'other'))).toEqual([]);
      expect(rootRefusals([plan([change])], new Map([['viewer', 'proxy_admin_viewer']]))).toHaveLength(1);
    }
  });

  it('are not the user of the master key, who stays whatever its role', () => {
    const master = gone(thing('user', 'default_user_id'));
    expect(rootRefusals([plan([master])], roles('other'))).toMatchObject([
      { message: expect.stringContaining('master key') },
    ]);
  });

  it('are not asked for by other changes', () => {
    const harmless = { ...demoted, fields: [{ field: 'max_budget', from: null, to: 1 }] };
    const others = [harmless, gone(thing('user', 'ada')), gone(thing('team', 'T'))];
    expect(leavingAdmins(plan(others))).toEqual([]);
  });
});

describe('ids that keys are newly given', () => {
  const creation = (name: string, settings: Desired['settings']): Creation => ({
    action: 'create',
    ref: { kind: 'key', name },
    desired: wish('key', name, { settings }),
    live: null,
    fields: [],
    takes: [],
    reason: null,
  });
  const update = (name: string, fields: readonly string[]): Update => ({
    ref: { kind: 'key', name },
    desired: wish('key', name, { settings: { team_id: 'T2', budget_id: 'B' } }),
    takes: [],
    reason: null,
    action: 'update',
    live: thing('key', name),
    fields: fields.map((field) => ({ field, from: null, to: 'x' })),
  });

  it('are those of creations, and of updates that change them', () => {
    const plans = [plan([creation('a', { team_id: 'T1' }), update('b', ['team_id']), update('c', ['max_budget'])])];
    expect([newIds(plans, 'team_id'), newIds(plans, 'budget_id')]).toEqual([['T1', 'T2'], []]);
  });

  it('are not those of what is made with them, or stays', () => {
    const made: Change = {
      ...creation('t', {}),
      ref: { kind: 'team', name: 't' },
      desired: wish('team', 't', { id: 'T1' }),
    };
    const stays: Change = {
      ...update('b', []),
      action: 'noop',
      ref: { kind: 'budget', name: 'B' },
      live: thing('budget', 'B'),
    };
    const named: Change = { ...creation('N', {}), ref: { kind: 'budget', name: 'N' }, desired: wish('budget', 'N') };
    const plans = [
      plan([made, stays, named]),
      plan([creation('a', { team_id: 'T1', budget_id: 'B' }), creation('b', { budget_id: 'N' })]),
    ];
    expect([newIds(plans, 'team_id'), newIds(plans, 'budget_id')]).toEqual([[], []]);
    const going = plan([gone(thing('team', 'T1')), creation('a', { team_id: 'T1' })]);
    expect(newIds([going], 'team_id')).toEqual(['T1']);
  });

  it('are refused where they are nowhere', () => {
    const changes = [
      creation('a', { team_id: 'x' }),
      creation('b', { team_id: 'T' }),
      creation('c', {}),
      gone(thing('key', 'd')),
    ];
    const dead = new Map([['x', { guess: ' x is the name of the team T.', hint: 'team: x' }]]);
    expect(deadRefusals(plan(changes), 'team_id', dead)).toEqual([
      {
        code: 'reference',
        ref: { kind: 'key', name: 'a' },
        message: 'There is no team with the id x, neither in the spec nor on the server. x is the name of the team T.',
        hint: 'team: x',
      },
    ]);
  });
});

describe('guaranteed throughput', () => {
  const keys = (count: number, settings: Desired['settings']): Plan =>
    plan(
      Array.from({ length: count }, (_, index): Change => {
        const name = `k${String(index)}`;
        const wanted = wish('key', name, { settings: { team_id: 'T', ...settings } });
        return { action: 'create', ref: wanted.ref, desired: wanted, live: null, fields: [], takes: [], reason: null };
      }),
    );
  const team: TeamBounds = {
    team_id: 'T',
    team_alias: null,
    models: [],
    max_budget: null,
    tpm_limit: null,
    rpm_limit: 60,
    spend: 0,
    blocked: false,
  };
  const guaranteed = { rpm_limit: 10, rpm_limit_type: 'guaranteed_throughput' };

  it.each<[string, readonly Plan[], TeamBounds | null, number]>([
    ['of one plan may be all that the team has', [keys(6, guaranteed)], team, 0],
    ['of one plan may be no more', [keys(7, guaranteed)], team, 1],
    ['of all plans together may be no more', [keys(4, guaranteed), keys(3, guaranteed)], team, 1],
    ['is one that is said to be', [keys(7, { rpm_limit: 10 })], team, 0],
    ['is nothing without a limit', [keys(7, { rpm_limit_type: 'guaranteed_throughput' })], team, 0],
    [
      'of tokens is that of tokens',
      [keys(7, { tpm_limit: 10, tpm_limit_type: 'guaranteed_throughput' })],
      { ...team, tpm_limit: 50 },
      1,
    ],
    [
      'of a team without a limit may be anything',
      [keys(7, { tpm_limit: 10, tpm_limit_type: 'guaranteed_throughput' })],
      team,
      0,
    ],
    ['of a team that is not there is told elsewhere', [keys(7, guaranteed)], null, 0],
  ])('%s', (_, plans, bounds, refusals) => {
    expect(guaranteedRefusals(plans, new Map([['T', bounds]]))).toHaveLength(refusals);
  });

  it('is told with the name of the team', () => {
    const [refusal] = guaranteedRefusals([keys(25, guaranteed)], new Map([['T', { ...team, team_alias: 'small' }]]));
    expect(refusal?.message).toBe(
      'The keys of the team small are guaranteed 250 requests a minute together, and it has 60.',
    );
  });
});
