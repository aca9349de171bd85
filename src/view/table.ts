import Table from 'cli-table3';
import stringWidth from 'string-width';
import { paint, type Look } from './look.ts';

/** Two spaces between columns and no lines. */
// oxfmt-ignore
const BORDERLESS = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
  bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
};
const GAP = 2;
/** A column is never cut to less than this: half a date or half a price says nothing. */
const NARROWEST = 12;

/**
 * Rows of safe text under their headings. Where the terminal is too narrow, the widest columns are cut with `…`; where
 * that does not suffice, the last ones are left out, and a line below names them.
 */
export function tableText(headings: readonly string[], rows: readonly (readonly string[])[], look: Look): string {
  const { bold, dim } = paint(look);
  const needed = headings.map((name, index) =>
    rows.reduce((width, row) => Math.max(width, stringWidth(row[index] ?? '')), stringWidth(name)),
  );
  const { shown, cap } = fit(needed, look.columns ?? Number.POSITIVE_INFINITY);
  const table = new Table({
    head: headings.slice(0, shown).map((heading) => bold(heading.toUpperCase())),
    chars: BORDERLESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: needed.slice(0, shown).map((width) => (width > cap ? cap : null)),
  });
  table.push(...rows.map((row) => row.slice(0, shown)));
  const rest = headings.slice(shown);
  const note = `Not shown for want of space: ${rest.join(', ')}. Choose with --columns.`;
  return `${table.toString().replaceAll(/ +$/gm, '')}\n${rest.length === 0 ? '' : `${dim(note)}\n`}`;
}

/** How many columns fit, and the width at which they are cut. */
function fit(needed: readonly number[], available: number): { readonly shown: number; readonly cap: number } {
  const taken = (shown: number, cap: number): number =>
    needed.slice(0, shown).reduce((sum, width) => sum + Math.min(width, cap) + GAP, -GAP);
  let shown = needed.length;
  while (shown > 1 && taken(shown, NARROWEST) > available) shown -= 1;
  let cap = Math.max(NARROWEST, ...needed);
  while (cap > NARROWEST && taken(shown, cap) > available) cap -= 1;
  return { shown, cap };
}
