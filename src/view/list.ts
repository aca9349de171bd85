import { VkeysError } from '../base/errors.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { FIELD_NAMES } from '../kinds/key.ts';
import type { Live } from '../model/model.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Look } from './look.ts';
import { liveJson } from './row.ts';
import { tableText } from './table.ts';
import { oneLine } from '../encode/terminal.ts';
import { fromNow } from './time.ts';
import { plainText } from '../encode/csv.ts';
import { count, spendText } from './value.ts';

const DEFAULT_COLUMNS = ['key_alias', 'owned_by', 'key_name', 'status', 'models', 'spend', 'expires', 'user_id'];
const OWN = [
  'key_alias',
  'key_id',
  'key_name',
  'owned_by',
  'status',
  'spend',
  'created_at',
  'expires',
  'budget_reset_at',
  'metadata',
];
const COLUMNS: readonly string[] = [...new Set([...OWN, ...FIELD_NAMES])];
const MOMENTS: ReadonlySet<string> = new Set(['created_at', 'expires', 'budget_reset_at']);

export type ListOptions = {
  readonly columns?: readonly string[] | undefined;
  /** A column; `-` before it is descending. */
  readonly sort?: string | undefined;
};

/**
 * Live keys as a table for a terminal, or as tab-separated lines without a header for a program. Throws `usage` for a
 * column that does not exist.
 */
export function listText(lives: readonly Live[], look: Look, options: ListOptions): string {
  const columns = (options.columns ?? DEFAULT_COLUMNS).map(known);
  const rows = sortedRows(lives, look.now, options).map((row) => columns.map((column) => cell(column, row, look)));
  if (look.columns === null) return rows.map((row) => `${row.join('\t')}\n`).join('');
  return rows.length === 0 ? 'No keys.\n' : `${tableText(columns, rows, look)}\n${count(rows.length, 'key')}\n`;
}

/** Live keys for programs, sorted. */
export function listJson(lives: readonly Live[], now: Date, options: ListOptions): readonly JsonObject[] {
  return sortedRows(lives, now, options);
}

function sortedRows(lives: readonly Live[], now: Date, { sort = 'key_alias' }: ListOptions): readonly JsonObject[] {
  const descending = sort.startsWith('-');
  const column = known(descending ? sort.slice(1) : sort);
  const collator = new Intl.Collator('en', { numeric: true });
  const compare = (a: Json | undefined, b: Json | undefined): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(plainText(a), plainText(b));
  const rows = lives.map((live) => liveJson(live, now));
  return rows.toSorted((a, b) => {
    const [x, y] = [a[column] ?? null, b[column] ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return descending ? compare(y, x) : compare(x, y);
  });
}

function known(column: string): string {
  if (COLUMNS.includes(column)) return column;
  throw new VkeysError(
    'usage',
    `There is no column ${oneLine(column)}.${didYouMean(column, COLUMNS)}`,
    `Columns: ${COLUMNS.join(', ')}.`,
  );
}

function cell(column: string, row: JsonObject, { columns, now }: Look): string {
  const value = row[column] ?? null;
  const piped = columns === null;
  if (MOMENTS.has(column) && typeof value === 'string') return oneLine(piped ? value : whenText(value, now));
  if (column === 'expires') return piped ? '' : 'never';
  if (column === 'spend' && !piped) return spendText(row);
  if (column === 'models' && Array.isArray(value) && value.length === 0) return piped ? '' : 'all';
  return oneLine(plainText(value));
}

function whenText(moment: string, now: Date): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : fromNow(date, now);
}
