import { describe, expect, it } from 'vitest';
import { isList, isObject, type Json } from '../../src/base/json.ts';
import type { SandboxRequest } from '../../src/sandbox/respond.ts';
import { bench, type Bench } from './harness.ts';

const user = (id: string) => ({ role: 'user', user_id: id });

function request(path: string, body: Json): SandboxRequest {
  return { method: 'POST', path, headers: { authorization: 'Bearer sk-sandbox' }, body: JSON.stringify(body) };
}

function membersOf({ get }: Bench, team = 'red'): Json[] {
  const { team_info: info } = get(`/team/info?team_id=${team}`).body;
  const members = isObject(info) ? info.members_with_roles : [];
  return (isList(members) ? members : []).flatMap((member) => (isObject(member) ? (member.user_id ?? []) : []));
}

describe('changes of one team that overlap', () => {
  const adds = ['a', 'b', 'c'].map((id) => request('/team/member_add', { team_id: 'red', member: user(id) }));

  it.each(['1.65.8', '1.77.7', '1.83.14'] as const)('lose each other on %s, and all answer 200', (version) => {
    const at = bench({ version });
    at.post('/team/new', { team_id: 'red' });
    expect(at.sandbox.together(adds).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(membersOf(at)).toEqual(['default_user_id', 'c']);
    const removals = ['c', 'default_user_id'].map((id) =>
      request('/team/member_delete', { team_id: 'red', user_id: id }),
    );
    expect(at.sandbox.together(removals).map(({ status }) => status)).toEqual([200, 200]);
    expect(membersOf(at)).toEqual(['c']);
  });

  it.each(['1.108.7', '1.110.2'] as const)('are all kept on %s', (version) => {
    const at = bench({ version });
    at.post('/team/new', { team_id: 'red' });
    at.sandbox.together(adds);
    expect(membersOf(at)).toEqual(['default_user_id', 'a', 'b', 'c']);
  });

  it('are kept everywhere when they come one after another, and as a list', () => {
    const at = bench({ version: '1.65.8', id: 'one' });
    at.post('/team/new', { team_id: 'red' });
    for (const add of adds) expect(at.sandbox.handle(add).headers['x-vkeys-sandbox']).toBe('one');
    at.post('/team/member_add', { team_id: 'red', member: ['d', 'e'].map(user) });
    expect(membersOf(at)).toEqual(['default_user_id', 'a', 'b', 'c', 'd', 'e']);
  });
});

describe('who is somebody', () => {
  it('takes two people with one e-mail for one where entries tell e-mails', () => {
    const both = (version: '1.77.7' | '1.108.7'): Json[] => {
      const at = bench({ version });
      at.post('/team/new', { team_id: 'red' });
      at.post('/user/new', { user_id: 'ada', user_email: 'ada@example.com', auto_create_key: false });
      at.post('/user/new', { user_id: 'bob', auto_create_key: false });
      at.post('/user/update', { user_id: 'bob', user_email: 'ada@example.com' });
      at.post('/team/member_add', { team_id: 'red', member: [user('ada'), user('bob')] });
      return membersOf(at);
    };
    expect(both('1.77.7')).toEqual(['default_user_id', 'ada', 'bob']);
    expect(both('1.108.7')).toEqual(['default_user_id', 'ada']);
  });

  it('takes the e-mail in another case for another user on older versions', () => {
    const twice = (version: '1.65.8' | '1.83.14'): number => {
      const at = bench({ version });
      at.post('/team/new', { team_id: 'red' });
      at.post('/team/member_add', { team_id: 'red', member: { role: 'user', user_email: 'ada@example.com' } });
      at.post('/team/member_add', { team_id: 'red', member: { role: 'user', user_email: 'ADA@example.com' } });
      return membersOf(at).length;
    };
    expect(twice('1.65.8')).toBe(3);
    expect(twice('1.83.14')).toBe(2);
  });

  it('makes who is not found by e-mail, and says that it failed', () => {
    const at = bench();
    expect(at.post('/user/update', { user_email: 'ada@example.com', max_budget: 2 }).status).toBe(400);
    const { users } = at.get('/user/list?user_email=ada').body;
    expect(users).toMatchObject([{ user_email: 'ada@example.com', max_budget: 2 }]);
  });

  it('gives who is found by e-mail a new id on the oldest version, and makes who is not', () => {
    const at = bench({ version: '1.65.8' });
    at.post('/user/new', { user_id: 'ada', user_email: 'ada@example.com', auto_create_key: false });
    const { body } = at.post('/user/update', { user_email: 'ada@example.com', max_budget: 3 });
    expect(body.user_id).toBe('ada');
    expect(at.get('/user/info?user_id=ada').body.user_info).toEqual({ spend: 0 });
    expect(body.data).toMatchObject({ user_email: 'ada@example.com', max_budget: 3 });
    expect(at.post('/user/update', { user_email: 'bob@example.com' }).body).toMatchObject({ spend: 0 });
  });
});

describe('the limits of members', () => {
  it('shows as many keys of a team as asked for where the version can', () => {
    const shown = (version: '1.83.14' | '1.108.7'): Json | undefined => {
      const at = bench({ version });
      at.post('/team/new', { team_id: 'red' });
      at.make({ team_id: 'red' });
      at.make({ team_id: 'red' });
      const { keys } = at.get('/team/info?team_id=red&key_limit=1').body;
      return isList(keys) ? keys.length : undefined;
    };
    expect([shown('1.83.14'), shown('1.108.7')]).toEqual([2, 1]);
  });

  it('gives who shares the team’s budget a row of its own, which then does not follow', () => {
    const at = bench();
    at.post('/team/new', { team_id: 'red', team_member_budget: 4, members_with_roles: [user('ada'), user('bob')] });
    at.post('/team/member_update', { team_id: 'red', user_id: 'ada', rpm_limit: 7 });
    at.post('/team/update', { team_id: 'red', team_member_budget: 9 });
    expect(at.get('/team/info?team_id=red').body.team_memberships).toMatchObject([
      { user_id: 'bob', litellm_budget_table: { max_budget: 9 }, budget_source: 'team_default' },
      { user_id: 'default_user_id', litellm_budget_table: { max_budget: 9 } },
      { user_id: 'ada', litellm_budget_table: { max_budget: 4, rpm_limit: 7 }, budget_source: 'custom' },
    ]);
  });

  it('refuses more than 500 at once, and an update of nobody', () => {
    const at = bench();
    at.post('/team/new', { team_id: 'red' });
    const members = Array.from({ length: 501 }, (_, index) => user(String(index)));
    expect(at.post('/team/bulk_member_add', { team_id: 'red', members }).status).toBe(400);
    expect(at.post('/team/member_update', { team_id: 'red', user_email: 'x@example.com' }).status).toBe(400);
  });
});

describe('a database that is away', () => {
  const paths = {
    '/team/update': { team_id: 'red' },
    '/team/member_add': { team_id: 'red', member: user('ada') },
    '/team/delete': { team_ids: ['red'] },
    '/user/update': { user_id: 'ada' },
    '/budget/update': { budget_id: 'b' },
  };

  it.each([
    ['1.77.7', 404, [500, 500, 404, 400, 500]],
    ['1.83.14', 404, [500, 404, 404, 400, 500]],
    ['1.108.7', 404, [500, 404, 404, 400, 503]],
  ] as const)('%s says of a team that is there that it is not', (version, info, changes) => {
    const at = bench({ version });
    at.post('/team/new', { team_id: 'red' });
    at.sandbox.setDatabase('down');
    expect(at.get('/team/info?team_id=red').status).toBe(info);
    expect(Object.entries(paths).map(([path, body]) => at.post(path, body).status)).toEqual(changes);
    expect(at.get('/user/info?user_id=ada').status).toBe(500);
    at.sandbox.setDatabase('connected');
    expect(at.get('/team/info?team_id=red').status).toBe(200);
  });
});

describe('lists', () => {
  it('gives an administrator who names nobody all keys and teams', () => {
    for (const version of ['1.77.7', '1.110.2'] as const) {
      const at = bench({ version });
      at.post('/team/new', { team_id: 'red' });
      at.make({ team_id: 'red', user_id: 'ada' });
      at.make({});
      const { keys, teams, user_id: id } = at.get('/user/info').body;
      expect([isList(keys) && keys.length, isList(teams) && teams.length]).toEqual([2, 1]);
      expect(id).toBe(version === '1.77.7' ? null : 'default_user_id');
    }
  });

  it('gives all teams by alias to administrators and viewers only, with keys and the limits of their members', () => {
    const at = bench();
    at.post('/team/new', { team_id: 'b', team_alias: 'B' });
    at.post('/team/new', { team_id: 'a', team_alias: 'A' });
    at.post('/team/new', { team_id: 'none' });
    at.post('/user/new', { user_id: 'ada', auto_create_key: false });
    at.make({ team_id: 'a' });
    const { secret } = at.make({ user_id: 'ada' });
    const list = at.sandbox.handle({ ...request('/team/list', {}), method: 'GET', body: '' });
    expect(JSON.parse(list.body)).toMatchObject([
      { team_id: 'none' },
      { team_id: 'a', keys: [{ team_id: 'a' }], team_memberships: [{ user_id: 'default_user_id' }] },
      { team_id: 'b', keys: [] },
    ]);
    expect(at.get('/team/list', secret)).toMatchObject({
      status: 401,
      body: { detail: { error: 'Only admin users can query all teams/other teams. Your user role=internal_user' } },
    });
  });

  it('filters users by team and by what older versions ignore', () => {
    const found = (version: '1.65.8' | '1.108.7', query: string): Json | undefined => {
      const at = bench({ version });
      at.post('/team/new', { team_id: 'red', members_with_roles: [user('ada'), user('bob')] });
      at.post('/user/new', { user_id: 'cy', user_role: 'proxy_admin', auto_create_key: false });
      return at.get(`/user/list?${query}`).body.total;
    };
    expect([found('1.65.8', 'team=red'), found('1.108.7', 'team=red')]).toEqual([4, 3]);
    expect([found('1.65.8', 'role=admin'), found('1.108.7', 'role=admin')]).toEqual([1, 0]);
    expect(found('1.108.7', 'search=CY')).toBe(1);
    expect(found('1.108.7', 'organization_ids=x')).toBe(0);
    expect(found('1.108.7', 'sort_by=user_id&sort_order=desc')).toBe(4);
  });

  it('pages budgets with links to the pages around', () => {
    const at = bench();
    for (const id of ['a', 'b', 'c']) at.post('/budget/new', { budget_id: id });
    const { body } = at.get('/management/v1/budgets?page=2&page_size=1&q=%25');
    expect(body).toMatchObject({ data: [{}], meta: { total_count: 3, page: 2, total_pages: 3 } });
    expect(body.links).toMatchObject({
      prev: '/management/v1/budgets?page_size=1&q=%25&page=1',
      next: '/management/v1/budgets?page_size=1&q=%25&page=3',
    });
  });

  it('sorts teams by id and forgets nothing of a copy', () => {
    const at = bench();
    for (const id of ['b', 'a', 'c']) at.post('/team/new', { team_id: id, team_alias: id });
    const frozen = at.sandbox.freeze();
    at.post('/team/delete', { team_ids: ['a'] });
    const path = '/v2/team/list?sort_by=team_id&sort_order=desc';
    const before = frozen({ ...request(path, {}), method: 'GET', body: '' });
    expect(JSON.parse(before.body)).toMatchObject({ teams: [{ team_id: 'c' }, { team_id: 'b' }, { team_id: 'a' }] });
    expect(at.get(path).body).toMatchObject({ total: 2 });
    expect(at.get('/v2/team/list?status=deleted').body).toMatchObject({ teams: [{ team_id: 'a' }] });
  });
});
