/** A note for one attendee, as Markdown or as plain text: to mail, to print, to put into a chat. */
import { lines, oneLine } from '../encode/terminal.ts';
import type { Attendee, Style } from './attendee.ts';
import { inLanguage } from './language.ts';
import { PAGE_WORDS } from './page-words.ts';
import { paperOf, type Paper } from './paper.ts';

export function noteText(attendee: Attendee, style: Style): string {
  const { paper, title, intro, footer } = contentOf(attendee, style);
  const rows = rowsOf(paper);
  const width = Math.max(...rows.map(([name]) => name.length));
  return parts([
    `${title}\n${'='.repeat(Array.from(title).length)}`,
    paper.name === null ? paper.seat : `${oneLine(paper.name)} (${paper.seat})`,
    intro,
    rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'),
    paper.steps.map((step, index) => `${String(index + 1)}. ${oneLine(step)}`).join('\n'),
    footer,
  ]);
}

export function noteMarkdown(attendee: Attendee, style: Style): string {
  const { paper, title, intro, footer } = contentOf(attendee, style);
  return parts([
    `# ${marked(title)}`,
    paper.name === null ? marked(paper.seat) : `**${marked(oneLine(paper.name))}** (${marked(paper.seat)})`,
    /* The organiser's own words may have Markdown in them. */
    intro,
    rowsOf(paper)
      .map(([name, value]) => `- ${marked(name)}: ${/^[\w./:#-]+$/.test(value) ? `\`${value}\`` : marked(value)}`)
      .join('\n'),
    paper.steps.map((step, index) => `${String(index + 1)}. ${marked(oneLine(step))}`).join('\n'),
    footer,
  ]);
}

function contentOf(attendee: Attendee, style: Style) {
  const { title, intro, footer } = style.own;
  return {
    paper: paperOf(attendee, style, false),
    title: oneLine(title ?? inLanguage(PAGE_WORDS, style.language).title),
    intro: intro === undefined ? null : lines(intro.trim()),
    footer: footer === undefined ? null : lines(footer.trim()),
  };
}

function rowsOf({ secret, link, places, facts, ends }: Paper): readonly (readonly [string, string])[] {
  const rows = [
    [secret.label, secret.text],
    ...(link === null ? places : [link, ...places.slice(1)]),
    ...facts,
    ends,
  ] as const;
  return rows.map(([name = '', value = '']) => [oneLine(name), oneLine(value)]);
}

function parts(all: readonly (string | null)[]): string {
  return `${all.filter((part) => part !== null).join('\n\n')}\n`;
}

/** What Markdown would take for its own is itself. */
function marked(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, String.raw`\$&`);
}
