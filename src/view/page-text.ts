import stringWidth from 'string-width';
import { indent } from '../encode/terminal.ts';
import { paint, widthOf, type Look } from './look.ts';
import type { Block, Page } from './page.ts';
import { fold } from './wrap.ts';

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100;
/** The column of sentences is never narrower. */
const NARROWEST = 20;
/** And the others are never wider. */
const WIDEST_CELL = 32;
const GAP = 2;

/** A page as it is read on a terminal. */
export function pageText({ name, about, blocks }: Page, look: Look): string {
  const width = Math.min(widthOf(look), WIDEST);
  const title = paint(look).bold(name);
  return [`${title}: ${about}\n`, ...blocks.map((block) => blockText(block, width, look))].join('\n');
}

function blockText(block: Block, width: number, look: Look): string {
  const { bold } = paint(look);
  switch (block.is) {
    case 'heading':
      return bold(`${block.text}:`);
    case 'text':
      return `${typed(fold(block.text, width), look)}\n`;
    case 'table':
      return tableLines(block.rows, width, look);
    case 'cases':
      return block.rows.map((row) => caseLines(row, block.headings, width, look)).join('');
    case 'shell':
    case 'listing':
      return `${indent(block.text, '  ')}\n`;
  }
}

function tableLines(rows: readonly (readonly string[])[], width: number, look: Look): string {
  const leading = Math.max(0, ...rows.map((row) => row.length - 1));
  const widths = Array.from({ length: leading }, (_, column) =>
    Math.min(WIDEST_CELL, Math.max(...rows.map((row) => stringWidth(row[column] ?? '')))),
  );
  const rest = Math.max(NARROWEST, width - widths.reduce((sum, each) => sum + each + GAP, GAP));
  const lines = rows.flatMap((row) => {
    const cells = [...widths, rest].map((each, column) => fold(row[column] ?? '', each).split('\n'));
    return Array.from({ length: Math.max(...cells.map((cell) => cell.length)) }, (_, line) =>
      ['', ...cells.map((cell, column) => pad(cell[line] ?? '', widths[column] ?? 0))].join(' '.repeat(GAP)).trimEnd(),
    );
  });
  return `${typed(lines.join('\n'), look)}\n`;
}

/** The first is what it is about, and the second what is said of it; each other one has its heading. */
function caseLines(row: readonly string[], headings: readonly string[], width: number, look: Look): string {
  const [first = '', second = '', ...others] = row;
  const more = others.flatMap((cell, index) => (cell === '' ? [] : [`${headings[index + 2] ?? ''}: ${cell}`]));
  const told = [`${first}: ${second}`, ...more].map((line, index) =>
    indent(fold(line, width - 6), '      ').slice(index === 0 ? 4 : 2),
  );
  return `${typed(told.join('\n'), look).replace(first, () => paint(look).bold(first))}\n`;
}

/** What is typed stands out where there are colours, instead of the backticks. */
function typed(words: string, look: Look): string {
  return look.color === 0 ? words : words.replaceAll(/`([^`]+)`/g, (_, word: string) => paint(look).cyan(word));
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - stringWidth(cell)));
}
