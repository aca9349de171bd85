/**
 * A table with a header. Spreadsheets save it with a byte order mark, semicolons, CRLF, quotes, columns in another
 * order and new ones between them: all of that stays. Columns are known by their names, rows by the hash of their secret,
 * and cells that are not ours are written as they were read. A new table begins with a mark where it has more than ASCII,
 * because Excel shows `Müller` as `MÃ¼ller` without.
 */
import { isDeepStrictEqual } from 'node:util';
import type { VkeysError } from '../../base/errors.ts';
import { csvLines, fromCell, toCell, type CsvStyle } from '../../encode/csv.ts';
import { SEPARATORS } from '../../model/delivery.ts';
import type { TextFormat } from '../format.ts';
import { namesFor, secretsIn } from '../handout.ts';
import type { Part } from '../sink.ts';
import { damaged, notOurs } from '../not-ours.ts';
import { holderOf, putIn, type RowIdentity } from './rows.ts';

export const csv: TextFormat = {
  detail: () => null,
  put: withKeys,
  held: async (text, key_ids) => {
    const { columns, rows } = await read(text);
    return new Set(rows.map((row) => holderOf(identityIn(columns)(row)) ?? '').filter((id) => key_ids.has(id)));
  },
  remove: (text, left) => withoutKeys(text, new Set(left.map(({ key_id }) => key_id))),
};

const HEADER = ['user', 'user_id', 'key_alias', 'key', 'key_id', 'api_base_url', 'expires'] as const;
/** Of characters, so that a file without lines is not read three times. */
const LONGEST_HEADER = 65_536;
const MARK = '\uFEFF';
/** Without these nobody knows whose row is whose. */
const NEEDED = ['key_alias', 'key'];

type Cells = readonly string[];
type Table = {
  readonly columns: Cells;
  readonly rows: readonly Cells[];
  readonly style: CsvStyle;
  readonly mark: '' | typeof MARK;
};
type Row = RowIdentity & { readonly cells: Readonly<Record<string, string>> };

async function withKeys(text: string | null, parts: readonly Part[]): Promise<string> {
  const { rows: before, ...table } = await read(text, parts);
  const columns = [...new Set([...table.columns, ...parts.flatMap(askedBy)])];
  const rows = putIn(
    before.map((row) => columns.map((_, at) => row[at] ?? '')),
    parts.map(rowOf),
    identityIn(columns),
    ({ cells }, old) =>
      columns.map((name, at) => (Object.hasOwn(cells, name) ? toCell(cells[name] ?? '') : (old?.[at] ?? ''))),
  );
  /* What a spreadsheet saved in its own way is left so, as long as it says the same. */
  if (text !== null && isDeepStrictEqual([columns, ...rows], [table.columns, ...before])) return text;
  const mark = isEmpty(text) && isMarked(parts, [columns, ...rows]) ? MARK : table.mark;
  return write({ ...table, columns, rows, mark });
}

function isEmpty(text: string | null): text is null {
  return text === null || text.trim() === '';
}

/** Whether a new file begins with a mark: as it is asked for, or where there is more than ASCII. */
function isMarked(parts: readonly Part[], rows: readonly Cells[]): boolean {
  const asked = parts.map(({ delivery }) => (delivery.to === 'csv' ? delivery.mark : undefined));
  return asked.find((mark) => mark !== undefined) ?? /[^\0-\x7F]/.test(rows.flat().join(''));
}

/** The columns that a delivery names. */
function askedBy({ delivery }: Part): Cells {
  return delivery.to === 'csv' ? (delivery.columns ?? []) : [];
}

/** The cells of ours: columns of a roster only where they are asked for, as others may have some of that name. */
function rowOf(part: Part): Row {
  const { key: handout, to } = part;
  const { key_alias, user, user_id, key_id, secret, expires } = handout;
  const [key, { api_base_url }] = [secret.reveal(), to];
  const names: Readonly<Record<string, string>> = { ...namesFor(handout, to), ...secretsIn(handout) };
  const asked = askedBy(part).map((name) => [name, names[name] ?? '']);
  const ours = { user: user ?? '', user_id: user_id ?? '', key_alias, key, key_id, api_base_url };
  const cells = { ...Object.fromEntries(asked), ...ours, expires: expires ?? '' };
  return { key_alias, key, key_id, api_base_url, cells };
}

