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

/** So many rows are laid out at once: a table takes many times their memory. */
const BLOCK = 500;

/** Rows of safe text, of which there may be more than should be held as such at once. */
export type TableRows = {
  readonly length: number;
  readonly from: (start: number, end: number) => readonly (readonly string[])[];
};

/**
 * Rows of safe text under their headings. Where the terminal is too narrow, the widest columns are cut with `…`, the first, which
 * tells the rows apart, to no less than half of the terminal; where that does not suffice, the last ones are left out, and a line
 * below names them.
 */
export function tableText(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  look: Look,
  more?: string,
): string {
  const all: TableRows = { length: rows.length, from: (start, end) => rows.slice(start, end) };
  return [...tableChunks(headings, all, look, more)].join('');
}

/** The same text, piece by piece. `more`: how to see columns that were left out. */
export function* tableChunks(
  headings: readonly string[],
  rows: TableRows,
  look: Look,
  more = 'Choose with --columns.',
): Iterable<string> {
  const { bold, dim } = paint(look);
  let needed = headings.map((name) => stringWidth(name));
  for (const block of blocksOf(rows)) {
    for (const row of block) needed = needed.map((width, index) => Math.max(width, stringWidth(row[index] ?? '')));
  }
  const { shown, first, cap } = fit(needed, look.columns ?? Number.POSITIVE_INFINITY);
  let head = headings.slice(0, shown).map((heading) => bold(heading.toUpperCase()));
  for (const block of blocksOf(rows)) {
    const table = new Table({
      head,
      chars: BORDERLESS,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      colWidths: needed.slice(0, shown).map((width, index) => Math.min(width, index === 0 ? first : cap)),
    });
    table.push(...block.map((row) => row.slice(0, shown)));
    yield `${table.toString().replaceAll(/ +$/gm, '')}\n`;
    head = [];
  }
  const rest = headings.slice(shown);
  if (rest.length > 0) yield `${dim(`Not shown for want of space: ${rest.join(', ')}. ${more}`)}\n`;
}

function* blocksOf({ length, from }: TableRows): Iterable<readonly (readonly string[])[]> {
  for (let start = 0; start < length; start += BLOCK) yield from(start, start + BLOCK);
}

type Fitted = { readonly shown: number; readonly first: number; readonly cap: number };

/** How many columns fit, and the widths at which the first and the others are cut. */
function fit(needed: readonly number[], available: number): Fitted {
  const [whole = 0, ...others] = needed;
  const half = Math.max(NARROWEST, Math.floor(available / 2));
  const taken = (shown: number, first: number, cap: number): number =>
    others.slice(0, shown - 1).reduce((sum, width) => sum + Math.min(width, cap) + GAP, Math.min(whole, first));
  let shown = needed.length;
  while (shown > 1 && taken(shown, half, NARROWEST) > available) shown -= 1;
  let cap = Math.max(NARROWEST, ...needed);
  while (cap > NARROWEST && taken(shown, Math.max(cap, half), cap) > available) cap -= 1;
  return { shown, first: shown === 1 ? available : Math.max(cap, half), cap };
}
