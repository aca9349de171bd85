/**
 * Live keys as a list, for servers with many: of each key only what it is sorted by and the text that will be printed are
 * held, so that the keys themselves can go while the next ones come. Both are copied into bytes: a piece of a text keeps the
 * whole answer alive that it was cut from, and a text that was put together keeps all of its pieces.
 */
import { VkeysError } from '../base/errors.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../base/json.ts';
import { didYouMean } from '../base/suggest.ts';
import { jsonItem } from '../encode/json.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import { FIELD_NAMES } from '../kinds/key.ts';
import { USAGE, type Live } from '../model/resource.ts';
import type { Look } from './look.ts';
import { liveJson } from './row.ts';
import { tableText } from './table.ts';
import { fromNow } from './time.ts';
import { count, dollars, spendText } from './value.ts';

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
const COLUMNS: readonly string[] = [...new Set([...OWN, ...USAGE, ...FIELD_NAMES])];
const MOMENTS: ReadonlySet<string> = new Set(['created_at', 'expires', 'budget_reset_at', 'last_active']);

export type ListOptions = {
  readonly columns?: readonly string[] | undefined;
  /** A column; `-` before it is descending. */
  readonly sort?: string | undefined;
};

/** Texts in the order of a column, whatever the order in which they came. */
type Sorted = {
  readonly add: (row: JsonObject, text: string) => void;
  readonly all: () => Iterable<string>;
};

/** A list that grows. Both throw `usage` for a column that does not exist, before the first key. */
export type TextList = {
  readonly add: (lives: readonly Live[], now: Date) => void;
  readonly text: () => string;
};
export type RowList = {
  readonly add: (lives: readonly Live[], now: Date) => void;
  readonly rows: () => Iterable<JsonObject>;
  readonly texts: () => Iterable<string>;
};

/** Live keys as a table for a terminal, or as tab-separated lines without a header for a program. */
export function startText(look: Look, { columns = DEFAULT_COLUMNS, sort }: ListOptions): TextList {
  const known = knownColumns(columns);
  const sorted = startSorting(sort);
  let spent = 0;
  const isPiped = look.columns === null;
  return {
    add: (lives, now) => {
      for (const row of lives.map((live) => liveJson(live, now))) {
        sorted.add(row, known.map((column) => cell(column, row, isPiped, now)).join('\t'));
      }
      spent += lives.reduce((sum, { spend }) => sum + spend, 0);
    },
    text: () => {
      const lines = [...sorted.all()];
      if (isPiped) return lines.map((line) => `${line}\n`).join('');
      const rows = lines.map((line) => line.split('\t'));
      if (rows.length === 0) return 'No keys.\n';
      const sum = `${count(rows.length, 'key')}, ${dollars(spent)} US dollars spent`;
      return `${tableText(known, rows, look)}\n${sum}\n`;
    },
  };
}

/** Live keys for programs, whole or with these columns alone; `texts`: as `jsonItem` has them. */
export function startRows({ columns, sort }: ListOptions): RowList {
  const known = columns === undefined ? null : knownColumns(columns);
  const sorted = startSorting(sort);
  const shown = (row: JsonObject): JsonObject =>
    known === null ? row : Object.fromEntries(known.map((column) => [column, row[column] ?? null]));
  return {
    add: (lives, now) => {
      for (const row of lives.map((live) => liveJson(live, now))) sorted.add(row, jsonItem(shown(row)));
    },
    texts: sorted.all,
    rows: function* rows() {
      for (const text of sorted.all()) {
        const row = parseJson(text);
        if (isObject(row)) yield row;
      }
    },
  };
}

function startSorting(sort = 'key_alias'): Sorted {
  const isDescending = sort.startsWith('-');
  const column = knownColumn(isDescending ? sort.slice(1) : sort);
  const collator = new Intl.Collator('en', { numeric: true });
  const compare = (a: Json, b: Json): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(plainText(a), plainText(b));
  const all: { readonly by: Json; readonly bytes: Buffer }[] = [];
  return {
    add: (row, text) => void all.push({ by: copyOf(row[column] ?? null), bytes: Buffer.from(text) }),
    all: function* inOrder() {
      all.sort(({ by: a }, { by: b }) => {
        if (a === null || b === null) return Number(a === null) - Number(b === null);
        return isDescending ? compare(b, a) : compare(a, b);
      });
      for (const { bytes } of all) yield bytes.toString();
    },
  };
}

function copyOf(value: Json): Json {
  return typeof value === 'string' ? Buffer.from(value).toString() : value;
}

function knownColumns(columns: readonly string[]): readonly string[] {
  if (columns.length > 0) return columns.map(knownColumn);
  throw new VkeysError('usage', '--columns names no column.', `Columns: ${COLUMNS.join(', ')}.`);
}

function knownColumn(column: string): string {
  if (COLUMNS.includes(column)) return column;
  throw new VkeysError(
    'usage',
    `There is no column ${oneLine(column)}.${didYouMean(column, COLUMNS)}`,
    `Columns: ${COLUMNS.join(', ')}.`,
  );
}

function cell(column: string, row: JsonObject, isPiped: boolean, now: Date): string {
  const value = row[column] ?? null;
  if (MOMENTS.has(column) && typeof value === 'string') return oneLine(isPiped ? value : whenText(value, now));
  if (column === 'expires') return isPiped ? '' : 'never';
  if (column === 'spend' && !isPiped) return spendText(row);
  if (column === 'models' && Array.isArray(value) && value.length === 0) return isPiped ? '' : 'all';
  return oneLine(plainText(value));
}

function whenText(moment: string, now: Date): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : fromNow(date, now);
}
