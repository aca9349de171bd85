/** A forecast of budgets that real calls have spent of: on keys, also from a budget of its own, a user, a team and a member. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { isOlder } from '../../src/base/version.ts';
import { makeGround } from './ground.ts';
import { objectOf, objectsOf, textOf } from './read.ts';
import { targets } from './targets.ts';

describe.each(targets)('a forecast on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const [ada, red, frugal] = [ground.name('ada'), ground.name('red'), ground.name('frugal')];
  const set = ground.name('set');
  const mark = { metadata: { vkeys: { set, name: 'x' } } };
  /* 1.65 has no spend of members. */
  const tellsMembers = !isOlder(target.version, '1.77.0');
  const spent = new Map<string, number>();

  const make = async (of: string, fields: JsonObject, calls: number): Promise<void> => {
    const { alias, secret } = await ground.make(of, { user_id: ada, ...mark, ...fields });
    for (let call = 0; call < calls; call += 1) {
      /* Without a limit 1.110 sets all that is left of a budget aside for a moment, and refuses the next call. */
      const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 20 };
      const said = await ground.ask('POST', '/v1/chat/completions', body, secret);
      if (said.code !== 'ok') throw new Error(JSON.stringify(said));
      const { prompt_tokens, completion_tokens } = objectOf(objectOf(said.body)['usage']);
      const cost = Number(prompt_tokens) * 0.001 + Number(completion_tokens) * 0.002;
      spent.set(alias, (spent.get(alias) ?? 0) + cost);
    }
  };
  const forecast = async (line: string): Promise<JsonObject> => me.json(`budget forecast ${line}`);
  const rowsIn = (printed: JsonObject): readonly JsonObject[] => objectsOf(printed['forecast']);
  const rowOf = (rows: readonly JsonObject[], of: string): JsonObject | undefined =>
    rows.find(({ kind, key_alias }) => kind === 'key' && key_alias === ground.name(of));
  const costOf = (...of: readonly string[]): number =>
    of.reduce((sum, each) => sum + (spent.get(ground.name(each)) ?? 0), 0);

  beforeAll(async () => {
    await ground.ask('POST', '/user/new', { user_id: ada, auto_create_key: false, max_budget: 10 });
    ground.finally(() => ground.ask('POST', '/user/delete', { user_ids: [ada] }));
    await ground.ask('POST', '/team/new', { team_id: red, team_alias: red, max_budget: 10, budget_duration: '30d' });
    ground.finally(() => ground.ask('POST', '/team/delete', { team_ids: [red] }));
    const member = { team_id: red, member: { user_id: ada, role: 'user' }, max_budget_in_team: 5 };
    expect(await ground.ask('POST', '/team/member_add', member)).toMatchObject({ code: 'ok' });
    await ground.ask('POST', '/budget/new', { budget_id: frugal, max_budget: 1 });
    ground.finally(() => ground.ask('POST', '/budget/delete', { id: frugal }));
    await make('own', { max_budget: 1 }, 2);
    await make('shared', { budget_id: frugal }, 1);
    await make('over', { max_budget: 0.001 }, 1);
    await make('ends', { max_budget: 10, duration: '1d' }, 1);
    await make('team', { team_id: red }, 2);
    await make('idle', { max_budget: 10 }, 0);
    for (let wait = 0; ; wait += 1) {
      const rows = rowsIn(await forecast(`--user ${ada}`));
      const used = [...rows, ...rowsIn(await forecast(`--team ${red}`))].filter(({ pace }) => Number(pace) > 0);
      if (used.length === (tellsMembers ? 8 : 6)) break;
      if (wait === 60) throw new Error(`usage did not arrive: ${JSON.stringify(rows)}`);
      await target.pass(1000);
    }
  }, 120_000);

  it('tells of keys what comes first, and when at their pace', async () => {
    const printed = await forecast(`--set ${set} --kind key`);
    const rows = rowsIn(printed);
    const of = (name: string, max_budget: number) => {
      const spend = expect.closeTo(costOf(name), 9);
      return { spend, max_budget, share: expect.closeTo(costOf(name) / max_budget, 9), owned_by: set, user_id: ada };
    };
    expect(rows).toHaveLength(4);
    expect(rowOf(rows, 'own')).toMatchObject({ ...of('own', 1), state: 'reaches', close: false, expires: null });
    expect(rowOf(rows, 'shared')).toMatchObject({ ...of('shared', 1), state: 'reaches' });
    expect(rowOf(rows, 'over')).toMatchObject({ ...of('over', 0.001), state: 'over', close: true, reached_at: null });
    expect(rowOf(rows, 'ends')).toMatchObject({ ...of('ends', 10), state: 'ends' });
    const about = objectOf(printed['forecast_of']);
    expect(about['left_out']).toEqual({ no_budget: 1, stopped: 0, untold: 0, unused: 1 });
    const { pace, reached_at } = rowOf(rows, 'own') ?? {};
    const days = (Date.parse(textOf(reached_at)) - Date.parse(textOf(about['as_of']))) / 86_400_000;
    expect(days * Number(pace)).toBeCloseTo(1 - costOf('own'), 5);
  });

  it('tells of the team, which starts again before, and of its member', async () => {
    const printed = await forecast(`--team ${red}`);
    const rows = rowsIn(printed);
    const spend = expect.closeTo(costOf('team'), 9);
    const team = { team_id: red, team_alias: red, spend };
    const member = { ...team, kind: 'member', user_id: ada, max_budget: 5, state: 'reaches' };
    expect(rows.map(({ kind }) => kind)).toEqual(tellsMembers ? ['member', 'team'] : ['team']);
    expect(rows.at(-1)).toMatchObject({ ...team, kind: 'team', user_id: null, max_budget: 10, state: 'resets' });
    expect(rows.at(-1)?.['budget_reset_at']).toMatch(/^20\d\d-/);
    if (tellsMembers) expect(rows[0]).toMatchObject(member);
    else expect(objectOf(objectOf(printed['forecast_of'])['left_out'])['untold']).toBeGreaterThan(0);
  });

  it('tells of the user, who pays for all', async () => {
    const [row] = rowsIn(await forecast(`--user ${ada} --kind user`));
    const spend = costOf('own', 'shared', 'over', 'ends', 'team');
    expect(row).toMatchObject({ kind: 'user', user_id: ada, spend: expect.closeTo(spend, 9), max_budget: 10 });
  });

  it('ends with 5 where that is asked for and a budget is short', async () => {
    const codeOf = async (line: string): Promise<number> => (await me.vkeys(`budget forecast ${line}`)).code;
    expect(await codeOf(`--key ${ground.name('over')}`)).toBe(0);
    expect(await codeOf(`--key ${ground.name('over')} --fail`)).toBe(5);
    expect(await codeOf(`--key ${ground.name('own')} --fail`)).toBe(5);
    expect(await codeOf(`--key ${ground.name('own')} --fail --within 1h`)).toBe(0);
    expect(await codeOf(`--key ${ground.name('own')} --fail --within 1h --close 1%`)).toBe(5);
    expect(await codeOf(`--key ${ground.name('ends')} --fail`)).toBe(0);
    expect(await codeOf(`--key ${ground.name('ends')} --fail --close 1`)).toBe(0);
  });
});
