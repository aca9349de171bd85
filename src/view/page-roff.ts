import type { Block, Page } from './page.ts';
import { fold } from './wrap.ts';

/** Where a page stands: 1 is for commands, 7 for what is worth knowing. `date`: of the page. */
export type Manual = { readonly section: 1 | 7; readonly date: Date; readonly version: string };

/** Nobody reads lines of roff, but its checkers ask for short ones. */
const WIDTH = 76;

/** A page for man: in the language of its macros, ASCII only. */
export function pageRoff({ name, about, blocks }: Page, { section, date, version }: Manual): string {
  const title = name.replace(/^vkeys help (?=.)/, 'vkeys ').replaceAll(' ', '-');
  const [first] = blocks;
  const lines = [
    `.TH ${escaped(title.toUpperCase())} ${String(section)} ${date.toISOString().slice(0, 10)} "vkeys ${version}"`,
    '.SH NAME',
    `${escaped(title)} \\- ${escaped(about)}`,
    ...(first?.is === 'heading' ? [] : ['.SH DESCRIPTION']),
    ...blocks.flatMap((block, index) => blockLines(block, isFirst(blocks, index))),
    ...(title === 'vkeys' ? [] : ['.SH SEE ALSO', '.BR vkeys (1)']),
  ];
  return `${lines.join('\n')}\n`;
}

/** A section has begun, and needs no paragraph. */
function isFirst(blocks: readonly Block[], index: number): boolean {
  return index === 0 || blocks[index - 1]?.is === 'heading';
}

function blockLines(block: Block, first: boolean): readonly string[] {
  const paragraph = first ? [] : ['.PP'];
  switch (block.is) {
    case 'heading':
      return [`.SH ${escaped(block.text.toUpperCase())}`];
    case 'text':
      return [...paragraph, ...prose(block.text)];
    case 'table':
      return block.rows.flatMap((row) => {
        const [term = '', ...middle] = row.slice(0, -1);
        const more = middle.filter((cell) => cell !== '').map((cell) => ` (${escaped(cell)})`);
        return ['.TP', `\\fB${escaped(term)}\\fR${more.join('')}`, ...prose(row.at(-1) ?? '')];
      });
    case 'cases':
      return block.rows.flatMap(([term = '', ...cells]) => {
        const told = cells.flatMap((cell, index) =>
          cell === '' ? [] : [prose(`${block.headings[index + 1] ?? ''}: ${cell}`)],
        );
        return [
          '.TP',
          `\\fB${escaped(term)}\\fR`,
          ...told.flatMap((each, index) => (index === 0 ? each : ['.br', ...each])),
        ];
      });
    case 'shell':
    case 'listing':
      return [
        ...paragraph,
        '.RS 4',
        '.nf',
        ...block.text.split('\n').map((line) => atStart(escaped(line))),
        '.fi',
        '.RE',
      ];
  }
}

function prose(words: string): readonly string[] {
  const marked = words.split(/(`[^`]*`)/).map((part, index) => {
    return index % 2 === 1 ? `\\fB${escaped(part.slice(1, -1))}\\fR` : escaped(part);
  });
  return fold(marked.join(''), WIDTH).split('\n').map(atStart);
}

/** A point or a quote at the beginning of a line would be an instruction. */
function atStart(line: string): string {
  return /^[.'\\]/.test(line) && !line.startsWith('\\f') ? `\\&${line}` : line;
}

const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

function escaped(words: string): string {
  return words.replaceAll(/[\\\-'`^~"]|[^\n\u0020-\u007E]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return NAMED[character] ?? `\\[u${code}]`;
  });
}
