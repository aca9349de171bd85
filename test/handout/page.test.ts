/** The page in a browser: who has a code sees their key, and nobody else anything. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { LANGUAGES } from '../../src/handout/language.ts';
import { PAGE_WORDS } from '../../src/handout/page-words.ts';
import { fromBase64, keyBytes, ROUNDS } from '../../src/handout/envelope.ts';
import { Secret } from '../../src/base/secret.ts';
import { CODE_BYTES, makeCode } from '../../src/model/code.ts';
import { attendee, attendees, bytesOf, GATEWAY, pageFor } from './attendees.ts';
import { closeBrowser, findings, hasBrowser, stickingOut, visitFile, visitPlainHttp } from './browser.ts';

afterAll(closeBrowser);

const ADA = attendee(1);
const [KEY, CODE] = [ADA.key.reveal(), ADA.code.reveal()];
const html = await pageFor(attendees(3), { names: true });

async function type(page: Page, code: string): Promise<void> {
  await page.getByRole('textbox').fill(code);
  await page.keyboard.press('Enter');
}

async function enter(page: Page, code = CODE): Promise<void> {
  await type(page, code);
  await page.locator('#letter').waitFor({ state: 'visible' });
}

const derived = (page: Page): Promise<number> => page.evaluate<number>('derived');

describe.skipIf(!hasBrowser)('the page in a browser', { timeout: 60_000 }, () => {
  it('opens from a disk and without a network, asks nobody, and shows what the key is good for', async () => {
    const { page, said, asked } = await visitFile(html, { locale: 'en-GB', timezoneId: 'Europe/Berlin' });
    await enter(page, ` ${CODE.toLowerCase().replaceAll('-', ' ')}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The key of Ada Lovelace');
    const text = await page.locator('#letter').innerText();
    for (const part of [
      KEY,
      `${GATEWAY}/v1`,
      'gpt-4o-mini, claude-sonnet-4-5',
      '$5.00 per day',
      'December 11, 2099 at 11:59 PM GMT+1',
    ])
      expect(text).toContain(part);
    expect([said, asked]).toEqual([[], []]);
    await page.context().close();
  });

  it('tells in words what is wrong with a code, typing errors before any arithmetic', async () => {
    const { page } = await visitFile(html);
    const problem = page.getByRole('alert');
    const wrong = attendee(2).code.reveal().replace(/^2/, '1');
    for (const [typed, words] of [
      [CODE.slice(2), 'not complete'],
      [`${CODE}-AAAA`, 'too long'],
      [`${CODE.slice(0, -1)}!`, 'No code has the character !.'],
      [`${CODE.slice(0, -1)}${CODE.endsWith('A') ? 'B' : 'A'}`, 'A character is wrong, or two are swapped.'],
      [wrong, 'A character is wrong, or two are swapped.'],
      [attendee(4).code.reveal(), 'This page has no number 4.'],
    ] as const) {
      await type(page, typed);
      await problem.filter({ hasText: words }).waitFor();
      expect(await page.getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
      expect(await page.evaluate('document.activeElement.id')).toBe('code');
    }
    expect(await derived(page)).toBe(0);
    await page.context().close();
  });

  it('does not open for a code of another page', async () => {
    const code = new Secret(makeCode(1, bytesOf('another', CODE_BYTES)).text);
    const { page } = await visitFile(await pageFor([{ ...ADA, code }]));
    await type(page, CODE);
    await page.getByRole('alert').filter({ hasText: 'does not open number 1 here' }).waitFor();
    expect(await derived(page)).toBe(1);
    expect(await page.locator('#letter').isHidden()).toBe(true);
    await page.context().close();
  });

  it('opens by a link, whose code then stands in no address bar, and by another one after it', async () => {
    const { page } = await visitFile(html, {}, `#${CODE}`);
    await page.getByText(KEY, { exact: true }).waitFor();
    expect(page.url()).not.toContain('#');
    await page.evaluate(`location.hash = '${attendee(2).code.reveal()}'`);
    await page.getByText(attendee(2).key.reveal(), { exact: true }).waitFor();
    expect(await page.locator('#letter').innerText()).not.toContain(KEY);
    await page.context().close();
  });

  it('shows the key of the link that came last, though an older one is still being opened', async () => {
    const { page } = await visitFile(await pageFor(attendees(2), {}, { rounds: 3_000_000 }));
    const [first, second] = [CODE, attendee(2).code.reveal()];
    await page.evaluate(`(async () => {
      location.hash = '${first}';
      await new Promise((resolve) => addEventListener('hashchange', () => setTimeout(resolve), { once: true }));
      location.hash = '${second}&fbclid=1';
    })()`);
    await page.getByText(attendee(2).key.reveal(), { exact: true }).waitFor();
    expect(await derived(page)).toBe(2);
    expect(await page.locator('#letter').innerText()).not.toContain(KEY);
    await page.context().close();
  });

  it('takes a whole link for its code, and a broken one for none', async () => {
    const { page, said } = await visitFile(html, {}, '#%E0%A4%A');
    await page.getByRole('alert').filter({ hasText: 'No code has the character %.' }).waitFor();
    await enter(page, `https://example.com/a/rather/long/path/to/the/page.html?from=mail#${CODE}?utm_source=mail`);
    expect(await page.locator('#letter').innerText()).toContain(KEY);
    expect(said).toEqual([]);
    await page.context().close();
  });

  it('is used by keyboard alone, and tells a screen reader what happens', async () => {
    const { page } = await visitFile(html, { permissions: ['clipboard-read', 'clipboard-write'] });
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    await page.keyboard.type(CODE);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Show my key');
    await page.keyboard.press('Enter');
    await page.locator('#letter').waitFor({ state: 'visible' });
    expect(await focused()).toBe('The key of Ada Lovelace');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Close');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Copy: Key');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Copied: Key' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(KEY);
    await page.getByRole('tab', { selected: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Claude Code');
    expect(await page.getByRole('tabpanel', { name: 'Claude Code' }).innerText()).toContain(
      `export ANTHROPIC_AUTH_TOKEN='${KEY}'`,
    );
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('tab').last().getAttribute('aria-selected')).toBe('true');
    await page.getByRole('button', { name: 'Close' }).press('Enter');
    expect(await page.evaluate('[document.activeElement.id, document.activeElement.value]')).toEqual(['code', '']);
    expect(await page.evaluate('document.documentElement.outerHTML')).not.toContain(KEY);
    await page.context().close();
  });

  it('has for each client what it reads, for the chosen system and model', async () => {
    const { page } = await visitFile(html);
    await enter(page);
    const panel = page.getByRole('tabpanel');
    expect(await panel.innerText()).toContain(`export OPENAI_BASE_URL='${GATEWAY}/v1'`);
    await page.getByLabel('Your system').selectOption('Windows PowerShell');
    expect(await panel.innerText()).toContain(`$env:OPENAI_API_KEY = '${KEY}'`);
    await page.getByLabel('Your system').selectOption('.env');
    await page.getByLabel('Model').selectOption('claude-sonnet-4-5');
    await page.getByRole('tab', { name: 'Claude Code' }).click();
    expect(await panel.innerText()).toContain(`ANTHROPIC_BASE_URL=${GATEWAY}\n`);
    expect(await panel.innerText()).toContain('ANTHROPIC_MODEL=claude-sonnet-4-5');
    await page.getByRole('tab', { name: 'OpenCode' }).click();
    const file = await panel.getByRole('region', { name: 'opencode.json' }).innerText();
    expect(JSON.parse(file)).toMatchObject({
      provider: { litellm: { options: { baseURL: `${GATEWAY}/v1`, apiKey: '{env:LITELLM_API_KEY}' } } },
    });
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      expect(await panel.innerText()).not.toMatch(/\{(?:key|model|api_\w+)\}/);
    }
    await page.context().close();
  });

  it('works where there is no WebCrypto, says how far it is, and copies', async () => {
    const rounds = 100_000;
    const { page, said } = await visitPlainHttp(await pageFor(attendees(2), {}, { rounds }));
    expect(await page.evaluate('[isSecureContext, typeof crypto.subtle]')).toEqual([false, 'undefined']);
    await page.evaluate(`globalThis.told = [];
      new MutationObserver(() => told.push(document.getElementById('status').textContent)).observe(document.getElementById('status'), { childList: true });`);
    await enter(page);
    expect(await page.locator('#letter').innerText()).toContain(KEY);
    const told = await page.evaluate<string[]>('told');
    expect(told[0]).toBe('Opening …');
    for (const percent of [25, 50, 75]) expect(told.join()).toContain(`${String(percent)} %`);
    await page.getByRole('button', { name: 'Copy: Key' }).click();
    await page.getByRole('status').filter({ hasText: 'Copied: Key' }).waitFor();
    expect(await page.locator('textarea').count()).toBe(0);
    expect(said).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('gives axe nothing to find in %s, at any step', async (colorScheme) => {
    const { page } = await visitFile(await pageFor([ADA], { tries: true }), { colorScheme });
    expect(await findings(page)).toEqual([]);
    await type(page, 'nonsense');
    await page.getByRole('alert').waitFor();
    expect(await findings(page)).toEqual([]);
    await enter(page);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Codex' }).click();
    expect(await findings(page)).toEqual([]);
    await page.context().close();
  });

  it.each(LANGUAGES)('is in %s, and nothing in it is wider than a small phone', async (language) => {
    const name = 'Wolfeschlegelsteinhausenbergerdorff-von-und-zu-Oberpfaffenhofen';
    const long = { ...attendee(1, { models: ['a'.repeat(80), 'b'.repeat(80)] }), name };
    const { page } = await visitFile(await pageFor([long], { language, names: true, tries: true }), {
      viewport: { width: 320, height: 640 },
    });
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(PAGE_WORDS.title[language]);
    expect(await stickingOut(page)).toEqual([]);
    await enter(page, long.code.reveal());
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      expect(await stickingOut(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.context().close();
  });

  it("takes an organiser's words and logo for words and a logo", async () => {
    const own = {
      title: '<script>alert(1)</script>',
      intro: 'One\n\nTwo: https://example.com/a?b=1&c=2.',
      footer: '</main>Room 4',
      logo: `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>x()</script><rect width="40" height="20"/></svg>').toString('base64')}`,
    };
    const { page, said, asked } = await visitFile(await pageFor([attendee(4)], { own, names: true }));
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(own.title);
    expect(await page.getByRole('link').getAttribute('href')).toBe('https://example.com/a?b=1&c=2');
    expect(await page.locator('footer').innerText()).toContain('</main>Room 4');
    expect(await page.evaluate('document.querySelector(".logo").naturalWidth')).toBe(40);
    await enter(page, attendee(4).code.reveal());
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The key of <b>Bobby</b> "Tables"');
    expect([said, asked]).toEqual([[], []]);
    await page.context().close();
  });

  it('may ask nobody, and with --try the gateway and nobody else', async () => {
    const ask = (url: string): string => `fetch('${url}').then(() => 'asked', () => 'not asked')`;
    const { page, asked } = await visitFile(html, { offline: false });
    expect(await page.evaluate(ask(`${GATEWAY}/v1/models`))).toBe('not asked');
    expect(asked).toEqual([]);
    const { page: trying } = await visitFile(await pageFor([ADA], { tries: true }), { offline: false });
    const seen: string[] = [];
    let status = 200;
    await trying.route('**/*', (route) => {
      const { authorization = '' } = route.request().headers();
      seen.push(`${route.request().method()} ${route.request().url()} ${authorization}`);
      const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
      if (status === 0) return route.abort();
      return route.fulfill({ status, headers, json: { data: [{ id: 'gpt-4o-mini' }, { id: 'claude' }] } });
    });
    expect(await trying.evaluate(ask('https://elsewhere.example.com/'))).toBe('not asked');
    await enter(trying);
    const said = trying.locator('.tried');
    for (const [answer, words] of [
      [200, 'It works: the gateway offers gpt-4o-mini, claude.'],
      [401, 'The gateway refuses the key (401).'],
      [0, 'The gateway cannot be reached from this page.'],
    ] as const) {
      status = answer;
      await trying.getByRole('button', { name: 'Try the key' }).click();
      await said.filter({ hasText: words }).waitFor();
    }
    expect(new Set(seen.filter((line) => line.startsWith('GET')))).toEqual(
      new Set([`GET ${GATEWAY}/v1/models Bearer ${KEY}`]),
    );
    await Promise.all([page.context().close(), trying.context().close()]);
  });

  it('says that a key has ended', async () => {
    const ended = attendee(1, { expires: '2020-01-01T00:00:00Z', models: [] });
    const { page } = await visitFile(await pageFor([ended]));
    await enter(page);
    expect(await page.locator('dl').innerText()).toMatch(/January 1, 2020.* – it has ended/);
    expect(await page.locator('dl').innerText()).toContain('all that the gateway has');
    expect(await page.getByLabel('Model').count()).toBe(0);
    await page.context().close();
  });

  it('is printed black on white, with the key and without buttons', async () => {
    const { page } = await visitFile(html, { colorScheme: 'dark' });
    await enter(page);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
    expect(await page.getByText(KEY, { exact: true }).isVisible()).toBe(true);
    const tab = 'getComputedStyle(document.querySelector("[aria-selected=true]"))';
    expect(await page.evaluate(`[${tab}.color, ${tab}.backgroundColor]`)).toEqual(['rgb(0, 0, 0)', 'rgba(0, 0, 0, 0)']);
    expect((await page.pdf()).length).toBeGreaterThan(1000);
    await page.context().close();
  });

  it('is open within a second for 300 attendees', async () => {
    const { page } = await visitFile(await pageFor(attendees(300), {}, { rounds: 1 }));
    expect(await page.evaluate('performance.timing.loadEventEnd - performance.timing.navigationStart')).toBeLessThan(
      1000,
    );
    await enter(page, attendee(300).code.reveal());
    await page.context().close();
  });

  it('opens a key as fast as this machine counts to a million rounds', async () => {
    const { page } = await visitFile(await pageFor([ADA], {}, { rounds: ROUNDS }));
    const started = performance.now();
    await keyBytes(CODE, { salt: fromBase64('AAAAAAAAAAAAAAAAAAAAAA=='), rounds: ROUNDS });
    const one = performance.now() - started;
    const before = performance.now();
    await enter(page);
    /* A third of a second here; a phone of today takes half of one. */
    expect(performance.now() - before).toBeLessThan(4 * one + 1000);
    await page.context().close();
  });
});
