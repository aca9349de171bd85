import type { TableRows } from './table.ts';

/** So many rows are looked at together. */
const BLOCK = 500;

/** Numbers stand at the right of their columns. */
export function aligned(
  headings: readonly string[],
  { length, from }: TableRows,
  numbers: readonly boolean[],
): readonly [headings: readonly string[], rows: TableRows] {
  let widths = headings.map((heading) => heading.length);
  for (let start = 0; start < length; start += BLOCK)
    for (const row of from(start, start + BLOCK))
      widths = widths.map((width, index) => Math.max(width, row[index]?.length ?? 0));
  const align = (cells: readonly string[]): readonly string[] =>
    cells.map((cell, index) => (numbers[index] === true ? cell.padStart(widths[index] ?? 0) : cell));
  return [align(headings), { length, from: (start, end) => from(start, end).map(align) }];
}
