/** All attendees as one table, safe to open in a spreadsheet: for the organiser, or for a mail merge. */
import { csvLines, toCell } from '../encode/csv.ts';
import { lines } from '../encode/terminal.ts';
import { linkOf, type Attendee, type Style } from './attendee.ts';

/** Excel shows `Müller` as `MÃ¼ller` without. */
const MARK = '\uFEFF';

type Row = Readonly<Record<string, string>>;

/** Everything, keys and codes too. */
export function keysCsv(attendees: readonly Attendee[]): string {
  return csvOf(
    attendees.map(({ seat, code, key, key_alias, name, about }) => ({
      seat: String(seat),
      name,
      code: code.reveal(),
      key_alias,
      key: key.reveal(),
      api_base_url: `${about.api_endpoint}/v1`,
      models: about.models.join(', '),
      max_budget: about.max_budget === undefined ? '' : String(about.max_budget),
      budget_duration: about.budget_duration ?? '',
      expires: about.expires ?? '',
    })),
  );
}

/** The roster's own columns, with the code and, where the page will be known, the link: no key is mailed. */
export function mailMergeCsv(attendees: readonly Attendee[], { pageUrl }: Pick<Style, 'pageUrl'>): string {
  const columns = withoutCopies(attendees);
  return csvOf(
    attendees.map((attendee) => {
      const { seat, code, name, about } = attendee;
      const own = Object.fromEntries(columns.map((column) => [column, attendee.columns[column] ?? '']));
      const link = linkOf(attendee, pageUrl);
      return {
        ...own,
        ...(columns.includes('name') ? {} : { name }),
        seat: String(seat),
        code: code.reveal(),
        ...(link === null ? {} : { link }),
        expires: about.expires ?? '',
      };
    }),
  );
}

/** Names of columns. What is only another name for a column of the roster is left out. */
function withoutCopies(attendees: readonly Attendee[]): readonly string[] {
  const names = [...new Set(attendees.flatMap(({ columns }) => Object.keys(columns)))];
  const isCopy = (name: string): boolean =>
    OURS.has(name) &&
    names.some((other) => !OURS.has(other) && attendees.every(({ columns }) => columns[other] === columns[name]));
  return names.filter((name) => !isCopy(name));
}

const OURS = new Set(['user', 'user_id']);

function csvOf(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))];
  const text = csvLines(cells.map((row) => row.map((cell) => toCell(lines(cell)))));
  return /[^\0-\x7F]/.test(text) ? MARK + text : text;
}
