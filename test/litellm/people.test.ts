/** What a real server does not show on demand: a database that is away, many pages, and answers that contradict each other. */
import { describe, expect, it } from 'vitest';
import { isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import { memberId } from '../../src/kinds/member.ts';
import { budgetStore } from '../../src/litellm/budget-store.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { memberStore } from '../../src/litellm/member-store.ts';
import { teamStore } from '../../src/litellm/team-store.ts';
import { userStore } from '../../src/litellm/user-store.ts';
import { answer, connect, expectDone } from '../support/make.ts';

/** A request as a test's server sees it. */
type Asked = { readonly path: string; readonly query: URLSearchParams; readonly body: JsonObject };
type Reply = Parameters<typeof answer>;

/** A server that answers as `reply` says, and what it was asked for. */
function serverOf(reply: (asked: Asked) => Reply) {
  const asked: Asked[] = [];
  const fetch: Fetch = (url, { body }) => {
    const { pathname: path, searchParams: query } = new URL(url);
    const sent = parseJson(body ?? '{}');
    const one: Asked = { path, query, body: isObject(sent) ? sent : {} };
    asked.push(one);
    return answer(...reply(one));
  };
  const paths = (): readonly string[] => asked.map(({ path }) => path);
  return { connection: connect(fetch), asked, paths };
}

const AWAY: Reply = [503, { error: { message: 'All connection attempts failed', type: 'no_db_connection' } }];
const NO_TEAM: Reply = [
  404,
  { error: { message: "{'error': 'Team not found, passed team_id=t'}", type: 'not_found' } },
];
const listOf = (name: string, rows: readonly JsonObject[], total = rows.length): Reply => [
  200,
  { [name]: rows, total, total_pages: Math.ceil(total / 100) },
];
const page = (name: string, all: readonly JsonObject[], { query }: Asked): Reply => {
  const start = (Number(query.get('page')) - 1) * 100;
  return [200, { [name]: all.slice(start, start + 100), total: all.length, total_pages: Math.ceil(all.length / 100) }];
};
const wanted = (ids: readonly string[], names: readonly string[] = []) => ({ ids, names, all: false });

describe('while the database is away', () => {
  it('a team that is said to be unknown is neither gone nor deleted', async () => {
    const { connection } = serverOf(({ path }) => (path === '/v2/team/list' ? AWAY : NO_TEAM));
    await expect(teamStore(connection).get('t')).rejects.toThrow('does not reach its database');
    expect([...(await teamStore(connection).remove(['t'])).values()]).toMatchObject([{ is: 'unsettled' }]);
    await expect(memberStore(connection).get(memberId('t', 'u'))).rejects.toThrow('does not reach its database');
  });

  it('a team that cannot be deleted for a moment is deleted when it is back', async () => {
    let deletions = 0;
    const { connection } = serverOf(({ path }) => {
      if (path === '/v2/team/list') return listOf('teams', deletions > 1 ? [] : [{ team_id: 't' }]);
      deletions += 1;
      return deletions === 1 ? NO_TEAM : [200, { deleted_teams: ['t'] }];
    });
    expect([...(await teamStore(connection).remove(['t', 'u']))].map(([id, { is }]) => [id, is])).toEqual([
      ['t', 'done'],
      ['u', 'done'],
    ]);
    expect(deletions).toBe(2);
  });

  it('members are added when it is back, although the team was said to be unknown', async () => {
    const members: JsonObject[] = [];
    let adds = 0;
    const { connection } = serverOf(({ path, body }) => {
      if (path === '/v2/team/list') return listOf('teams', [{ team_id: 't', members_with_roles: [...members] }]);
      adds += 1;
      if (adds === 1) return [404, { detail: { error: "Team doesn't exist in db. Team=t" } }];
      if (Array.isArray(body['member'])) members.push(...(body['member'] as JsonObject[]));
      return [200, {}];
    });
    const landed = await memberStore(connection).create(() => ({ team_id: 't', user_id: 'u' }), null);
    expect(landed).toMatchObject({ is: 'done', value: { id: 't/u' } });
    expect([adds, members]).toEqual([2, [{ user_id: 'u', role: 'user' }]]);
  });

  it('nobody is made who could not be looked for', async () => {
    const { connection, paths } = serverOf(() => AWAY);
    const landed = await userStore(connection).create(() => ({ user_id: 'u' }), null);
    expect(landed).toMatchObject({ is: 'unsent' });
    expect(await userStore(connection).update('u', () => ({}))).toMatchObject({ is: 'unsent' });
    expect(paths()).not.toContain('/user/new');
    expect(paths()).not.toContain('/user/update');
  });
});

describe('a creation', () => {
  it('of which nobody can say what became is not settled', async () => {
    const { connection } = serverOf(({ path }) => (path === '/team/new' ? [500, 'Internal Server Error'] : AWAY));
    const landed = await teamStore(connection).create(() => ({ team_id: 't' }), null);
    expect(landed).toMatchObject({
      is: 'unsettled',
      error: { hint: 'Run the same command again: it looks, and settles it.' },
    });
  });

  it('that is refused is refused with the words of the server', async () => {
    const { connection } = serverOf(({ path }) =>
      path === '/budget/info' ? [200, []] : [400, { detail: { error: 'No such thing.' } }],
    );
    const landed = await budgetStore(connection).create(() => ({ budget_id: 'b' }), null);
    expect(landed).toMatchObject({ is: 'refused', error: { message: 'LiteLLM answered 400: No such thing.' } });
  });

  it('by somebody who may not make one is refused, and nothing is looked for', async () => {
    const { connection, paths } = serverOf(() => [401, { error: { message: 'No.', type: 'auth_error' } }]);
    const landed = await teamStore(connection).create(() => ({ team_id: 't' }), null);
    expect([landed.is, paths()]).toEqual(['refused', ['/team/new']]);
  });

  it('without an id is a fault of ours', async () => {
    const { connection } = serverOf(() => AWAY);
    await expect(teamStore(connection).create(() => ({}), null)).rejects.toThrow('a body without team_id');
  });
});

describe('a change', () => {
  it('that cannot be read back is not settled', async () => {
    let changed = false;
    const { connection } = serverOf(({ path }) => {
      if (path === '/budget/info') return changed ? AWAY : [200, [{ budget_id: 'b' }]];
      changed = true;
      return [200, {}];
    });
    expect(await budgetStore(connection).update('b', () => ({ max_budget: 1 }))).toMatchObject({ is: 'unsettled' });
  });

  it("of a team's permissions is refused alone, before anything else is sent", async () => {
    const { connection, paths } = serverOf(() => [400, { detail: { error: 'Not those.' } }]);
    const landed = await teamStore(connection).update('t', () => ({ team_member_permissions: ['/x'], max_budget: 1 }));
    expect([landed.is, paths()]).toEqual(['refused', ['/team/permissions_update']]);
  });
});

describe('members', () => {
  it('of whom one is refused do not keep the others out', async () => {
    const members: JsonObject[] = [];
    const { connection, paths } = serverOf(({ path, body }) => {
      if (path === '/v2/team/list') return listOf('teams', [{ team_id: 't', members_with_roles: [...members] }]);
      const added = body['member'] as JsonObject[];
      if (added.some(({ user_id }) => user_id === 'bad')) return [400, { detail: { error: 'Not them.' } }];
      members.push(...added);
      return [200, {}];
    });
    const store = memberStore(connection);
    const landed = await Promise.all(
      ['a', 'bad', 'b'].map((user_id) => store.create(() => ({ team_id: 't', user_id }), null)),
    );
    expect(landed.map(({ is }) => is)).toEqual(['done', 'refused', 'done']);
    expect(paths().filter((path) => path === '/team/member_add').length).toBe(4);
  });

  it('that a server says it took, and loses again and again, are not settled', async () => {
    const { connection } = serverOf(({ path }) =>
      path === '/v2/team/list' ? listOf('teams', [{ team_id: 't', members_with_roles: [] }]) : [200, {}],
    );
    const landed = await memberStore(connection).create(() => ({ team_id: 't', user_id: 'u' }), null);
    expect(landed).toMatchObject({
      is: 'unsettled',
      error: { message: expect.stringContaining('does not have it') as string },
    });
  });

  it('are changed, added and removed one request at a time in each team', async () => {
    let open = 0;
    let most = 0;
    const { connection } = serverOf(() => listOf('teams', [{ team_id: 't', members_with_roles: [{ user_id: 'u' }] }]));
    const slow: Fetch = async (url, init) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const reply = await connection.fetch(url, init);
      open -= 1;
      return reply;
    };
    const store = memberStore({ ...connection, fetch: slow });
    await Promise.all([
      store.create(() => ({ team_id: 't', user_id: 'u' }), null),
      store.remove([memberId('t', 'other')]),
      store.create(() => ({ team_id: 't', user_id: 'u', max_budget_in_team: 1 }), null),
    ]);
    expect(most).toBe(1);
  });
});

