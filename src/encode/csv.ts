/**
 * Comma-separated values (RFC 4180) that are safe to open in a spreadsheet: a cell that it would take for a formula
 * (`=`, `+`, `-`, `@`, tab or CR first) gets a single quote in front, as spreadsheets themselves write text. A cell that
 * begins with such quotes gets one more, so that taking one off (`fromCell`) always gives back what was written.
 */
import { stringify } from 'csv-stringify/sync';
import type { JsonObject } from '../base/json.ts';
import { plainText } from './plain.ts';
import { lines } from './terminal.ts';

const FORMULA = /^'*[=+\-@\t\r]/;

/** The text of one cell, before it is quoted, so that no spreadsheet takes it for a formula. */
export function toCell(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

/** The value of a cell, already unquoted by a CSV reader. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** How the rows of a file are written. */
export type CsvStyle = { readonly delimiter: string; readonly eol: '\n' | '\r\n' };

/** Rows of cells as they are, see `toCell`. */
export function csvLines(
  rows: readonly (readonly string[])[],
  { delimiter, eol }: CsvStyle = { delimiter: ',', eol: '\n' },
): string {
  return stringify(
    rows.map((row) => [...row]),
    { delimiter, record_delimiter: eol },
  );
}

/**
 * Objects as rows under the names of all their members. Lists of words are joined by commas, other values are JSON. CSV
 * has no form for control characters (RFC 4180), so they are written as escapes.
 */
export function csvText(objects: readonly JsonObject[]): string {
  return [...csvChunks([...new Set(objects.flatMap((object) => Object.keys(object)))], objects)].join('');
}

/** So many rows are written at once. */
const CHUNK = 100;

/** The same, for more objects than should be held at once, and the names of all their members. */
export function* csvChunks(names: readonly string[], objects: Iterable<JsonObject>): Iterable<string> {
  if (names.length === 0) return;
  let rows: (readonly string[])[] = [names];
  for (const object of objects) {
    rows.push(names.map((name) => plainText(object[name])));
    if (rows.length < CHUNK) continue;
    yield cellLines(rows);
    rows = [];
  }
  yield cellLines(rows);
}

function cellLines(rows: readonly (readonly string[])[]): string {
  return csvLines(rows.map((row) => row.map((cell) => toCell(lines(cell)))));
}
