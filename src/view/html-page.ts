/** One page of HTML that loads nothing. Colours follow the reader's system; on paper it is black on white. */
import { escaped } from '../encode/html.ts';

const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --soft: #5d6570; --line: #d8dce1; --bar: #2a6fdb; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e8eaed; --soft: #a5adb8; --line: #3b4149; --bar: #7aa9f7; --back: #16181c; }
}
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.5rem; }
p { color: var(--soft); }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1.5rem 0; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
figure { margin: 1.5rem 0; }
svg { width: 100%; height: auto; }
svg text { fill: var(--text); font: 14px system-ui, sans-serif; }
svg rect { fill: var(--bar); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: start; color: var(--soft); padding: .5rem 0; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: start; overflow-wrap: anywhere; }
.n { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
tfoot th, tfoot td { border-top: 2px solid var(--text); font-weight: 600; }
@media print {
  :root { color-scheme: light; --text: #000; --soft: #333; --line: #999; --bar: #444; --back: #fff; }
  body { margin: 0; max-width: none; }
  tr, figure { break-inside: avoid; }
  svg rect { print-color-adjust: exact; }
}`;

/** `lines`: below the title; `tiles`: figures with their names; `body`: HTML as it is; `foot`: below all of it. */
export type HtmlPage = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tiles: readonly (readonly [name: string, value: string])[];
  readonly body: readonly string[];
  readonly foot: string;
};

export function htmlPage({ title, lines, tiles, body, foot }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
<dl>${tiles.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
${body.join('\n')}
<p>${escaped(foot)}</p>
</main>
</body>
</html>
`;
}

/** A table that may be wider than the page. */
export function wideTable(html: string): string {
  return `<div class="wide" role="region" aria-label="All figures" tabindex="0">
${html}
</div>`;
}
