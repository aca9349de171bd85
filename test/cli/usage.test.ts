import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeHome, type Home } from '../support/run.ts';

async function homeWithCalls(): Promise<Home> {
  const home = makeHome();
  const { stdout: secret } = await home.vkeys('create --alias ada --set lab --user-id ada@x.org --max-budget 1');
  const headers = { authorization: `Bearer ${secret.trim()}` };
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [] });
  const call = { method: 'POST', path: '/v1/chat/completions', headers, body };
  for (let time = 0; time < 3; time += 1) home.sandbox.handle(call);
  return home;
}

describe('usage', () => {
  it('tells keys, with the share of their budgets, at a terminal', async () => {
    const home = await homeWithCalls();
    const parts: string[] = [];
    const stdout = { isTTY: true, columns: 100, write: (text: string) => void parts.push(text) };
    const { code } = await home.vkeys('usage', { stdout });
    expect([code, parts.join('')]).toMatchInlineSnapshot(`
      [
        0,
        "[1mKEY[22m    [1mSPEND[22m                [1mREQUESTS[22m  [1mFAILED[22m  [1mPROMPT[22m  [1mCOMPLETION[22m  [1mBUDGET[22m  [1mLAST USED[22m
      ada     0.15  [36m████████████[39m         3       0      30          60    15 %  4 s ago
      Total   0.15                       3       0      30          60

      [2m2026-11-15 to 2026-11-21, days in UTC, as of 2026-11-21 10:00 UTC, from /team/daily/activity/export.[22m
      [2mRequests that were refused are among the failed ones; those of the last seconds may be missing.[22m
      ",
      ]
    `);
  });

  it('is CSV with the names of its columns, and YAML and JSON as the schema says', async () => {
    const home = await homeWithCalls();
    const { stdout } = await home.vkeys('usage --by set,day -o csv');
    expect(stdout).toBe(
      'set,day,requests,failed,prompt_tokens,completion_tokens,spend,max_budget,budget_spend,last_used\n' +
        'lab,2026-11-21,3,0,30,60,0.15,,,2026-11-21\n',
    );
    const json = documentIn((await home.vkeys('usage --by user -o json')).stdout);
    expect(json).toMatchObject({
      usage: [{ user_id: 'ada@x.org', requests: 3, spend: 0.15 }],
      usage_of: { by: ['user'], since: '2026-11-15', until: '2026-11-21', total: { requests: 3 } },
    });
    expect((await home.vkeys('usage --by user -o yaml')).stdout).toContain('user_id: ada@x.org');
  });

  it('asks the server for what it needs and no more', async () => {
    const home = await homeWithCalls();
    const { requests } = await home.vkeys('usage --by team,user --since 1mo');
    expect(requests).toEqual(Array.from({ length: 4 }, () => 'GET /team/daily/activity/export'));
  });

  it('writes a page that only its user can read, or prints it', async () => {
    const home = await homeWithCalls();
    const { code, stdout, stderr } = await home.vkeys('usage --by day --html usage.html');
    expect([code, stdout]).toEqual([0, '']);
    const path = join(home.folder, 'usage.html');
    expect(stderr).toBe(`Wrote ${path}.\n`);
    expect(readFileSync(path, 'utf8')).toContain('<h1>Usage by day, 2026-11-15 to 2026-11-21</h1>');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await home.vkeys('usage --html -')).stdout).toContain('<!doctype html>');
    const wrong = await home.vkeys('usage --html .');
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain('Give --html another file');
  });

  it('keeps the name of a deleted key', async () => {
    const home = await homeWithCalls();
    await home.vkeys('delete ada --yes');
    expect(documentIn((await home.vkeys('usage -o json')).stdout)['usage']).toMatchObject([
      { key_alias: 'ada', exists: false, spend: 0.15, max_budget: null },
    ]);
  });

  it.each([
    ['--by keys', 'Did you mean key?'],
    ['--since 7', '--since 7 is no day.'],
    ['--since 12h', '--since 12h is no day.'],
    ['--since 9999mo', '--since 9999mo is no day.'],
    ['--until 2026-02-30', '--until 2026-02-30 is no day.'],
    ['--since 2026-11-22', '2026-11-22 is after 2026-11-21.'],
    ['--since 2w --until 2026-11-10 --key sk-...abcd', 'Usage knows no masked keys.'],
    ['--since 2020-01-01', 'more than a year'],
    ['--html usage.html -o csv', '-o is not for this command'],
  ])('refuses %s, with a next step', async (line, words) => {
    const { code, stderr } = await makeHome().vkeys(`usage ${line}`);
    expect([code, stderr]).toEqual([3, expect.stringContaining(words)]);
    expect(stderr).toContain('next:');
  });
});
