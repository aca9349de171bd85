import type { Block, Page } from './page.ts';

/** A page for a wiki, or a merge request. */
export function pageMarkdown({ name, about, blocks }: Page): string {
  return [`# ${name}`, sentence(about), ...blocks.map(blockMarkdown)].join('\n\n') + '\n';
}

function blockMarkdown(block: Block): string {
  switch (block.is) {
    case 'heading':
      return `## ${block.text}`;
    case 'text':
      return safe(block.text);
    case 'table':
      return tableLines(
        block.headings,
        block.rows.map(([term = '', ...cells]) => [`\`${term}\``, ...cells]),
      );
    case 'cases':
      return tableLines(block.headings, block.rows);
    case 'shell':
      return fenced('sh', block.text);
    case 'listing':
      return fenced(block.language, block.text);
  }
}

function tableLines(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map(rowLine).join('\n');
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => safe(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

/** Outside of backticks, what Markdown and HTML would take for their own. */
function safe(words: string): string {
  return words
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[*_<[\]]/g, String.raw`\$&`)))
    .join('');
}

function fenced(language: string, lines: string): string {
  return `\`\`\`${language}\n${lines}\n\`\`\``;
}

function sentence(about: string): string {
  return `${about.slice(0, 1).toUpperCase()}${safe(about.slice(1))}.`;
}
