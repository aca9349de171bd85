/** A CSV file → its header and its rows, with the place of each cell. What separates is what all rows agree on. */
import { parse, type CsvError } from 'csv-parse/sync';
import type { Origin } from '../../model/resource.ts';
import { diagnose, type OnDiagnostic, type Text } from './text.ts';

export type Row = {
  /** Without blanks at their ends. */
  readonly cells: readonly string[];
  readonly at: (column: number) => Origin;
};
export type Table = { readonly header: Row; readonly rows: readonly Row[] };

const SEPARATORS = [',', ';', '\t', '|'];
/** What Excel understands in a first line. */
const EXCELS = /^"?sep=([^\w\s"']|\t)"?[;,\t ]*\r?\n/i;

type Parsed = { readonly cells: readonly string[]; readonly raw: string; readonly start: number };
type Reading = { readonly separator: string; readonly rows: readonly Parsed[]; readonly error: CsvError | null };

/** `null` where it is no table; that is reported. */
export function readTable(text: Text, report: OnDiagnostic): Table | null {
  const fail = (origin: Origin, message: string, hint: string): null => {
    report(diagnose(text, origin, { rule: 'roster', message, hint }));
    return null;
  };
  const [line = '', said] = EXCELS.exec(text.text) ?? [];
  const candidates = said === undefined ? SEPARATORS.filter((each) => text.text.includes(each)) : [said];
  const [first, ...others] = candidates.map((each) => readingOf(text.text, line.length, each));
  const { separator, rows, error } = others.reduce(better, first ?? readingOf(text.text, line.length, ','));
  if (error !== null) {
    const last = text.origin(text.text.length).line;
    const place = { file: text.file, line: Math.min(Number(error.lines), last), column: 1 };
    return fail(
      place,
      `The roster is no CSV: ${error.message}.`,
      'Write a quote inside of quotes twice, and close all.',
    );
  }
  const [header, ...users] = rows;
  if (header === undefined)
    return fail(text.origin(0), 'The roster is empty.', 'Its first row names the columns, one of them user.');
  const odd = users.find((row) => !isAlike(row, header));
  if (odd !== undefined) {
    const message = `The row has ${String(odd.cells.length)} cells, and the header has ${String(header.cells.length)}.`;
    const name = separator === '\t' ? 'a tab' : `the separator ${separator}`;
    const hint = `Give each row as many cells as the header; a cell with ${name} in it has quotes around it.`;
    return fail(text.origin(odd.start), message, hint);
  }
  const rowOf = (parsed: Parsed): Row => ({
    cells: parsed.cells,
    at: (column) => text.origin(parsed.start + offsetOf(parsed.raw, separator, column)),
  });
  return { header: rowOf(header), rows: users.map(rowOf) };
}

/** All rows that have a value. */
function readingOf(text: string, from: number, separator: string): Reading {
  const rows: Parsed[] = [];
  let start = from;
  const options = {
    delimiter: separator,
    /* Of CR and LF the first is a blank at the end of a cell. */
    record_delimiter: text.includes('\n') ? '\n' : '\r',
    relax_column_count: true,
    trim: true,
    raw: true,
  };
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- its types do not know what `raw` does
    for (const { record, raw } of parse(text.slice(from), options) as unknown as readonly RawRecord[]) {
      const cells = record.map((cell) => cell.trim().normalize('NFC'));
      if (cells.some((cell) => cell !== '')) rows.push({ cells, raw, start });
      start += raw.length;
    }
    return { separator, rows, error: null };
  } catch (error) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- csv-parse throws nothing else
    return { separator, rows, error: error as CsvError };
  }
}

type RawRecord = { readonly record: readonly string[]; readonly raw: string };

function better(one: Reading, other: Reading): Reading {
  const difference = rankOf(other) - rankOf(one) || widthOf(other) - widthOf(one);
  return difference > 0 ? other : one;
}

function widthOf({ rows: [header] }: Reading): number {
  return header?.cells.length ?? 0;
}

/** The part of the rows that agree on the header's columns; one column is a last resort, and half a table none. */
function rankOf(reading: Reading): number {
  const [header, ...rows] = reading.rows;
  if (header === undefined || reading.error !== null) return -1;
  const alike = (rows.filter((row) => isAlike(row, header)).length + 1) / reading.rows.length;
  return widthOf(reading) > 1 ? 1 + alike : alike;
}

/** Spreadsheets leave empty cells behind the last column. */
function isAlike({ cells }: Parsed, { cells: { length } }: Parsed): boolean {
  return cells.length >= length && cells.slice(length).every((cell) => cell === '');
}

/** Where a cell begins in its row. */
function offsetOf(raw: string, separator: string, column: number): number {
  let [left, isQuoted, at] = [column, false, 0];
  while (left > 0 && at < raw.length) {
    if (raw[at] === '"') isQuoted = !isQuoted;
    else if (raw[at] === separator && !isQuoted) left -= 1;
    at += 1;
  }
  return at;
}
