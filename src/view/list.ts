/**
 * Live keys as a list, for servers with many: of each key only what it is sorted by and what will be printed are held, packed,
 * so that the keys themselves can go while the next ones come; and what is printed is made piece by piece.
 */
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { didYouMean } from '../base/suggest.ts';
import { unpack, type Packed } from '../encode/packed.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import { FIELD_NAMES } from '../kinds/key.ts';
import { USAGE, type Live } from '../model/resource.ts';
import type { Look } from './look.ts';
import { liveJson } from './row.ts';
import { startSorting, type Sorted } from './sorted.ts';
import { tableChunks } from './table.ts';
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

/** A list that grows. Both throw `usage` for a column that does not exist, before the first key. */
export type TextList = {
  readonly add: (lives: readonly Live[], now: Date) => void;
  /** The text, piece by piece. */
  readonly chunks: () => Iterable<string>;
};
export type RowList = {
  readonly add: (lives: readonly Live[], now: Date) => void;
  readonly rows: () => Iterable<JsonObject>;
  /** The names of all members that any row has. */
  readonly names: () => readonly string[];
};

/** Live keys as a table for a terminal, or as tab-separated lines without a header for a program. */
export function startText(look: Look, { columns = DEFAULT_COLUMNS, sort }: ListOptions): TextList {
  const known = knownColumns(columns);
  const sorted = sortedBy(sort);
  let spent = 0;
  const isPiped = look.columns === null;
  return {
    add: (lives, now) => {
      for (const row of lives.map((live) => liveJson(live, now))) {
        const cells = known.map((column) => [column, cell(column, row, isPiped, now)] as const);
        sorted.add(row, Object.fromEntries(cells));
      }
      spent += lives.reduce((sum, { spend }) => sum + spend, 0);
    },
    chunks: function* chunks() {
      const all = sorted.all();
      const cellsOf = (packed: Packed): readonly string[] => {
        const cells = unpack(packed);
        return known.map((column) => plainText(cells[column]));
      };
      if (isPiped) for (const packed of all) yield `${cellsOf(packed).join('\t')}\n`;
      else if (all.length === 0) yield 'No keys.\n';
      else {
        yield* tableChunks(
          known,
          { length: all.length, from: (start, end) => all.slice(start, end).map(cellsOf) },
          look,
        );
        yield `\n${count(all.length, 'key')}, ${dollars(spent)} US dollars spent\n`;
      }
    },
  };
}

/** Live keys for programs, whole or with these columns alone. */
export function startRows({ columns, sort }: ListOptions): RowList {
  const known = columns === undefined ? null : knownColumns(columns);
  const sorted = sortedBy(sort);
  const shown = (row: JsonObject): JsonObject =>
    known === null ? row : Object.fromEntries(known.map((column) => [column, row[column] ?? null]));
  return {
    add: (lives, now) => {
      for (const row of lives.map((live) => liveJson(live, now))) sorted.add(row, shown(row));
    },
    rows: function* rows() {
      for (const packed of sorted.all()) yield unpack(packed);
    },
    names: () => [...new Set([...new Set(sorted.all().map(({ names }) => names))].flat())],
  };
}

/** By a column, with `-` before it the other way round. */
function sortedBy(sort = 'key_alias'): Sorted {
  const isDescending = sort.startsWith('-');
  return startSorting(knownColumn(isDescending ? sort.slice(1) : sort), isDescending);
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
