/** `vkeys budget forecast`: who reaches a limit, and when. What servers of all versions tell of it: `test/contract/forecast.test.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { FORECAST_NAMES } from '../../src/view/forecast-rows.ts';
import { documentIn } from '../support/document.ts';
import { textOf } from '../contract/read.ts';
import { makeHome, type Home } from '../support/run.ts';

const SPEC = `set: lab
budgets: [{ budget_id: frugal, max_budget: 0.5, budget_duration: 1d }]
users: [{ user_id: ada@x.org, max_budget: 0.4 }, { user_id: bob }]
teams:
  - { team_alias: research, max_budget: 10, members: [{ user_id: ada@x.org, max_budget_in_team: 0.2 }, { user_id: bob }] }
keys:
  - { key_alias: own, user: ada@x.org, max_budget: 1 }
  - { key_alias: shared, user: bob, budget: frugal }
  - { key_alias: in-team, team: research, user: ada@x.org }
  - { key_alias: over, user: bob, max_budget: 0.05 }
  - { key_alias: short, user: bob, max_budget: 5, duration: 2d }
  - { key_alias: idle, user: bob, max_budget: 5 }
  - { key_alias: blocked, user: bob, max_budget: 0.01 }
deliver: [{ dotenv: '{key_alias}.env' }]
`;

/** Calls that cost 0.05 each, of a server two weeks old in which some of it is used. */
async function makeScene(): Promise<Home> {
  const home = makeHome();
  writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC);
  const { stdout, code } = await home.vkeys('apply --yes -o json');
  expect(code).toBe(0);
  for (const [alias, calls] of Object.entries({ own: 3, shared: 1, 'in-team': 2, over: 1, short: 1, blocked: 1 })) {
    const key = documentIn(stdout).keys.find(({ key_alias }) => key_alias === alias);
    const headers = { authorization: `Bearer ${textOf(key?.['key'])}` };
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [] });
    for (let call = 0; call < calls; call += 1)
      home.sandbox.handle({ method: 'POST', path: '/v1/chat/completions', headers, body });
  }
  writeFileSync(join(home.folder, 'vkeys.yaml'), SPEC.replace('max_budget: 0.01', 'max_budget: 0.01, blocked: true'));
  expect(await home.vkeys('apply --yes')).toMatchObject({ code: 0 });
  return home;
}

