/** The forms that hand-outs for people come in, and the files that each is. */
import type { Attendee, Style } from './attendee.ts';
import { cardsHtml } from './cards.ts';
import type { File, Folder } from './folder.ts';
import { noteMarkdown, noteText } from './note.ts';
import { keysCsv, mailMergeCsv } from './table.ts';

export const HANDOUT_FORMATS = ['page', 'cards', 'md', 'txt', 'csv', 'mail-merge'] as const;
export type HandoutFormat = (typeof HANDOUT_FORMATS)[number];

export const PAGE = 'page.html';
export const CARDS = 'cards.html';

/** Names of files; of notes the folder, in which each is named by its seat, so that no name is told and none can choose a path. */
const NAMES: Readonly<Record<HandoutFormat, string>> = {
  page: PAGE,
  cards: CARDS,
  md: 'md/',
  txt: 'txt/',
  csv: 'keys.csv',
  'mail-merge': 'mail-merge.csv',
};

/** Whose form a file is; `null`: no form's. */
function formatOfFile(name: string): HandoutFormat | null {
  const format = HANDOUT_FORMATS.find(
    (each) => name === NAMES[each] || (isNotes(each) && name.startsWith(NAMES[each])),
  );
  return format ?? (name === PDF ? 'cards' : null);
}

/** The cards as a browser prints them. */
export const PDF = 'cards.pdf';

function isNotes(format: HandoutFormat): boolean {
  return NAMES[format].endsWith('/');
}

/** The files of all forms but the page, which is more work. */
export async function filesOf(
  formats: readonly HandoutFormat[],
  attendees: readonly Attendee[],
  style: Style,
): Promise<readonly File[]> {
  const files: File[] = [];
  for (const format of formats) {
    if (format === 'page') continue;
    if (isNotes(format)) {
      const write = format === 'md' ? noteMarkdown : noteText;
      files.push(
        ...attendees.map((each) => secretFile(`${NAMES[format]}${String(each.seat)}.${format}`, write(each, style))),
      );
    } else if (format === 'cards') files.push(secretFile(CARDS, await cardsHtml(attendees, style)));
    else files.push(secretFile(NAMES[format], format === 'csv' ? keysCsv(attendees) : mailMergeCsv(attendees, style)));
  }
  return files;
}

function secretFile(name: string, text: string): File {
  return { name, text, isPublic: false };
}

/**
 * What of the folder's files is not among these names. `gone`: of a form that is made now, or a note of somebody who is gone;
 * `old`: forms of an earlier run that nobody asked for now.
 */
export function leftIn(
  { known }: Pick<Folder, 'known'>,
  names: readonly string[],
  formats: readonly HandoutFormat[],
  attendees: readonly Attendee[],
): { readonly gone: readonly string[]; readonly old: readonly HandoutFormat[] } {
  const seats = new Set(attendees.map(({ seat }) => String(seat)));
  const left = [...known.keys()].flatMap((name) => {
    const format = names.includes(name) ? null : formatOfFile(name);
    const [, seat] = /^\w+\/(\d+)\./.exec(name) ?? [];
    const isGone = format !== null && (formats.includes(format) || (seat !== undefined && !seats.has(seat)));
    return format === null ? [] : [{ name, format, isGone }];
  });
  const old = left.flatMap(({ format, isGone }) => (isGone ? [] : [format]));
  return { gone: left.flatMap(({ name, isGone }) => (isGone ? [name] : [])), old: [...new Set(old)] };
}
