/** What plans of budgets, users, teams and members have beside those of keys: names, what goes along, and who must stay. */
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/kinds/kinds.ts';
import { memberId } from '../../src/kinds/member.ts';
import type { Change, Deletion } from '../../src/model/change.ts';
import type { Desired, Live } from '../../src/model/resource.ts';
import type { Surveys } from '../../src/model/survey.ts';
import { withCascade } from '../../src/plan/cascade.ts';
import { deletion } from '../../src/plan/deletion.ts';
import { resolved } from '../../src/plan/references.ts';
import { leavingAdmins, rootRefusals } from '../../src/plan/root.ts';
import { ownersIn, withKeysOf } from '../../src/plan/takes.ts';
import { desired, live, plan, survey } from '../support/make.ts';

type Of = Partial<Omit<Live, 'name'>> & { readonly name?: string };

const thing = (kind: string, id: string, fields: Of = {}): Live => live({ kind, id, name: id, mark: null, ...fields });
const wish = (kind: string, name: string, fields: Partial<Desired> = {}): Desired =>
  desired({ ref: { kind, name }, ...fields });
const gone = (each: Live): Deletion => {
  const change = deletion({ kind: each.kind, name: each.name ?? '' }, each, 'absent', 'state: absent');
  if (change.action !== 'delete') throw new Error('no deletion');
  return change;
};
const seen = (...lives: readonly Live[]): Surveys =>
  new Map(
    [...KINDS.keys()].map((kind) => [
      kind,
      survey(
        lives.filter((each) => each.kind === kind),
        { kind },
      ),
    ]),
  );

describe('names of a spec', () => {
  const key = wish('key', 'k', { names: { team_id: 'lab' } });
  const of = (all: Readonly<Record<string, readonly Desired[]>>, surveys: Surveys, adopt = false) =>
    resolved('one', new Map(Object.entries(all)), surveys, adopt);

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

  it('is looked for of what is deleted alone', () => {
    expect(
      ownersIn(plan([gone(team), gone(thing('user', 'U')), gone(thing('budget', 'B')), gone(inside), gone(member)])),
    ).toEqual({
      team_id: ['T'],
      user_id: ['U'],
      budget_id: ['B'],
    });
    const more = withKeysOf(seen(inside), { lives: [inside, other], isShort: true, gaps: ['some'] });
    expect(more.get('key')).toMatchObject({ lives: [inside, other], isShort: true, gaps: ['some'] });
    expect(more.get('team')).toMatchObject({ isShort: false, gaps: [] });
    expect(withKeysOf(new Map(), { lives: [inside], isShort: false, gaps: [] }).size).toBe(0);
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