describe('what is wanted of many', () => {
  const users = Array.from({ length: 620 }, (_, index) => ({
    user_id: `u${String(index)}`,
    user_email: `U${String(index)}@x`,
  }));
  const teams = Array.from({ length: 620 }, (_, index) => ({
    team_id: `t${String(index)}`,
    team_alias: `Team ${String(index)}`,
  }));

  it('is asked for by id, a hundred users together, odd ones alone, and nobody who only looks alike', async () => {
    const { connection, asked } = serverOf((one) => {
      if (one.path === '/user/info') return [200, { user_info: { spend: 0 } }];
      const ids = one.query.get('user_ids')?.split(',');
      return ids === undefined
        ? page('users', users, one)
        : listOf('users', [...users.filter(({ user_id }) => ids.includes(user_id)), { user_id: 'u1x' }]);
    });
    const ids = users.slice(0, 250).map(({ user_id }) => user_id);
    const survey = await userStore(connection).survey(wanted([...ids, 'a,b', 'none', '']));
    expect(survey.lives.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect([survey.complete, survey.isShort, asked.length]).toEqual([false, false, 1 + 3 + 1]);
    const long = ['x', 'y', 'z'].map((each) => each.repeat(1500));
    await userStore(connection).survey(wanted(long));
    expect(asked.slice(6).map(({ query }) => query.get('user_ids')?.length)).toEqual([3001, 3001]);
  });

  it('is asked for by id and alias, of teams', async () => {
    const { connection, asked } = serverOf((one) => {
      const [id, alias] = [one.query.get('team_id'), one.query.get('team_alias')];
      if (id !== null) return listOf('teams', teams.filter(({ team_id }) => team_id.startsWith(id)).slice(0, 100));
      if (alias !== null)
        return listOf('teams', teams.filter(({ team_alias }) => team_alias.includes(alias)).slice(0, 100));
      return page('teams', teams, one);
    });
    const survey = await teamStore(connection).survey(wanted(['t7', 'none'], ['Team 9']));
    expect(survey.lives.map(({ id }) => id)).toEqual(['t9', 't7']);
    expect([survey.complete, asked.length]).toEqual([false, 4]);
    const whole = await teamStore(connection).survey(wanted([], ['a\\b']));
    expect([whole.complete, whole.lives.length]).toEqual([true, 620]);
  });

  it('is short where the server shows less than it says that it has', async () => {
    const { connection } = serverOf(() => listOf('users', [{ user_id: 'u' }], 2));
    const { isShort, complete, gaps } = await userStore(connection).survey({ ids: [], names: [], all: true });
    expect([isShort, complete, gaps]).toEqual([
      true,
      false,
      ["The server's list of users stayed incomplete: 1 of 2 were seen."],
    ]);
  });

  it('is no row without an id', async () => {
    const { connection } = serverOf(() => listOf('teams', [{ team_alias: 'x' }]));
    await expect(teamStore(connection).survey(wanted([]))).rejects.toThrow('A row of /v2/team/list has no team_id.');
  });

  it('tells an address from another on a server that does not filter by it', async () => {
    const { connection, asked } = serverOf((one) => {
      if (one.path !== '/user/list') return [200, {}];
      const ids = one.query.get('user_ids')?.split(',');
      return ids === undefined
        ? page('users', users, one)
        : listOf(
            'users',
            users.filter(({ user_id }) => ids.includes(user_id)),
          );
    });
    const store = userStore(connection);
    const make = (user_id: string, user_email: string) => store.create(() => ({ user_id, user_email }), null);
    const taken = await make('new', 'u600@X');
    expect(taken).toMatchObject({
      is: 'refused',
      error: { message: 'The user u600 has the user_email u600@X already.' },
    });
    expectDone((await make('other', 'fresh@x')) as { is: 'done'; value: unknown });
    const pages = asked.filter(({ query }) => query.has('user_email')).length;
    expect(pages).toBe(7 + 1);
  });
});
