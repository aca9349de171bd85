/**
 * Reading a whole list while others change it. Pages are cut by place, newest first and keys of one instant by their hash –
 * never sorted by `created_at`, which has no second criterion, so that keys of one instant would be skipped. A creation
 * moves all rows to later pages, where they come twice; a deletion moves them to earlier ones, where nobody would see them.
 * So each key counts once, after a deletion the scan goes some pages back, and at the end what was seen is compared with
 * what the server says that it has. It counts after it has read the page, so that keys which others make meanwhile are in the
 * number only: what it said before, and says no less now, must have been seen.
 */
import pMap from 'p-map';
import { VkeysError } from '../base/errors.ts';
import type { Connection } from './http/request.ts';
import { PAGE_SIZE, readPage, type ListedRow, type ListQuery, type Page } from './pages.ts';

/** A list of the server's, of which a page has a hundred rows. */
export type ListOf<R extends { readonly id: string }> = {
  /** What it is a list of, in words. */
  readonly of: string;
  /** Its page `number`, from 1. */
  read(number: number): Promise<PageOf<R>>;
};
export type PageOf<R> = Omit<Page, 'rows'> & { readonly rows: readonly R[] };

/** Pages at the same time: each keeps a server busy for long. */
const AT_ONCE = 4;
/** So often a list is read from its start, and so often one that does not move meanwhile. */
const SCANS = 5;
const SCANS_AT_REST = 3;
/** Milliseconds before a list is read anew, for each time that it was. */
const PAUSE = 100;
/** So many pages one after another without a new key, and it is no list that has an end. */
const MOST_STALE = 12;
/** So many pages a list may grow by while it is read. */
const MOST_GROWTH = 10;
/** What a list of so many keys takes of memory to see each once is half a gigabyte. */
const MOST_KEYS = 5_000_000;
/** So many odd rows are told one by one. */
const TOLD = 5;

/** A part of a list. */
export type ListPart<R = ListedRow> = {
  /** Rows that no part before had. */
  readonly rows: readonly R[];
  /** How many the server says that it has. */
  readonly total: number;
  /** What was left out, in words. */
  readonly gaps: readonly string[];
  /** Only in the last part: the server has more than it showed. */
  readonly isShort: boolean;
};

/** What of a list was looked for. `isShort`: the list has more than it showed. */
export type Found<R> = { readonly rows: readonly R[]; readonly isShort: boolean; readonly gaps: readonly string[] };

/** The rows of a list that are wanted. */
export async function gatherRows<R>(
  scan: AsyncIterable<ListPart<R>>,
  isWanted: (row: R) => boolean = () => true,
): Promise<Found<R>> {
  const rows: R[] = [];
  const gaps: string[] = [];
  let isShort = false;
  for await (const part of scan) {
    for (const row of part.rows) if (isWanted(row)) rows.push(row);
    gaps.push(...part.gaps);
    isShort ||= part.isShort;
  }
  return { rows, isShort, gaps };
}

/** All keys of a list, part by part, each once; its first page is read already. Throws what `readPage` throws. */
export function scanList(connection: Connection, query: ListQuery, first: Page): AsyncGenerator<ListPart> {
  const list = { of: 'keys', read: (number: number) => readPage(connection, query, number) };
  return scanRows(connection, list, first);
}

/** All rows of a list, part by part, each once; its first page is read already. Throws what reading it throws. */
export async function* scanRows<R extends { readonly id: string }>(
  connection: Connection,
  list: ListOf<R>,
  first: PageOf<R>,
): AsyncGenerator<ListPart<R>> {
  const ids = new Set<string>();
  const gaps = new Set<string>();
  let total = first.total;
  let least = total;
  const partOf = (page: PageOf<R>): ListPart<R> => {
    total = page.total;
    least = Math.min(least, total);
    const rows: R[] = [];
    for (const row of page.rows) {
      if (!ids.has(row.id)) rows.push(row);
      ids.add(row.id);
    }
    if (ids.size > MOST_KEYS) throw tooMany(connection, list.of);
    const fresh = page.gaps.filter((gap) => !gaps.has(gap) && gaps.size < TOLD);
    for (const gap of fresh) gaps.add(gap);
    return { rows, total, gaps: fresh, isShort: false };
  };
  for (let scan = 1; scan <= SCANS; scan += 1) {
    if (scan > 1) await connection.sleep(PAUSE * (scan - 1), connection.signal);
    const start = scan === 1 ? first : await list.read(1);
    const [seen, before] = [ids.size, total];
    least = before;
    let odd = start.gaps.length;
    let stale = 0;
    yield partOf(start);
    const isAll = (): boolean => ids.size + odd >= least;
    for await (const page of laterPages(list, start)) {
      const part = partOf(page);
      odd += page.gaps.length;
      stale = part.rows.length === 0 ? stale + 1 : 0;
      yield part;
      if (scan === 1 ? stale === MOST_STALE : isAll()) break;
    }
    if (isAll()) return;
    const rests = ids.size === seen && total === before;
    if (stale === MOST_STALE || (rests && scan >= SCANS_AT_REST)) break;
  }
  const text = `The server's list of ${list.of} stayed incomplete: ${String(ids.size)} of ${String(total)} were seen.`;
  yield { rows: [], total, gaps: [text], isShort: true };
}

/**
 * The pages after the first; after a deletion some of them again. Of pages that were read at the same time nobody knows
 * whether a key came or went between them, so they are then read one by one.
 */
async function* laterPages<R extends { readonly id: string }>(
  list: ListOf<R>,
  start: PageOf<R>,
): AsyncGenerator<PageOf<R>> {
  const most = start.pages + MOST_GROWTH;
  let { total, pages } = start;
  let width = AT_ONCE;
  let next = 2;
  for (let read = 0; next <= Math.min(pages, most) && read < 2 * most;) {
    const numbers = Array.from({ length: Math.min(width, pages - next + 1) }, (_, index) => next + index);
    const batch = await pMap(numbers, (number) => list.read(number));
    yield* batch;
    read += batch.length;
    const totals = batch.map((page) => page.total);
    const gone = Math.max(total, ...totals) - Math.min(...totals);
    if (gone === 0 && batch.some((page) => page.rows.length === 0 && page.gaps.length === 0)) return;
    /* Rows that moved between two of these pages, or to the one before them, were not seen. */
    next = gone > 0 ? Math.max(1, next - Math.ceil(gone / PAGE_SIZE)) : next + batch.length;
    width = gone > 0 ? 1 : Math.min(AT_ONCE, width * 2);
    total = batch.at(-1)?.total ?? total;
    pages = batch.at(-1)?.pages ?? pages;
  }
}

function tooMany({ url }: Connection, what: string): VkeysError {
  return new VkeysError(
    'protocol',
    `${url} goes on telling of ${what} after ${String(MOST_KEYS)}.`,
    'Is this the address of a LiteLLM proxy? `vkeys doctor` tells more.',
  );
}
