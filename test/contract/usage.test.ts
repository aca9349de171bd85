import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { isOlder } from '../../src/base/version.ts';
import { FIGURES, type Figures } from '../../src/model/usage.ts';
import { makeGround } from './ground.ts';
import { objectOf, objectsOf, textOf } from './read.ts';
import { targets } from './targets.ts';

/** The database of a real server, for its own sums. */
const { LITELLM_DATABASE_URL: database = '' } = process.env;

type Owned = { readonly user: string | null; readonly team: string | null };
type Made = Owned & { readonly alias: string; readonly secret: Secret; readonly id: string };
type Call = Owned & {
  readonly alias: string;
  readonly model: string;
  readonly isDone: boolean;
  readonly tokens: JsonObject;
};

const [GPT, CLAUDE] = ['gpt-4o-mini', 'claude-sonnet'] as const;

/** 4 keys, 2 users, 2 teams, 2 models, calls that fail, some over a limit, and a key that is then deleted. */
describe.each(targets)('usage on $name', (target) => {
  const ground = makeGround(target);
  const me = ground.person();
  const [ada, bob] = [ground.name('ada'), ground.name('bob')];
  const [red, blue] = [ground.name('red'), ground.name('blue')];
  const [set, tag] = [ground.name('set'), ground.name('tag')];
  /* Before 1.83 refused calls are of no key, before 1.77 of no team, and calls of nobody are not counted. */
  const knowsKeys = !isOlder(target.version, '1.83.0');
  const knowsTeams = !isOlder(target.version, '1.77.0');
  const calls: Call[] = [];
  const keys: Made[] = [];

  const make = async (of: string, { user, team }: Owned, more: JsonObject = {}): Promise<Made> => {
    const fields = { user_id: user, team_id: team, metadata: { vkeys: { set, name: of }, tags: [tag] }, ...more };
    const made = { ...(await ground.make(of, fields)), user, team };
    keys.push(made);
    return made;
  };
  const call = async ({ alias, secret, user, team }: Made, model: string, times = 1): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      const body = { model, messages: [{ role: 'user', content: 'Hello' }] };
      const said = await ground.ask('POST', '/v1/chat/completions', body, secret);
      const isDone = said.code === 'ok';
      calls.push({ alias, user, team, model, isDone, tokens: isDone ? objectOf(objectOf(said.body)['usage']) : {} });
    }
  };
  const usage = async (line: string): Promise<readonly JsonObject[]> =>
    objectsOf((await me.json(`usage --since 2d ${line}`))['usage']);
  /** What these calls have to come to. */
  const sumOf = (isWanted: (each: Call) => boolean): Figures => {
    const wanted = calls.filter(isWanted);
    const done = wanted.filter(({ isDone }) => isDone).length;
    const tokens = (name: string): number => wanted.reduce((sum, each) => sum + Number(each.tokens[name] ?? 0), 0);
    return {
      requests: wanted.length,
      failed: wanted.length - done,
      prompt_tokens: tokens('prompt_tokens'),
      completion_tokens: tokens('completion_tokens'),
      spend: expect.closeTo(tokens('prompt_tokens') * 0.001 + tokens('completion_tokens') * 0.002, 9),
    };
  };

  beforeAll(async () => {
    for (const team_id of [red, blue]) {
      await ground.ask('POST', '/team/new', { team_id, team_alias: `alias of ${team_id}`, max_budget: 10 });
      ground.finally(() => ground.ask('POST', '/team/delete', { team_ids: [team_id] }));
    }
    for (const user_id of [ada, bob]) {
      await ground.ask('POST', '/user/new', { user_id, auto_create_key: false, max_budget: 10 });
      ground.finally(() => ground.ask('POST', '/user/delete', { user_ids: [user_id] }));
    }
    const one = await make('one', { user: ada, team: red }, { max_budget: 10 });
    const two = await make('two', { user: ada, team: blue });
    const three = await make('three', { user: bob, team: blue }, { rpm_limit: 2 });
    const nobodys = await make('nobodys', { user: null, team: null });
    await call(one, GPT, 3);
    await call(one, CLAUDE, 2);
    await call(two, GPT, 2);
    await call(two, 'no-such-model');
    await call(three, CLAUDE, 4);
    await call(nobodys, GPT, 2);
    const isCounted = async (): Promise<boolean> => {
      const rows = (await usage('--by user')).filter(({ user_id }) => user_id === ada || user_id === bob);
      const requests = rows.reduce((sum, row) => sum + Number(row['requests']), 0);
      const wanted = calls.filter(({ user, isDone }) => user !== null && (isDone || knowsTeams)).length;
      const lives = await Promise.all([one, two, three, nobodys].map(({ alias }) => ground.key(alias)));
      const tagged = (await usage('--by tag')).find((row) => row['tag'] === tag)?.['spend'];
      const spent = lives.reduce((sum, { spend }) => sum + spend, 0);
      return requests === wanted && lives.every(({ spend }) => spend > 0) && Math.abs(Number(tagged) - spent) < 1e-9;
    };
    for (let wait = 0; !(await isCounted()); wait += 1) {
      if (wait === 60) throw new Error('usage did not arrive');
      await target.pass(1000);
    }
    await ground.store.remove([two.id]);
  }, 120_000);

  it('tells each key, also a deleted one, under its name where the server still has it', async () => {
    const rows = await usage('--by key');
    for (const { alias, id, user } of keys) {
      const isDeleted = alias === ground.name('two');
      const sum = sumOf((each) => each.alias === alias && (each.isDone || knowsKeys));
      expect(rows.find(({ key_id }) => key_id === id)).toMatchObject({
        key_alias: isDeleted && !knowsKeys ? null : alias,
        exists: !isDeleted,
        ...(user === null && !knowsTeams ? { spend: sum.spend } : sum),
      });
    }
    expect(rows.find(({ key_id }) => key_id === keys[0]?.id)).toMatchObject({
      max_budget: 10,
      budget_spend: sumOf(({ alias }) => alias === keys[0]?.alias).spend,
      last_used: expect.stringMatching(/^\d{4}-\d\d-\d\d/),
    });
  });

  it('tells each user, with the budget of each', async () => {
    const rows = await usage('--by user');
    for (const user of [ada, bob]) {
      /* The oldest version knows users by their keys, of which one is gone. */
      const sum = sumOf(
        (each) => each.user === user && (knowsTeams || (each.isDone && each.alias !== ground.name('two'))),
      );
      expect(rows.find(({ user_id }) => user_id === user)).toMatchObject({ ...sum, max_budget: 10 });
    }
  });

  it('tells each team, by its alias, and each user and model within it', async () => {
    const teams = await usage('--by team');
    const users = await usage('--by team,user');
    const models = await usage('--by team,model');
    for (const team of knowsTeams ? [red, blue] : [red]) {
      expect(teams.find(({ team_id }) => team_id === team)).toMatchObject({
        ...sumOf((each) => each.team === team),
        max_budget: 10,
        ...(knowsTeams ? { team_alias: `alias of ${team}` } : {}),
      });
      for (const user of [ada, bob]) {
        const sum = sumOf((each) => each.team === team && each.user === user && (each.isDone || knowsKeys));
        const row = users.find(({ team_id, user_id }) => team_id === team && user_id === user);
        if (sum.requests === 0) expect(row).toBeUndefined();
        else expect(row).toMatchObject(sum);
      }
    }
    for (const model of [GPT, CLAUDE]) {
      const row = models.find((each) => each['team_id'] === red && each['model'] === model);
      expect(row).toMatchObject(sumOf((each) => each.team === red && each.model === model));
    }
  });

  it('adds up, whatever it is told by', async () => {
    for (const by of ['key', 'user', 'model', 'day', 'set', 'team,model', 'user,day,model']) {
      const printed = await me.json(`usage --since 2d --by ${by} --user ${ada}`);
      const rows = objectsOf(printed['usage']);
      const total = objectOf(objectOf(printed['usage_of'])['total']);
      for (const figure of FIGURES) {
        expect(total[figure]).toBeCloseTo(
          rows.reduce((sum, row) => sum + Number(row[figure]), 0),
          9,
        );
      }
      const isWhole = knowsTeams;
      const { prompt_tokens } = sumOf(({ user, alias }) => user === ada && (isWhole || alias !== ground.name('two')));
      expect([by, total['prompt_tokens']]).toEqual([by, prompt_tokens]);
    }
  });

  it('tells sets by the marks of keys, and tags, which have no sum', async () => {
    const kept = sumOf(({ alias, isDone }) => isDone && (knowsKeys || alias !== ground.name('two')));
    expect((await usage('--by set')).find((row) => row['set'] === set)).toMatchObject({ spend: kept.spend });
    expect((await usage(`--by model --set ${set}`)).map(({ model }) => model)).toEqual(
      expect.arrayContaining([GPT, CLAUDE]),
    );
    const printed = await me.json('usage --since 2d --by tag');
    const row = objectsOf(printed['usage']).find((each) => each['tag'] === tag);
    expect(row).toMatchObject({ spend: sumOf(({ isDone }) => isDone).spend });
    expect(objectOf(printed['usage_of'])['total']).toBeNull();
  });

  it('names one key by its alias or its hash', async () => {
    const [one] = keys;
    for (const word of [one?.alias ?? '', one?.id ?? '']) {
      const rows = await usage(`--by model --key ${word}`);
      expect(new Set(rows.map(({ model }) => model))).toEqual(new Set([CLAUDE, GPT]));
    }
  });

  it('tells refused requests within failed ones alone, as far as the server knows whose they are', async () => {
    const printed = await me.json(`usage --since 2d --by key --user ${bob}`);
    expect(objectOf(printed['usage_of'])['refused']).toBe('in failed');
    const refused = calls.filter(({ user, isDone }) => user === bob && !isDone).length;
    const row = objectsOf(printed['usage']).find(({ key_id }) => key_id === keys[2]?.id);
    expect([refused > 0, row?.['failed']]).toEqual([true, knowsKeys ? refused : 0]);
    const failed = Number((await usage('--by team')).find(({ team_id }) => team_id === blue)?.['failed'] ?? 0);
    expect(failed).toBe(knowsTeams ? calls.filter(({ team, isDone }) => team === blue && !isDone).length : 0);
  });

  it('shows no secret of a key that was refused, whatever stands for it', async () => {
    const wrong = new Secret(`sk-${ground.name('refused')}-0123456789`);
    await ground.ask('POST', '/v1/chat/completions', { model: GPT, messages: [] }, wrong);
    if (target.isReal) await target.pass(15_000);
    for (const format of ['json', 'csv', 'markdown', 'yaml', 'table']) {
      const { stdout, stderr } = await me.vkeys(`usage --since 2d -o ${format}`);
      expect(stdout + stderr).not.toMatch(/Bearer|sk-/);
    }
  }, 60_000);

  it.skipIf(database === '')("is what the database's own tables add up to", async () => {
    const rows = await usage('--by key');
    const columns = 'sum(api_requests), sum(failed_requests), sum(prompt_tokens), sum(completion_tokens), sum(spend)';
    for (const { id, user } of keys) {
      if (user === null && !knowsTeams) continue;
      const query = `select ${columns} from "LiteLLM_DailyUserSpend" where api_key = '${id}'`;
      const { stdout } = await promisify(execFile)('psql', [database, '-AtF,', '-c', query]);
      const [requests, failed, prompt_tokens, completion_tokens, spend = 0] = stdout.trim().split(',').map(Number);
      expect(rows.find(({ key_id }) => key_id === id)).toMatchObject({
        requests,
        failed,
        prompt_tokens,
        completion_tokens,
        spend: expect.closeTo(spend, 9),
      });
    }
  });

  it('says what the server was asked, and that nothing was used on days without calls', async () => {
    const printed = await me.json('usage --since 2025-01-01 --until 2025-01-07');
    expect(printed).toMatchObject({ usage: [], usage_of: { since: '2025-01-01', until: '2025-01-07' } });
    expect(textOf(objectOf(printed['usage_of'])['source'])).toMatch(/^\/(team|user)\/daily\/activity/);
  });
});
