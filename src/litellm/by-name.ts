/**
 * Keys by their aliases, through the list's filter. A version may take it for a part of the alias, and anything on the way may drop
 * it, so every row is compared; where filters would cost more than the whole list, that is read.
 */
import pMap from 'p-map';
import type { BulkPorts } from './bulk.ts';
import { readPage, type ListedRow, type ListQuery, type Page } from './pages.ts';
import { gatherRows, scanList, type Found, type ListPart } from './scan.ts';

const AT_ONCE = 4;
/** A shorter beginning is shared by others too. */
const SHORTEST_PREFIX = 3;
/** The team of the user interface's session keys, which are nobody's to manage. */
const SESSION_TEAM = 'litellm-dashboard';

export type ListedKeys = Found<ListedRow>;

export const NO_KEYS: ListedKeys = { rows: [], isShort: false, gaps: [] };

/** Everything under these names; `all` is the first page of the whole list. */
export async function listByNames(names: readonly string[], all: Page, ports: BulkPorts): Promise<ListedKeys> {
  const together = await listByPrefix(names, ports);
  if (together !== null) return together;
  const { connection, columns } = ports;
  const whole: ListQuery = { filter: {}, columns };
  const lists = names.map((name): ListQuery => ({ filter: { key_alias: name }, columns }));
  const isFilter = names.every(canFilter);
  const starts = await pMap(isFilter ? lists : [], (query) => readPage(connection, query, 1), { concurrency: AT_ONCE });
  const cost = starts.reduce((sum, { pages }) => sum + Math.max(0, pages - 1), 0);
  const scans =
    !isFilter || cost > all.pages
      ? [scanList(connection, whole, all)]
      : starts.map((start, index) => scanList(connection, lists[index] ?? whole, start));
  const wanted = new Set(names);
  const found = await pMap(scans, (scan) => gather(scan, named(wanted)), { concurrency: AT_ONCE });
  return {
    rows: found.flatMap(({ rows }) => rows),
    isShort: found.some(({ isShort }) => isShort),
    gaps: found.flatMap(({ gaps }) => gaps),
  };
}

/**
 * Names that begin alike, with one page of the keys that have their beginning in them, from 1.83 on. `null` where it is not one page,
 * or nothing shows that the filter looks for parts.
 */
async function listByPrefix(
  names: readonly string[],
  { connection, columns, witness }: BulkPorts,
): Promise<ListedKeys | null> {
  const prefix = names.length < 2 ? '' : sharedPrefix(names);
  if (prefix.length < SHORTEST_PREFIX || !canFilter(prefix)) return null;
  if (witness?.listed.has('access_group_ids') !== true) return null;
  const filter = { key_alias: prefix, substring_matching: 'true' };
  const page = await readPage(connection, { filter, columns }, 1);
  const isPart = page.rows.some(({ key }) => key.name !== prefix && key.name?.includes(prefix) === true);
  if (!isPart || page.rows.length < page.total || page.gaps.length > 0) return null;
  return { ...NO_KEYS, rows: page.rows.filter(isManaged).filter(named(new Set(names))) };
}

/** Whether the list's filter can find it. A backslash finds nothing on 1.83, and an empty filter counts as none. */
export function canFilter(name: string): boolean {
  return name !== '' && !name.includes('\\');
}

function sharedPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
  /* Half of a character is none. */
  return first.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

function named(names: ReadonlySet<string>): (row: ListedRow) => boolean {
  return ({ key }) => key.name !== null && names.has(key.name);
}

/** The managed rows of a list that are wanted. */
export function gather(scan: AsyncIterable<ListPart>, isWanted: (row: ListedRow) => boolean): Promise<ListedKeys> {
  return gatherRows(scan, (row) => isManaged(row) && isWanted(row));
}

export function isManaged({ key }: ListedRow): boolean {
  return key.settings['team_id'] !== SESSION_TEAM;
}
