/** Cards as a PDF, by a Chromium of this machine: it lays pages out as its own print window does. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VkeysError } from '../base/errors.ts';
import { readIfThere } from '../base/files.ts';
import { oneLine } from '../encode/terminal.ts';
import { CARDS, PDF } from './formats.ts';
import { named, ownText, type Folder } from './folder.ts';
import { takeIn } from './written.ts';

/** Runs a program without a shell; `exitCode` is `null` where it did not start or did not end. */
export type Run = (
  command: string,
  args: readonly string[],
) => Promise<{ readonly exitCode: number | null; readonly stderr: string }>;

/** What Chromium is called: on Linux, on macOS, on Windows. */
const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
];

/** A browser that starts. Throws `config` where there is none. */
export async function findBrowser(run: Run): Promise<string> {
  for (const browser of BROWSERS) if ((await run(browser, ['--version'])).exitCode === 0) return browser;
  throw new VkeysError(
    'config',
    'There is no Chromium, Chrome or Edge here that could make a PDF. Nothing was written.',
    `Leave --pdf out, open ${CARDS} in any browser and print it: without margins of the browser's own, at 100 %.`,
  );
}

/** The folder of a browser's own begins so. */
const PRINTING = '.vkeys-print-';

/** Takes away what runs that were killed left of their browsers, cards perhaps: no other run may be under way. */
export async function clearPrints({ path, known }: Folder): Promise<void> {
  if (known.size === 0) return;
  await named(path, async () => {
    for (const name of await readdir(path))
      if (name.startsWith(PRINTING)) await rm(join(path, name), { recursive: true, force: true });
  });
}

/** Whether the PDF is there, and of the cards as they are. */
export async function isPrinted(folder: Folder): Promise<boolean> {
  return folder.printed !== null && folder.printed === cardsIn(folder) && (await ownText(folder, PDF)) !== null;
}

function cardsIn({ known }: Folder): string | null {
  return known.get(CARDS)?.at(-1) ?? null;
}

/** Prints the cards of the folder. The browser gets a profile of its own in it, which goes away again. Throws `delivery`. */
export async function printPdf(folder: Folder, browser: string, run: Run): Promise<Folder> {
  const own = await mkdtemp(join(folder.path, PRINTING));
  const made = join(own, PDF);
  const args = [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--no-pdf-header-footer',
    `--user-data-dir=${own}`,
    `--print-to-pdf=${made}`,
    pathToFileURL(join(folder.path, CARDS)).href,
  ];
  try {
    const first = await run(browser, args);
    /* As root, in a container, it starts in no other way; cards have no script that a sandbox could hold. */
    const isRoot = first.exitCode !== 0 && first.stderr.includes('--no-sandbox');
    const { exitCode, stderr } = isRoot ? await run(browser, ['--no-sandbox', ...args]) : first;
    const text = exitCode === 0 ? ((await readIfThere(made)) ?? '') : '';
    if (text !== '') return await takeIn(folder, made, PDF, { text, of: cardsIn(folder) });
    const why = stderr.trim().split('\n').at(-1) ?? '';
    throw new VkeysError(
      'delivery',
      `${oneLine(browser)} made no PDF of the cards: ${why === '' ? 'it does not say why.' : oneLine(why)}`,
      `Open ${join(folder.path, CARDS)} in a browser and print it: at 100 %.`,
    );
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
