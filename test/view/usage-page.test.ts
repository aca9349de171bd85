/** The page of usage in a browser, where there is one: CHROMIUM, or Debian's. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UsageLine } from '../../src/model/usage.ts';
import { totalOf } from '../../src/model/usage-sum.ts';
import { usageHtml } from '../../src/view/usage-html.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const LINES: readonly UsageLine[] = [
  'research',
  '<b>"hostile"</b>',
  'a team with a name that is much longer than others',
].map((team_alias, index) => ({
  values: [`t${String(index)}`],
  key_alias: null,
  team_alias,
  budget: { max_budget: 10, spend: index },
  last_used: '2026-11-30',
  exists: null,
  requests: 10,
  failed: index,
  prompt_tokens: 1000,
  completion_tokens: 2000,
  spend: 3 - index,
}));
const PAGE = usageHtml(
  {
    by: ['team'],
    since: '2026-11-24',
    until: '2026-11-30',
    as_of: '2026-11-30T12:00:00.000Z',
    source: '/team/daily/activity/export',
    lines: LINES,
    total: totalOf(LINES),
  },
  'https://litellm.example.com',
);

describe.skipIf(!existsSync(executablePath))('the page of usage in a browser', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-page-'));
  const address = pathToFileURL(join(folder, 'usage.html')).href;
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(join(folder, 'usage.html'), PAGE);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['light', 'dark'] as const)(
    'is read in %s, without a complaint, a request or a line too wide',
    async (colorScheme) => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 400, height: 800 } });
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('request', (request) => said.push(...(request.url() === address ? [] : [request.url()])));
      await page.goto(address);
      const contrast = await page.evaluate<readonly string[]>(
        'Object.values((({ color, backgroundColor }) => ({ color, backgroundColor }))(getComputedStyle(document.body)))',
      );
      expect(contrast).toEqual(
        colorScheme === 'light' ? ['rgb(28, 30, 33)', 'rgb(255, 255, 255)'] : ['rgb(232, 234, 237)', 'rgb(22, 24, 28)'],
      );
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(said).toEqual([]);
      await page.close();
    },
  );

  it('tells a screen reader the chart by its name, and each row under the name of its team', async () => {
    const page = await browser.newPage();
    await page.goto(address);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Usage by team, 2026-11-24 to 2026-11-30');
    expect(await page.getByRole('img', { name: /The table below has its figures/ }).count()).toBe(1);
    expect(await page.getByRole('rowheader').allTextContents()).toEqual([
      'research',
      '<b>"hostile"</b>',
      'a team with a name that is much longer than others',
      'Total',
    ]);
    expect(await page.getByRole('columnheader').first().textContent()).toBe('team');
    await page.close();
  });

  it('is black on white on paper, with all of the table', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(address);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect((await page.pdf()).length).toBeGreaterThan(1000);
    await page.close();
  });
});
