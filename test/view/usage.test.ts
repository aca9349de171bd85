import { describe, expect, it } from 'vitest';
import type { UsageLine, UsageReport } from '../../src/model/usage.ts';
import { totalOf } from '../../src/model/usage-sum.ts';
import { usageHtml } from '../../src/view/usage-html.ts';
import * as usage from '../../src/view/usage.ts';
import type { Look } from '../../src/view/look.ts';
import { NOW } from './values.ts';

const line = (name: string | null, more: Partial<UsageLine> = {}): UsageLine => ({
  values: [name],
  key_alias: null,
  team_alias: null,
  last_used: '2026-11-20',
  budget: null,
  exists: true,
  requests: 0,
  failed: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  spend: 0,
  ...more,
});
const LINES = [
  line('a'.repeat(64), {
    key_alias: 'lab-ada',
    requests: 1200,
    failed: 3,
    prompt_tokens: 12_000,
    completion_tokens: 34_567,
    spend: 1.5,
    budget: { max_budget: 5, spend: 1.5 },
    last_used: '2026-11-21T10:00:00.000Z',
  }),
  line('b'.repeat(64), { key_alias: 'gone', spend: 0.75, requests: 5, exists: false }),
  line('c'.repeat(64), { spend: 0.001, requests: 1, last_used: null, budget: { max_budget: null, spend: 1 } }),
  line('litellm_proxy_master_key', { requests: 1 }),
  line(null, { requests: 2, failed: 2 }),
];
const report = (lines: readonly UsageLine[], more: Partial<UsageReport> = {}): UsageReport => ({
  by: ['key'],
  since: '2026-11-15',
  until: '2026-11-21',
  as_of: '2026-11-21T12:00:00.000Z',
  source: '/user/daily/activity',
  lines,
  total: totalOf(lines),
  ...more,
});
const usageText = (of: UsageReport, look: Look): string => [...usage.usageText(of, look)].join('');
const usageMarkdown = (of: UsageReport): string => [...usage.usageMarkdown(of)].join('');
const LOOK = { color: 0, columns: 100, now: NOW, cwd: '/' } as const;

describe('usage', () => {
  it('is a table with bars, shares of budgets and a sum on a terminal', () => {
    expect(usageText(report(LINES), LOOK)).toMatchInlineSnapshot(`
      "KEY             SPEND                REQUESTS  FAILED  PROMPT  COMPLETION  BUDGET  LAST USED
      lab-ada          1.50  ████████████     1,200       3  12,000      34,567    30 %  2 h ago
      gone (deleted)   0.75  ██████               5       0       0           0          2026-11-20
      cccccccccccc…   0.001  ▏                    1       0       0           0
      (master key)     0.00                       1       0       0           0          2026-11-20
      (no key)         0.00                       2       2       0           0          2026-11-20
      Total            2.25                   1,209       5  12,000      34,567

      2026-11-15 to 2026-11-21, days in UTC, as of 2026-11-21 12:00 UTC, from /user/daily/activity.
      Requests that were refused are among the failed ones; those of the last seconds may be missing.
      "
    `);
  });

  it('is lines of raw figures for a pipe, and a word where nothing was used', () => {
    const [first] = usageText(report(LINES), { ...LOOK, columns: null }).split('\n');
    expect(first).toBe(
      `${'a'.repeat(64)}\tlab-ada\ttrue\t1200\t3\t12000\t34567\t1.5\t5\t1.5\t2026-11-21T10:00:00.000Z`,
    );
    expect(usageText(report([]), LOOK)).toContain('Nothing was used.');
  });

  it('says which columns a narrow terminal has no room for', () => {
    expect(usageText(report(LINES), { ...LOOK, columns: 50 })).toContain('All of it: -o csv or -o json');
  });

  it('is a table in Markdown that nothing from outside marks up', () => {
    const hostile = line('x', { values: ['x', '<img> | `a`'], team_alias: '**bold** [a](b)', spend: 1 });
    expect(usageMarkdown(report([hostile], { by: ['team', 'user'], since: '2026-11-21' }))).toMatchInlineSnapshot(`
      "| team | user | spend | requests | failed | prompt | completion | last used |
      | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
      | \\*\\*bold\\*\\* \\[a\\](b) | \\<img\\> \\| \\\`a\\\` | 1.00 | 0 | 0 | 0 | 0 | 2026-11-20 |
      | **Total** |  | 1.00 | 0 | 0 | 0 | 0 |  |

      2026-11-21, days in UTC, as of 2026-11-21 12:00 UTC, from /user/daily/activity. Requests that were refused are among the failed ones; those of the last seconds may be missing.
      "
    `);
    expect(usageMarkdown(report(LINES, { total: null }))).toContain('these have no sum');
  });

  it('is a page that loads nothing, has all rows in a table, and escapes what came from outside', () => {
    const many = Array.from({ length: 60 }, (_, index) => line(`k${String(index)}`, { spend: 60 - index }));
    const hostile = line('x', { key_alias: `<script>"'&\u202E${'long'.repeat(20)}`, spend: 99 });
    const page = usageHtml(report([hostile, ...many, ...LINES]), 'https://litellm.example.com');
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import|\u202E/);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<rect /g)).toHaveLength(50);
    expect(page).toContain('The 50 first of 64.');
    expect(page.match(/<th scope="row">/g)).toHaveLength(67);
    expect(page).toContain('&lt;script&gt;&quot;&#39;&amp;');
  });

  it('is a page without a chart where nothing was spent, and without a sum by tag', () => {
    const tags = [line('x', { requests: 1 })];
    const page = usageHtml(
      report(tags, { by: ['tag'], total: null, since: '2026-11-21' }),
      'https://litellm.example.com',
    );
    expect(page).not.toMatch(/<svg|<tfoot/);
    expect(page).toContain('1 row<');
  });
});
