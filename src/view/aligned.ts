/** Numbers stand at the right of their columns. */
export function aligned(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly boolean[],
): readonly [readonly string[], readonly (readonly string[])[]] {
  const widths = headings.map((heading, index) =>
    rows.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), heading.length),
  );
  const align = (cells: readonly string[]): readonly string[] =>
    cells.map((cell, index) => (numbers[index] === true ? cell.padStart(widths[index] ?? 0) : cell));
  return [align(headings), rows.map(align)];
}