async function withoutKeys(text: string, key_ids: ReadonlySet<string>): Promise<string | null> {
  const table = await read(text);
  const rows = table.rows.filter((row) => {
    const identity = identityIn(table.columns)(row);
    return !key_ids.has(identity.key_id ?? '') && !key_ids.has(holderOf(identity) ?? '');
  });
  if (rows.length === table.rows.length) return text;
  return rows.length === 0 ? null : write({ ...table, rows });
}

function write({ columns, rows, style, mark }: Table): string {
  return mark + csvLines([columns, ...rows], style);
}

function identityIn(columns: Cells): (row: Cells) => RowIdentity {
  const cellOf = (name: string): ((row: Cells) => string | null) => {
    const at = columns.indexOf(name);
    return (row) => (at === -1 ? null : fromCell(row[at] ?? ''));
  };
  const [key_alias, key, key_id, api_base_url] = [
    cellOf('key_alias'),
    cellOf('key'),
    cellOf('key_id'),
    cellOf('api_base_url'),
  ];
  return (row) => ({ key_alias: key_alias(row), key: key(row), key_id: key_id(row), api_base_url: api_base_url(row) });
}

/** `parts`: how a new table is to be. */
async function read(text: string | null, parts: readonly Part[] = []): Promise<Table> {
  if (isEmpty(text)) {
    const asked = [...new Set(parts.flatMap(askedBy))];
    const [delimiter = ','] = parts.flatMap(({ delivery }) =>
      delivery.to === 'csv' ? (delivery.separator ?? []) : [],
    );
    return { columns: asked.length === 0 ? HEADER : asked, rows: [], style: { delimiter, eol: '\n' }, mark: '' };
  }
  const { parse } = await import('csv-parse/sync');
  const [head = ''] = /^[\r\n\uFEFF]*/.exec(text) ?? [];
  const mark = head.includes(MARK) ? MARK : '';
  const eol = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  const body = text.slice(head.length);
  const linesOf = (part: string, delimiter: string, more: object): readonly Cells[] | Error => {
    try {
      return parse(part, { delimiter, skip_empty_lines: true, ...more });
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  const beginning = body.slice(0, LONGEST_HEADER);
  const delimiter = SEPARATORS.find((each) => {
    const lines = linesOf(beginning, each, { to: 1 });
    return !(lines instanceof Error) && isHeader(lines[0]);
  });
  if (delimiter === undefined) throw notOurs(`has no columns ${NEEDED.join(' and ')} in its first line`);
  const lines = linesOf(body, delimiter, {});
  if (lines instanceof Error) throw damagedCsv(lines, text, head.length);
  const [columns = [], ...rows] = lines;
  return { columns, rows, style: { delimiter, eol }, mark };
}

/** `start`: where the part of the text begins of which the error tells a line. */
function damagedCsv(
  error: Error & { readonly code?: unknown; readonly lines?: unknown },
  text: string,
  start: number,
): VkeysError {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return damaged('CSV', 'the quote that opens here is not closed', text, openQuoteIn(text));
  const why =
    error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH'
      ? 'this line has more or fewer cells than the first one'
      : 'this line has a quote beside other text';
  let at = start;
  for (let line = 1; line < Number(error.lines); line += 1) at = text.indexOf('\n', at) + 1;
  return damaged('CSV', why, text, at);
}

/** The last quote that opens; a doubled one closes and opens again. */
function openQuoteIn(text: string): number {
  let open = 0;
  for (let at = text.indexOf('"'), isOpening = true; at !== -1; at = text.indexOf('"', at + 1), isOpening = !isOpening)
    if (isOpening) open = at;
  return open;
}

function isHeader(cells: Cells | undefined): boolean {
  return (
    cells !== undefined &&
    NEEDED.every((name) => cells.indexOf(name) !== -1 && cells.indexOf(name) === cells.lastIndexOf(name))
  );
}
