import Table from 'cli-table3';
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
    rows.reduce((width, row) => Math.max(width, cells(row[index] ?? '')), cells(name)),
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
  const note = `Not shown for want of room: ${rest.join(', ')}. Choose with --columns.`;
  return `${table.toString().replaceAll(/ +$/gm, '')}\n${rest.length === 0 ? '' : `${dim(note)}\n`}`;
}

/** How many columns there is room for, and the width at which they are cut. */
function fit(needed: readonly number[], room: number): { readonly shown: number; readonly cap: number } {
  const taken = (shown: number, cap: number): number =>
    needed.slice(0, shown).reduce((sum, width) => sum + Math.min(width, cap) + GAP, -GAP);
  let shown = needed.length;
  while (shown > 1 && taken(shown, NARROWEST) > room) shown -= 1;
  let cap = Math.max(NARROWEST, ...needed);
  while (cap > NARROWEST && taken(shown, cap) > room) cap -= 1;
  return { shown, cap };
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

/** How many cells of a terminal a text takes, near enough to share the room out. */
function cells(text: string): number {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 2 : 1;
  return sum;
}
