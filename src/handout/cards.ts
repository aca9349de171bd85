/** Cards to print and cut: eight to a sheet of A4 or Letter, with marks for the cutter in the margins. */
import type { Attendee, Style } from './attendee.ts';
import { CARD_STYLE, SHEETS, sheetStyle, type Sheet } from './card-style.ts';
import { encode, toBase64 } from './envelope.ts';
import { escaped } from '../encode/html.ts';
import { inLanguage } from './language.ts';
import { PAGE_WORDS } from './page-words.ts';
import { paperOf } from './paper.ts';
import { PAPER_WORDS } from './paper-words.ts';
import { qrSvg } from './qr.ts';

const [COLUMNS, ROWS] = [2, 4];
const PER_SHEET = COLUMNS * ROWS;

export async function cardsHtml(attendees: readonly Attendee[], style: Style): Promise<string> {
  const { language, own, paper } = style;
  const title = own.title ?? inLanguage(PAGE_WORDS, language).title;
  const sheet = SHEETS[paper];
  const css = CARD_STYLE + sheetStyle(sheet);
  const hash = toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', encode(css))));
  const sheets = Array.from({ length: Math.ceil(attendees.length / PER_SHEET) }, (_, index) =>
    attendees.slice(index * PER_SHEET, (index + 1) * PER_SHEET),
  );
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; img-src data:">
<meta name="referrer" content="no-referrer">
<title>${escaped(inLanguage(PAPER_WORDS, language).cards)}: ${escaped(title)}</title>
<style>${css}</style>
</head>
<body>
<main>
<h1 class="heard">${escaped(inLanguage(PAPER_WORDS, language).cards)}: ${escaped(title)}</h1>
${sheets.map((some) => sheetHtml(some, title, sheet, style)).join('\n')}
</main>
</body>
</html>
`;
}

function sheetHtml(some: readonly Attendee[], title: string, sheet: Sheet, style: Style): string {
  return `<section class="sheet">
${cutMarks(sheet)}
${some.map((attendee) => cardHtml(attendee, title, style)).join('\n')}
</section>`;
}

function cardHtml(attendee: Attendee, title: string, style: Style): string {
  const { seat, name, secret, scan, places, ends, steps } = paperOf(attendee, style, true);
  const logo = style.own.logo === undefined ? '' : `<img class="logo" src="${escaped(style.own.logo)}" alt="">`;
  const facts = [...places, ends].map(
    ([label, value]) => `<div><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`,
  );
  return `<article class="card">
<header>${logo}<span class="title">${escaped(title)}</span><span class="seat">${escaped(seat)}</span></header>
${name === null ? '' : `<h2>${escaped(name)}</h2>`}
<div class="main">
<div class="text">
<p class="label">${escaped(secret.label)}</p>
<p class="secret ${style.show}">${escaped(secret.text)}</p>
<ol>${steps.map((step) => `<li>${escaped(step)}</li>`).join('')}</ol>
</div>
${qrSvg(scan.text, scan.label)}
</div>
<dl>${facts.join('')}</dl>
</article>`;
}

/** Short lines in the margins, at each cut: in millimetres, as the sheet is. */
function cutMarks({ width, height, card, margin }: Sheet): string {
  const xs = Array.from({ length: COLUMNS + 1 }, (_, at) => margin.x + at * card.width);
  const ys = Array.from({ length: ROWS + 1 }, (_, at) => margin.y + at * card.height);
  const [nearX, nearY] = [margin.x - GAP, margin.y - GAP];
  const lines = [
    ...xs.flatMap((x) => [
      `M${text(x)} ${text(nearY - LENGTH)}v${text(LENGTH)}`,
      `M${text(x)} ${text(height - nearY)}v${text(LENGTH)}`,
    ]),
    ...ys.flatMap((y) => [
      `M${text(nearX - LENGTH)} ${text(y)}h${text(LENGTH)}`,
      `M${text(width - nearX)} ${text(y)}h${text(LENGTH)}`,
    ]),
  ];
  const inner = xs
    .slice(1, -1)
    .flatMap((x) => ys.slice(1, -1).map((y) => `M${text(x - 1)} ${text(y)}h2M${text(x)} ${text(y - 1)}v2`));
  return `<svg class="marks" viewBox="0 0 ${text(width)} ${text(height)}" aria-hidden="true"><path d="${[...lines, ...inner].join('')}"/></svg>`;
}

/** Between a mark and the card, and of a mark, in millimetres. */
const [GAP, LENGTH] = [1, 4];

function text(millimetres: number): string {
  return String(Math.round(millimetres * 100) / 100);
}
