/** Tables in Markdown, for comments and pages. */

/** Rows of marked-up text under their headings; numbers stand at the right. */
export function markdownTable(
  headings: readonly string[],
  numbers: readonly boolean[],
  rows: readonly (readonly string[])[],
): string {
  return [headings, numbers.map((isNumber) => (isNumber ? '---:' : '---')), ...rows]
    .map((cells) => `| ${headings.map((_, index) => cells[index] ?? '').join(' | ')} |\n`)
    .join('');
}

/** A text that nothing in it marks up. */
export function plainMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~&#!]/g, String.raw`\$&`);
}
