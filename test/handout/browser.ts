/** A browser for tests, where there is one: CHROMIUM, or Debian's. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const hasBrowser = existsSync(executablePath);

/** A name that no browser takes for this machine: what comes from there over http is nothing that it trusts. */
const PLAIN = 'plain.test';

type Opened = { readonly browser: Browser; readonly folder: string };
let opened: Promise<Opened> | null = null;

/** One for each file of tests, which has to close it: several share this module. */
async function open(): Promise<Opened> {
  if (!hasBrowser) throw new Error('there is no browser');
  const args = ['--no-sandbox', `--host-resolver-rules=MAP ${PLAIN} 127.0.0.1`];
  const browser = await chromium.launch({ executablePath, args });
  return { browser, folder: mkdtempSync(join(tmpdir(), 'vkeys-handout-')) };
}

/** What a file of tests does after all of them. */
export async function closeBrowser(): Promise<void> {
  const last = await opened;
  opened = null;
  await last?.browser.close();
  if (last !== null) rmSync(last.folder, { recursive: true });
}

type Opening = NonNullable<Parameters<Browser['newContext']>[0]>;

/** A page, all that it said on its console, and all that it asked for but itself. */
export type Visit = { readonly page: Page; readonly said: string[]; readonly asked: string[] };

/** Opens the text as a file, without a network. */
export async function visitFile(html: string, more: Opening = {}, fragment = ''): Promise<Visit> {
  const { folder } = await (opened ??= open());
  const path = join(folder, `${String((count += 1))}.html`);
  writeFileSync(path, html);
  return visit(`${pathToFileURL(path).href}${fragment}`, { offline: true, ...more });
}

let count = 0;

/** Opens the text as a web server sends it that has no certificate. */
export async function visitPlainHttp(html: string, more: Opening = {}): Promise<Visit> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const visited = await visit(`http://${PLAIN}:${String(port)}/page.html`, more);
  server.close();
  server.closeAllConnections();
  return visited;
}

async function visit(address: string, more: Opening): Promise<Visit> {
  const { browser } = await (opened ??= open());
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...more });
  const page = await context.newPage();
  const [said, asked]: [string[], string[]] = [[], []];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== address.replace(/#.*/, '') && !request.url().startsWith('data:')) asked.push(request.url());
  });
  await page.addInitScript(COUNTED);
  await page.goto(address);
  return { page, said, asked };
}

/** Counts the keys that are derived. */
const COUNTED = `globalThis.derived = 0;
if (crypto.subtle) {
  const deriveBits = crypto.subtle.deriveBits.bind(crypto.subtle);
  crypto.subtle.deriveBits = (...words) => { globalThis.derived += 1; return deriveBits(...words); };
}`;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, rule and element; best practices too. */
export async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${String(target)}`));
}

/** Elements that stick out to the right. */
export async function stickingOut(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('body *')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.closest('pre, .heard, .unseen') === null)
    .map((each) => each.outerHTML.slice(0, 80))`);
}
