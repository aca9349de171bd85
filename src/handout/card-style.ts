/** Measures of sheets in millimetres, and how cards look. */

export type Sheet = {
  readonly css: string;
  readonly width: number;
  readonly height: number;
  readonly card: { readonly width: number; readonly height: number };
  readonly margin: { readonly x: number; readonly y: number };
};

function sheet(css: string, width: number, height: number, card: Sheet['card']): Sheet {
  return { css, width, height, card, margin: { x: (width - 2 * card.width) / 2, y: (height - 4 * card.height) / 2 } };
}

/** Margins that every printer leaves white are wider than 5 mm on all sides. */
export const SHEETS = {
  A4: sheet('A4', 210, 297, { width: 98, height: 70 }),
  letter: sheet('letter', 215.9, 279.4, { width: 100, height: 66 }),
} as const satisfies Readonly<Record<string, Sheet>>;

export function sheetStyle({ css, width, height, card, margin }: Sheet): string {
  const mm = (millimetres: number): string => `${String(Math.round(millimetres * 100) / 100)}mm`;
  return `
@page { size: ${css} portrait; margin: 0; }
.sheet { width: ${mm(width)}; height: ${mm(height)}; padding: ${mm(margin.y)} ${mm(margin.x)};
  grid-template: repeat(4, ${mm(card.height)}) / repeat(2, ${mm(card.width)}); }
`;
}

export const CARD_STYLE = `
:root { color-scheme: light; }
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0; background: #e7e9ef; color: #14161d; font: 8.6pt/1.4 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.heard { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
.sheet { position: relative; display: grid; margin: 8mm auto; background: #fff; box-shadow: 0 2mm 8mm #14161d26; overflow: hidden; }
.marks { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.marks path { stroke: #14161d; stroke-width: .15; fill: none; }
.card { display: flex; flex-direction: column; gap: 1.2mm; padding: 4.5mm 5.5mm 4mm; overflow: hidden; break-inside: avoid; }
.card p, .card h2, .card ol, .card dl, .card dd { margin: 0; }
header { display: flex; gap: 2mm; align-items: center; padding-bottom: 1.2mm; border-bottom: .3mm solid #14161d; }
.logo { max-height: 6mm; max-width: 24mm; }
.title { flex: 1; min-width: 0; font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.seat { font-weight: 700; white-space: nowrap; }
h2 { font-size: 12pt; line-height: 1.25; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.main { display: flex; gap: 2mm; align-items: start; flex: 1; min-height: 0; }
.text { flex: 1; min-width: 0; }
.label, dt { color: #4c5261; font-size: 7pt; font-weight: 600; }
.secret { font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-weight: 700; line-height: 1.25; }
.secret.code { font-size: 12.5pt; white-space: nowrap; letter-spacing: -.02em; }
.secret.key { font-size: 8.2pt; word-break: break-all; }
.qr { flex: none; width: 26mm; height: 26mm; margin: 2mm 0 1mm 2mm; }
ol { margin-top: 1.6mm !important; padding-left: 4.2mm; font-size: 7.6pt; line-height: 1.35; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 2mm; align-items: baseline; font-size: 7.8pt; line-height: 1.3; }
dl div { display: contents; }
dd { min-width: 0; overflow-wrap: anywhere; }
@media print {
  body { background: #fff; }
  .sheet { margin: 0; box-shadow: none; break-after: page; }
  .sheet:last-child { break-after: auto; }
}
`;
