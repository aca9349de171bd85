/**
 * One page of a list of keys. Others' keys may have rows that nobody can read: metadata of megabytes, lists in lists. A page
 * that cannot be read is read again in smaller ones, until only those rows are left out.
 */
import { send, type Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { hashIn, readRow, type KeyRow } from './rows.ts';

/** So many keys a page has: the most that LiteLLM gives. */
export const PAGE_SIZE = 100;
/** Each divides the one before, so that a page is some whole smaller ones. */
const SMALLER: Readonly<Record<number, number>> = { 100: 25, 25: 5, 5: 1 };
/** So many rows of one page may be odd; a page of more is none of LiteLLM's. */
const MOST_ODD = 10;
const PATH = '/key/list';

/** What of the list is asked for: LiteLLM's filters, which are never trusted, and columns that vkeys knows nothing of. */
export type ListQuery = { readonly filter: Readonly<Record<string, string>>; readonly columns: readonly string[] };

/** Keys that the list has from one place on. */
export type Page = {
  /** All of them name their keys. */
  readonly rows: readonly ListedRow[];
  /** How many keys, and pages of a hundred, the server says that it has. */
  readonly total: number;
  readonly pages: number;
  /** What was left out, in words. */
  readonly gaps: readonly string[];
  readonly sandbox: string | null;
};

export type ListedRow = KeyRow & { readonly id: string };

/** Page `number`, from 1. Throws what `send` throws, and `protocol` for what is no list of LiteLLM's. */
export async function readPage(connection: Connection, query: ListQuery, number: number): Promise<Page> {
  return readPart(connection, query, { number, size: PAGE_SIZE }, { odd: 0 });
}

type Part = { readonly number: number; readonly size: number };

async function readPart(connection: Connection, query: ListQuery, part: Part, seen: { odd: number }): Promise<Page> {
  try {
    return await readAtOnce(connection, query, part, seen);
  } catch (error) {
    const smaller = SMALLER[part.size];
    if (!(error instanceof RequestError) || error.unread !== 'too much' || seen.odd >= MOST_ODD) throw error;
    if (smaller === undefined) {
      seen.odd += 1;
      return { rows: [], total: 0, pages: 0, gaps: [gapAt(part.number, error)], sandbox: null };
    }
    const parts: Page[] = [];
    const first = ((part.number - 1) * part.size) / smaller + 1;
    for (let number = first; number < first + part.size / smaller; number += 1) {
      parts.push(await readPart(connection, query, { number, size: smaller }, seen));
    }
    const total = Math.max(...parts.map((each) => each.total));
    /* Where nothing of it can be read, nobody knows what it is. */
    if (total === 0 && part.size === PAGE_SIZE) throw error;
    return {
      rows: parts.flatMap(({ rows }) => rows),
      total,
      pages: Math.ceil(total / PAGE_SIZE),
      gaps: parts.flatMap(({ gaps }) => gaps),
      sandbox: parts.find(({ sandbox }) => sandbox !== null)?.sandbox ?? null,
    };
  }
}

async function readAtOnce(
  connection: Connection,
  { filter, columns }: ListQuery,
  { number, size }: Part,
  seen: { odd: number },
): Promise<Page> {
  const query = { return_full_object: 'true', page: String(number), size: String(size), ...filter };
  const { body, sandbox } = await send(connection, { method: 'GET', path: PATH, query });
  const { keys, total_count: total, total_pages: pages } = readAs(ANSWERS.Page, body, PATH);
  const rows: ListedRow[] = [];
  const gaps: string[] = [];
  for (const [index, row] of keys.entries()) {
    try {
      const { id, ...rest } = readRow(row, PATH, columns);
      rows.push({ ...rest, id: hashIn(id, PATH) });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      seen.odd += 1;
      if (seen.odd > MOST_ODD || (rows.length === 0 && index === keys.length - 1)) throw error;
      gaps.push(gapAt((number - 1) * size + index + 1, error));
    }
  }
  return { rows, total, pages, gaps, sandbox };
}

function gapAt(place: number, { message }: RequestError): string {
  return `Key ${String(place)} of the server's list is left out: ${message}`;
}
