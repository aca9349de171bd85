/**
 * Comma-separated values (RFC 4180) that are safe to open in a spreadsheet: a cell that it would take for a formula
 * (`=`, `+`, `-`, `@`, tab or CR first) gets a single quote in front, as spreadsheets themselves write text. A cell that
 * begins with such quotes gets one more, so that taking one off (`fromCell`) always gives back what was written.
 */
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { lines } from './terminal.ts';

const FORMULA = /^'*[=+\-@\t\r]/;

/** The value of one cell as it stands in the file. */
function toCell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The value of a cell, already unquoted by a CSV reader. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** Rows of cells, each ended by `eol`. */
export function csvLines(rows: readonly (readonly string[])[], eol: '\n' | '\r\n' = '\n'): string {
  return rows.map((row) => `${row.map(toCell).join(',')}${eol}`).join('');
}

/**
 * Objects as rows under the names of all their members. Lists of words are joined by commas, other values are JSON. CSV
 * has no form for control characters (RFC 4180), so they are written as escapes.
 */
export function csvText(objects: readonly JsonObject[]): string {
  const names = [...new Set(objects.flatMap(Object.keys))];
  return names.length === 0
    ? ''
    : csvLines([names.map(lines), ...objects.map((row) => names.map((name) => lines(plainText(row[name]))))]);
}

/** A value for a program's table: nothing for `null`, lists of words joined by commas, other values as JSON. */
export function plainText(value: Json | undefined): string {
  if (value == null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => !isObject(item))) return value.map(String).join(',');
  return JSON.stringify(value);
}