describe('vkeys budget forecast', () => {
  let home: Home;
  beforeAll(async () => {
    home = await makeScene();
  });
  const rowsOf = async (line: string): Promise<readonly JsonObject[]> =>
    documentIn((await home.vkeys(`budget forecast -o json ${line}`)).stdout)['forecast'] as readonly JsonObject[];
  const namesOf = async (line: string): Promise<readonly string[]> =>
    (await rowsOf(line)).map(
      ({ kind, key_alias, user_id, team_alias }) => `${textOf(kind)} ${textOf(key_alias ?? user_id ?? team_alias)}`,
    );

  it('is a table with the most pressing first, and says who is not in it', async () => {
    const parts: string[] = [];
    const stdout = { isTTY: true, columns: 100, write: (text: string) => void parts.push(text) };
    const { code } = await home.vkeys('budget forecast --no-color', { stdout });
    expect([code, parts.join('')]).toMatchInlineSnapshot(`
      [
        0,
        "KIND    WHO                    SPEND  BUDGET   USED  A DAY  REACHED
      key     over                    0.05    0.05  100 %   0.05  over
      user    ada@x.org               0.25    0.40   63 %   0.25  in 14 h
      member  ada@x.org in research   0.10    0.20   50 %   0.10  in 24 h
      key     own                     0.15    1.00   15 %   0.15  in 6 days
      team    research                0.10   10.00  1.0 %   0.10  in 3 months
      key     shared                  0.05    0.50   10 %   0.05  starts again before, in 14 h
      key     short                   0.05    5.00  1.0 %   0.05  ends before, in 48 h

      At the pace of 2026-11-15 to 2026-11-21, days in UTC, as of 2026-11-21 10:00 UTC, from
      /team/daily/activity/export; the use of the last seconds may be missing. Not in it: 5 without a
      budget, 1 blocked or ended, 1 never used.
      ",
      ]
    `);
  });

  it('has rows for programs and pages, under the names of the schema', async () => {
    const csv = (await home.vkeys('budget forecast --kind team -o csv')).stdout.split('\n');
    const piped = (await home.vkeys('budget forecast --kind team')).stdout.split('\n');
    expect([csv[0], csv.length, piped.length]).toEqual([FORECAST_NAMES.join(','), 3, 2]);
    expect(piped[0]?.split('\t').slice(0, 12)).toEqual(csv[1]?.split(',').slice(0, 12));
    expect((await home.vkeys('budget forecast --kind team -o yaml')).stdout).toContain('team_alias: research');
    const [row] = await rowsOf('--kind team');
    expect(Object.keys(row ?? {})).toEqual(FORECAST_NAMES);
    expect((await home.vkeys('budget forecast --key over --key short -o markdown')).stdout).toMatchInlineSnapshot(`
      "| kind | who | spend | budget | used | a day | reached |
      | --- | --- | ---: | ---: | ---: | ---: | --- |
      | key | over | 0.05 | 0.05 | 100 % | 0.05 | **over** |
      | key | short | 0.05 | 5.00 | 1.0 % | 0.05 | ends before, in 48 h |

      At the pace of 2026-11-15 to 2026-11-21, days in UTC, as of 2026-11-21 10:00 UTC, from /team/daily/activity/export; the use of the last seconds may be missing.
      "
    `);
  });

  it('is about what was asked for, and asks the server for no more', async () => {
    expect(await namesOf('--key s*')).toEqual(['key shared', 'key short']);
    expect(await namesOf('--user ada@x.org')).toEqual(['user ada@x.org', 'member ada@x.org', 'key own']);
    expect(await namesOf('--team nowhere')).toEqual([]);
    expect(await namesOf('--set lab --kind member,team')).toEqual(['member ada@x.org', 'team research']);
    expect(await namesOf('--set other')).toEqual([]);
    const { requests } = await home.vkeys('budget forecast --kind user');
    expect(requests).toEqual([...Array.from({ length: 3 }, () => 'GET /user/daily/activity/export'), 'GET /user/list']);
    const without = await makeHome().vkeys('budget forecast --kind member');
    expect(without.requests).not.toContain('GET /v2/team/list');
  });

  it('says that nobody has used any, and what could not be looked at', async () => {
    const parts: string[] = [];
    const stdout = { isTTY: true, columns: 200, write: (text: string) => void parts.push(text) };
    await home.vkeys('budget forecast --no-color --key idle', { stdout });
    expect(parts.join('')).toMatch(/^Nobody has used any of a budget\.\n.*Not in it: 1 never used\.\n$/);
    const gone = await home.vkeys('budget forecast --key idle --key none -o json');
    expect([gone.code, documentIn(gone.stdout).error?.['kind']]).toEqual([1, 'protocol']);
    expect(gone.stderr).toContain('There is no key with the alias none.');
    expect((await home.vkeys('budget forecast --key over --key none --fail')).code).toBe(5);
  });

  it.each([
    ['--close 0', '--close 0 is no part of a budget.'],
    ['--close 120%', '--close 120% is no part of a budget.'],
    ['--close most', '--close most is no part of a budget.'],
    ['--within soon', '--within soon is no duration.'],
    ['--since 12h', '--since 12h is no day.'],
    ['--kind teams', 'Did you mean team?'],
    ['-o env', '-o env is not for this command.'],
  ])('refuses %s, with a next step', async (line, words) => {
    const { code, stderr, requests } = await home.vkeys(`budget forecast ${line}`);
    expect([code, stderr, requests]).toEqual([3, expect.stringContaining(words), []]);
    expect(stderr).toContain('next:');
  });
});
