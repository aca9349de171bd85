/**
 * The page for everybody: one static file that loads nothing and has every letter in it, closed. Its policy lets run its own
 * script and style alone, by their hashes, and lets it ask nobody but, where that was asked for, the gateway.
 */
import type { Envelope } from './envelope.ts';
import type { OwnWords, Style } from './attendee.ts';
import { clientTabs } from './client-tabs.ts';
import { encode, toBase64 } from './envelope.ts';
import { escaped } from '../encode/html.ts';
import { paragraphs } from './html.ts';
import { filled, inLanguage } from './language.ts';
import { LETTER_WORDS } from './letter-words.ts';
import { dataElement } from './page-element.ts';
import { PAGE_STYLE } from './page-style.ts';
import { PAGE_WORDS } from './page-words.ts';

/** The text of src/page/, which bin/page.mjs bundles. */
declare const PAGE_SCRIPT: string;

const EXAMPLE = '17-K7QW-M9XP-RT4H';

export type PageContent = {
  readonly envelopes: readonly Envelope[];
  readonly rounds: number;
  /** What the page may ask, if anything: without `/v1`. */
  readonly api_endpoint: string;
};

export async function pageHtml(
  { envelopes, rounds, api_endpoint }: PageContent,
  { language, own, tries }: Pick<Style, 'language' | 'own' | 'tries'>,
): Promise<string> {
  const words = { ...inLanguage(PAGE_WORDS, language), ...inLanguage(LETTER_WORDS, language) };
  const data = dataElement({ version: 1, rounds, language, tries, words, clients: await clientTabs(), envelopes });
  const policy = await policyFor(tries ? new URL(api_endpoint).origin : null);
  const hint = filled(escaped(words.codeHint), { example: `<code>${EXAMPLE}</code>` });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escaped(own.title ?? words.title)}</title>
<!-- Made by vkeys. Has parts of @noble/hashes and @noble/ciphers, (c) Paul Miller, MIT licence. -->
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<section class="card" id="door">
${logo(own)}<h1>${escaped(own.title ?? words.title)}</h1>
${paragraphs(own.intro ?? words.intro)}
<form id="form" autocomplete="off">
<label for="code">${escaped(words.code)}</label>
<input id="code" type="text" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="2000" aria-describedby="hint problem">
<p class="hint" id="hint">${hint}</p>
<p id="problem" role="alert" hidden></p>
<button type="submit" id="unlock">${escaped(words.unlock)}</button>
<progress id="progress" max="1" value="0" aria-label="${escaped(words.opening)}" hidden></progress>
</form>
<noscript><p>${escaped(words.noScript)}</p></noscript>
</section>
<section class="card" id="letter" aria-labelledby="letter-heading" hidden></section>
<p id="status" class="heard" role="status"></p>
</main>
<footer>
${own.footer === undefined ? '' : `${paragraphs(own.footer)}\n`}<p class="privacy">${escaped(words.privacy)}</p>
</footer>
${data}
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function logo({ logo: url }: OwnWords): string {
  return url === undefined ? '' : `<img class="logo" src="${escaped(url)}" alt="">\n`;
}

async function policyFor(origin: string | null): Promise<string> {
  const [script, style] = [await hashOf(PAGE_SCRIPT), await hashOf(PAGE_STYLE)];
  return [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src ${style}`,
    'img-src data:',
    `connect-src ${origin ?? "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

async function hashOf(text: string): Promise<string> {
  return `'sha256-${toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', encode(text))))}'`;
}
