/** Usage as one page of HTML: a chart, and the same figures as a table, so that a screen reader and a program that reads tables have all of it. */
import { escaped } from '../encode/html.ts';
import type { UsageLine, UsageReport } from '../model/usage.ts';
import { hasBudgets, numberText, usageFooter } from './usage.ts';
import { htmlPage, wideTable } from './html-page.ts';
import { percent, shareOf, usageLabels } from './usage-rows.ts';
import { dollars } from './value.ts';

/** So many bars can be looked at; the table has all rows. */
const MOST_BARS = 50;
const [WIDTH, ROW, LABELS, VALUES] = [900, 26, 300, 110];

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
  return htmlPage({
    title,
    lines: [server],
    tiles,
    body: [chart(report), wideTable(table(report))],
    foot: usageFooter(report),
  });
}

/** Bars of what was spent. */
export function chart({ by, lines }: UsageReport): string {
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
