/**
 * Live things as a list, for servers with many: of each only what it is sorted by and what will be printed are held, packed,
 * so that the things themselves can go while the next ones come; and what is printed is made piece by piece.
 */
import { VkeysError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { didYouMean } from '../base/suggest.ts';
import { unpack, type Packed } from '../encode/packed.ts';
import { plainText } from '../encode/plain.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Kind } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import type { Look } from './look.ts';
import { startSorting, type Sorted } from './sorted.ts';
import { tableChunks } from './table.ts';
import { fromNow } from './time.ts';
import { count, dollars, spendText } from './value.ts';

/** Lists of models; none in them is all that there are. */
export const MODEL_LISTS: ReadonlySet<string> = new Set(['models', 'allowed_models']);
const MOMENTS: ReadonlySet<string> = new Set(['created_at', 'expires', 'budget_reset_at', 'last_active']);

/** What a list shows of the things of a kind. */
export type ListView = {
  readonly kind: Kind;
  /** Every column that it may have, and those that it has unless others are chosen. */
  readonly columns: readonly string[];
  readonly usual: readonly string[];
  /** The column that it is sorted by unless another is chosen. */
  readonly sort: string;
  /** One thing, under the names of the columns. */
  readonly row: (live: Live, now: Date) => JsonObject;
};

export type ListOptions = {
  readonly columns?: readonly string[] | undefined;
  /** A column; `-` before it is descending. */
  readonly sort?: string | undefined;
  /** How to see columns for which a terminal has no space. */
  readonly more?: string;
};

/** A list that grows. Both throw `usage` for a column that does not exist, before the first thing. */
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

/** Live things as a table for a terminal, or as tab-separated lines without a header for a program. */
export function startText(view: ListView, look: Look, options: ListOptions): TextList {
  const known = knownColumns(view, options.columns ?? view.usual);
  const sorted = sortedBy(view, options.sort);
  let spent = 0;
  let isTold = true;
  const isPiped = look.columns === null;
  return {
    add: (lives, now) => {
      for (const row of lives.map((live) => view.row(live, now))) {
        const cells = known.map((column) => [column, cell(column, row, isPiped, now)] as const);
        sorted.add(row, Object.fromEntries(cells));
        if (typeof row['spend'] === 'number') spent += row['spend'];
        else isTold = false;
      }
    },
    chunks: function* chunks() {
      const all = sorted.all();
      const cellsOf = (packed: Packed): readonly string[] => {
        const cells = unpack(packed);
        return known.map((column) => plainText(cells[column]));
      };
      if (isPiped) for (const packed of all) yield `${cellsOf(packed).join('\t')}\n`;
      else if (all.length === 0) yield `No ${view.kind}s.\n`;
      else {
        yield* tableChunks(
          known,
          { length: all.length, from: (start, end) => all.slice(start, end).map(cellsOf) },
          look,
          options.more,
        );
        yield `\n${count(all.length, view.kind)}${isTold ? `, ${dollars(spent)} US dollars spent` : ''}\n`;
      }
    },
  };
}

/** Live things for programs, whole or with these columns alone. */
export function startRows(view: ListView, { columns, sort }: ListOptions): RowList {
  const known = columns === undefined ? null : knownColumns(view, columns);
  const sorted = sortedBy(view, sort);
  const shown = (row: JsonObject): JsonObject =>
    known === null ? row : Object.fromEntries(known.map((column) => [column, row[column] ?? null]));
  return {
    add: (lives, now) => {
      for (const row of lives.map((live) => view.row(live, now))) sorted.add(row, shown(row));
    },
    rows: function* rows() {
      for (const packed of sorted.all()) yield unpack(packed);
    },
    names: () => [...new Set([...new Set(sorted.all().map(({ names }) => names))].flat())],
  };
}

/** By a column, with `-` before it the other way round. */
function sortedBy(view: ListView, sort = view.sort): Sorted {
  const isDescending = sort.startsWith('-');
  return startSorting(knownColumn(view, isDescending ? sort.slice(1) : sort), isDescending);
}

function knownColumns(view: ListView, columns: readonly string[]): readonly string[] {
  if (columns.length > 0) return columns.map((column) => knownColumn(view, column));
  throw new VkeysError('usage', '--columns names no column.', `Columns: ${view.columns.join(', ')}.`);
}

function knownColumn({ columns }: ListView, column: string): string {
  if (columns.includes(column)) return column;
  throw new VkeysError(
    'usage',
    `There is no column ${oneLine(column)}.${didYouMean(column, columns)}`,
    `Columns: ${columns.join(', ')}.`,
  );
}

function cell(column: string, row: JsonObject, isPiped: boolean, now: Date): string {
  const value = row[column] ?? null;
  if (MOMENTS.has(column) && typeof value === 'string') return oneLine(isPiped ? value : whenText(value, now));
  if (column === 'expires') return isPiped ? '' : 'never';
  if (column === 'spend' && !isPiped) return spendText(row);
  if (MODEL_LISTS.has(column) && Array.isArray(value) && value.length === 0) return isPiped ? '' : 'all';
  return oneLine(plainText(value));
}

function whenText(moment: string, now: Date): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : fromNow(date, now);
}
