/**
 * Usage as one page of HTML that loads nothing: a chart, and the same figures as a table, so that a screen reader and a program
 * that reads tables have all of it. Colours follow the reader's system; on paper it is black on white.
 */
import { escaped } from '../encode/html.ts';
import type { UsageLine, UsageReport } from '../model/usage.ts';
import { hasBudgets, numberText, usageFooter } from './usage.ts';
import { percent, shareOf, usageLabels } from './usage-rows.ts';
import { dollars } from './value.ts';

/** So many bars can be looked at; the table has all rows. */
const MOST_BARS = 50;
const [WIDTH, ROW, LABELS, VALUES] = [900, 26, 300, 110];

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

/** The page. `server`: its address. */
export function usageHtml(report: UsageReport, server: string): string {
  const { by, since, until, total } = report;
  const title = `Usage by ${by.join(' and ')}, ${since === until ? since : `${since} to ${until}`}`;
  const tiles: readonly (readonly [string, string])[] =
    total === null
      ? []
      : [
          ['US dollars', dollars(total.spend)],
          ['Requests', numberText(total.requests)],
          ['Failed', numberText(total.failed)],
          ['Prompt tokens', numberText(total.prompt_tokens)],
          ['Completion tokens', numberText(total.completion_tokens)],
        ];
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
<p>${escaped(server)}</p>
<dl>${tiles.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
${chart(report)}
<div class="wide" role="region" aria-label="All figures" tabindex="0">
${table(report)}
</div>
<p>${escaped(usageFooter(report))}</p>
</main>
</body>
</html>
`;
}

function chart({ by, lines }: UsageReport): string {
  const dear = lines.filter(({ spend }) => spend > 0);
  const shown = dear.slice(0, MOST_BARS);
  const largest = Math.max(0, ...shown.map(({ spend }) => spend));
  if (shown.length === 0) return '';
  const room = WIDTH - LABELS - VALUES;
  const rows = shown.map((line, index) => {
    const y = index * ROW;
    const width = ((line.spend / largest) * room).toFixed(1);
    const name = escaped(cut(usageLabels(by, line).join(' · ')));
    return `<text x="${String(LABELS - 12)}" y="${String(y + 18)}" text-anchor="end">${name}</text>
<rect x="${String(LABELS)}" y="${String(y + 5)}" width="${width}" height="${String(ROW - 9)}" rx="2"/>
<text x="${(LABELS + Number(width) + 8).toFixed(1)}" y="${String(y + 18)}">${dollars(line.spend)}</text>`;
  });
  const left = dear.length - shown.length;
  const note = left === 0 ? '' : ` The ${numberText(shown.length)} first of ${numberText(dear.length)}.`;
  const height = String(shown.length * ROW);
  return `<figure>
<svg viewBox="0 0 ${String(WIDTH)} ${height}" role="img" aria-label="A chart of what was spent. The table below has its figures.">
${rows.join('\n')}
</svg>
<figcaption><p>US dollars spent.${note}</p></figcaption>
</figure>`;
}

function table(report: UsageReport): string {
  const { by, lines, total } = report;
  const withBudgets = hasBudgets(report);
  const heads = [
    ...by.map((name) => `<th scope="col">${name}</th>`),
    ...[
      'US dollars',
      'Requests',
      'Failed',
      'Prompt tokens',
      'Completion tokens',
      ...(withBudgets ? ['Budget'] : []),
    ].map((name) => `<th scope="col" class="n">${name}</th>`),
    '<th scope="col">Last used</th>',
  ];
  const rows = lines.map((line) => {
    const [first, ...others] = usageLabels(by, line).map(escaped);
    const share = shareOf(line);
    const cells = [...figureCells(line), ...(withBudgets ? [number(share === null ? '' : percent(share))] : [])];
    const names = `<th scope="row">${first ?? ''}</th>${others.map((name) => `<td>${name}</td>`).join('')}`;
    return `<tr>${names}${cells.join('')}<td>${escaped(line.last_used?.slice(0, 10) ?? '')}</td></tr>`;
  });
  const span = by.length === 1 ? '' : ` colspan="${String(by.length)}"`;
  const foot =
    total === null
      ? ''
      : `<tfoot><tr><th scope="row"${span}>Total</th>${figureCells(total).join('')}${withBudgets ? '<td></td>' : ''}<td></td></tr></tfoot>`;
  return `<table>
<caption>${numberText(lines.length)} ${lines.length === 1 ? 'row' : 'rows'}</caption>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
${foot}
</table>`;
}

function figureCells(
  figures: Pick<UsageLine, 'spend' | 'requests' | 'failed' | 'prompt_tokens' | 'completion_tokens'>,
) {
  const { spend, requests, failed, prompt_tokens, completion_tokens } = figures;
  const counted = [requests, failed, prompt_tokens, completion_tokens].map((value) => number(numberText(value)));
  return [number(dollars(spend)), ...counted];
}

function number(text: string): string {
  return `<td class="n">${text}</td>`;
}

/** What fits beside a bar. */
function cut(text: string): string {
  const letters = Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment);
  return letters.length > 36 ? `${letters.slice(0, 35).join('')}…` : text;
}
