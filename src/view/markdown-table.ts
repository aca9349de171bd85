/** Tables in Markdown, for comments and pages. */

/** Rows of marked-up text under their headings, line by line; numbers stand at the right. */
export function* markdownTable(
  headings: readonly string[],
  numbers: readonly boolean[],
  rows: Iterable<readonly string[]>,
): Iterable<string> {
  const line = (cells: readonly string[]): string =>
    `| ${headings.map((_, index) => cells[index] ?? '').join(' | ')} |\n`;
  yield line(headings);
  yield line(numbers.map((isNumber) => (isNumber ? '---:' : '---')));
  for (const cells of rows) yield line(cells);
}

/** A text that nothing in it marks up. */
export function plainMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~&#!]/g, String.raw`\$&`);
}
