/**
 * What a run has to know of a server's keys, at a cost that follows the run's keys and not the server's. The first page tells
 * how many there are. A few pages are read whole; of more only what is wanted is asked for, by hash and by alias. Whichever way
 * it goes, a wanted key that was not seen is asked for by its hash before anybody concludes that it is gone.
 */
import type { Live } from '../model/resource.ts';
import type { Survey, Wanted } from '../model/survey.ts';
import { findByIds, findByNames, isSame, type BulkPorts } from './bulk.ts';
import type { Connection } from './http/request.ts';
import { askOneByOne, complete } from './complete.ts';
import { readPage, type ListedRow, type ListQuery, type Page } from './pages.ts';
import type { KeyRow } from './rows.ts';
import { gather, isManaged, listByNames, NO_KEYS, type ListedKeys } from './by-name.ts';
import { scanList } from './scan.ts';

/** So many pages are read whole. */
export const FEW_PAGES = 5;

/** What of a key a run looks at, beside what every row has. */
export type Detail = {
  /** Managed fields that its specs name: those which some rows leave out are read with more requests. */
  readonly fields: ReadonlySet<string>;
  /** Fields that vkeys knows nothing of, for `Live.extra`. */
  readonly columns: readonly string[];
};

/** What is wanted of the keys of a server. Throws what `send` throws, and `protocol` for what is no LiteLLM. */
export async function surveyKeys(connection: Connection, wanted: Wanted, look: Detail): Promise<Survey> {
  const query: ListQuery = { filter: {}, columns: look.columns };
  const first = await readPage(connection, query, 1);
  const ports: BulkPorts = { connection, columns: look.columns, witness: witnessIn(first) };
  const isWhole = wanted.all || first.pages <= FEW_PAGES;
  const found = isWhole ? await gather(scanList(connection, query, first), wantedRows(wanted)) : NO_KEYS;
  const [byId, named] = await Promise.all([
    findByIds(missingIds(wanted.ids, found.rows), wanted.masks ?? new Map(), ports),
    isWhole || wanted.names.length === 0 ? [] : findByNames(wanted.names, ports),
  ]);
  const known = [...found.rows, ...byId.rows];
  const more = await identify(named, wanted.names, known, first, ports);
  const seen = [...known, ...more.rows];
  const single = await askOneByOne(missingIds(byId.doubtful, seen), ports);
  const isOurs = wantedRows({ ...wanted, keep: wanted.keep ?? (() => false) });
  const rows = await complete(unique([...seen, ...single]), isOurs, look.fields, first, ports);
  const isShort = found.isShort || more.isShort;
  return {
    kind: 'key',
    lives: rows.map(liveOf),
    now: connection.clock.server(),
    complete: isWhole && !isShort,
    isShort,
    listed: listedIn(rows, first),
    sandbox: first.sandbox,
    gaps: [...found.gaps, ...more.gaps],
  };
}

/**
 * All keys of a server, page by page, with these columns in `extra`, and these fields also where lists leave them out; with a
 * filter, those that this version finds with it. The last part tells, in `gaps`, if the list stayed incomplete.
 */
export async function* streamKeys(
  connection: Connection,
  { columns = [], fields = new Set() }: Partial<Detail> = {},
  filter: ListQuery['filter'] = {},
): AsyncGenerator<KeysPart> {
  const query: ListQuery = { filter, columns };
  const first = await readPage(connection, query, 1);
  const ports: BulkPorts = { connection, columns, witness: witnessIn(first) };
  for await (const { rows, ...part } of scanList(connection, query, first)) {
    const managed = await complete(rows.filter(isManaged), () => true, fields, first, ports);
    yield { ...part, lives: managed.map(liveOf), listed: listedBy(managed) };
  }
}

/** Keys that no part before had, and how many the server says that it has. */
export type KeysPart = {
  readonly lives: readonly Live[];
  /** The fields that all of their rows have; `null` where there are none. */
  readonly listed: ReadonlySet<string> | null;
  readonly total: number;
  /** What was left out, in words. */
  readonly gaps: readonly string[];
  /** Only in the last part: the server has more than it showed. */
  readonly isShort: boolean;
};

function liveOf({ id, key }: ListedRow): Live {
  return { ...key, id };
}

/** A key that can be asked for in either way. */
function witnessIn({ rows }: Page): ListedRow | null {
  return rows.find(({ key }) => key.name !== null && key.name !== '') ?? rows[0] ?? null;
}

function unique(rows: readonly ListedRow[]): readonly ListedRow[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function wantedRows({ ids, names, keep }: Wanted): (row: ListedRow) => boolean {
  if (keep === undefined) return () => true;
  const [byId, byName] = [new Set(ids), new Set(names)];
  return (row) => byId.has(row.id) || (row.key.name !== null && byName.has(row.key.name)) || keep(liveOf(row));
}

function missingIds(ids: readonly string[], rows: readonly ListedRow[]): readonly string[] {
  const there = new Set(rows.map(({ id }) => id));
  return [...new Set(ids)].filter((id) => !there.has(id));
}

/**
 * Which keys those are that a bulk answer has under these names: those that it does not name, and that are none of the `known`,
 * are looked up in the list; and where there is no such answer, all names are.
 */
async function identify(
  found: readonly KeyRow[] | null,
  names: readonly string[],
  known: readonly ListedRow[],
  first: Page,
  ports: BulkPorts,
): Promise<ListedKeys> {
  if (found === null) return listByNames(names, first, ports);
  const named = found.filter((row): row is ListedRow => row.id !== null);
  const nameless = found
    .filter((row) => row.id === null && !known.some((each) => isSame(row, each)))
    .map(({ key }) => key.name ?? '');
  const listed = await listByNames([...new Set(nameless)], first, ports);
  return { ...listed, rows: [...named, ...listed.rows] };
}

/** The fields that all of these rows have; where there are none, those that the list has. */
function listedIn(rows: readonly ListedRow[], { rows: listed }: Page): ReadonlySet<string> | null {
  return listedBy(rows.length === 0 ? listed.slice(0, 1) : rows);
}

function listedBy([first, ...others]: readonly ListedRow[]): ReadonlySet<string> | null {
  if (first === undefined) return null;
  return new Set([...first.listed].filter((name) => others.every((row) => row.listed.has(name))));
}
