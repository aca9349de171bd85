import type { Json } from '../base/json.ts';
import { refuse } from './answers.ts';
import type { StoredKey, Server } from './state.ts';

type Compare = (a: StoredKey, b: StoredKey) => number;

const COLUMNS = ['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias'];
/** Sorted with the token as a second criterion, and with null at the end both ways. */
const LATER_COLUMNS = ['expires', 'last_active', 'budget_reset_at', 'total_spend', 'tpm_limit', 'rpm_limit'];

const byToken: Compare = (a, b) => compare(a.token, b.token);
const newestFirst: Compare = (a, b) => compare(b.created_at, a.created_at) || -byToken(a, b);

/**
 * Rows in the order in which page `page` of `/key/list` is cut from them. Without `sort_by` that is newest first, keys
 * of one instant by their token. With one of the older columns there is no second criterion: a database gives rows of
 * one value in any order, and in another one for each page. Here that order turns with each page, so that rows on both
 * sides of a page's border are skipped and doubled whenever their values are equal.
 */
export function orderRows(
  server: Server,
  query: URLSearchParams,
  rows: readonly StoredKey[],
  page: number,
): StoredKey[] {
  const column = query.get('sort_by');
  if (server.facts.sorting === 'never' || column === null) return rows.toSorted(newestFirst);
  const direction = readDirection(server, query, column);
  const isSettled = LATER_COLUMNS.includes(column);
  const sides: Compare = (a, b) => {
    const [left = null, right = null] = [a[column], b[column]];
    const atEnd = isSettled && (left === null || right === null);
    return (atEnd ? 1 : direction) * compare(left, right);
  };
  const equals = isSettled || page % 2 === 1 ? 1 : -1;
  return rows.toSorted((a, b) => sides(a, b) || equals * byToken(a, b));
}

function readDirection({ facts }: Server, query: URLSearchParams, column: string): 1 | -1 {
  const columns = facts.sorting === 'more columns' ? [...COLUMNS, ...LATER_COLUMNS] : COLUMNS;
  if (!columns.includes(column)) {
    const text = `Invalid sort column. Must be one of: ${columns.join(', ')}`;
    throw refuse(400, 'internal_server_error', `{'error': '${text}'}`);
  }
  const order = (query.get('sort_order') ?? 'desc').toLowerCase();
  if (order === 'asc') return 1;
  if (order === 'desc') return -1;
  throw refuse(400, 'internal_server_error', `{'error': "Invalid sort order. Must be 'asc' or 'desc'"}`);
}

/** PostgreSQL sorts null after everything else. */
function compare(a: Json, b: Json): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
