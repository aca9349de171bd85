/**
 * Fields that a row leaves out, depending on where it is from: lists before 1.108 have no budgets, `/v2/key/info` has never
 * permissions, `/key/info` has them from 1.83 on. They are read from where they are.
 */
import pMap from 'p-map';
import { FIELDS } from '../kinds/key.ts';
import { findByIds, type BulkPorts } from './bulk.ts';
import { canFilter, listByNames } from './by-name.ts';
import { readKeyInfo } from './keys.ts';
import type { ListedRow, Page } from './pages.ts';

const AT_ONCE = 4;

/** The rows, and of those that are `ours` these fields too. `first` is the list's first page. */
export async function complete(
  rows: readonly ListedRow[],
  isOurs: (row: ListedRow) => boolean,
  fields: ReadonlySet<string>,
  first: Page,
  ports: BulkPorts,
): Promise<readonly ListedRow[]> {
  const lacking = (field: string): readonly ListedRow[] =>
    fields.has(field) ? rows.filter((row) => !row.listed.has(field) && isOurs(row)) : [];
  const masks = new Map(rows.flatMap(({ id, key }) => (key.key_name === null ? [] : [[id, key.key_name] as const])));
  const unlisted = Object.entries(FIELDS).flatMap(([name, { listedSince, createOnly }]) =>
    listedSince !== undefined && listedSince !== 'info' && createOnly !== true ? lacking(name) : [],
  );
  const ids = new Set(unlisted.map(({ id }) => id));
  const whole = await findByIds([...ids], masks, ports);
  /* The witness comes back as the list has it. */
  const left = [...whole.doubtful, ...[...ids].filter((id) => id === ports.witness?.id)];
  const single = await askOneByOne(left, ports);
  const knowsPermissions = ports.witness?.listed.has('object_permission') === true;
  const permitted = await readPermissions(knowsPermissions ? lacking('object_permission') : [], first, ports);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const more of [...whole.rows, ...single, ...permitted]) {
    const row = byId.get(more.id);
    if (row !== undefined) byId.set(row.id, merged(row, more));
  }
  return [...byId.values()];
}

async function readPermissions(
  rows: readonly ListedRow[],
  first: Page,
  ports: BulkPorts,
): Promise<readonly ListedRow[]> {
  const names = new Set(rows.flatMap(({ key }) => (key.name !== null && canFilter(key.name) ? [key.name] : [])));
  const listed = (await listByNames([...names], first, ports)).rows;
  const there = new Set(listed.map(({ id }) => id));
  const left = rows.map(({ id }) => id).filter((id) => !there.has(id));
  return [...listed, ...(await askOneByOne(left, ports))];
}

function merged(row: ListedRow, more: ListedRow): ListedRow {
  return {
    ...row,
    key: {
      ...row.key,
      settings: { ...more.key.settings, ...row.key.settings },
      extra: { ...more.key.extra, ...row.key.extra },
    },
    listed: new Set([...row.listed, ...more.listed]),
  };
}

/** Those of the keys that the server has. */
export async function askOneByOne(
  ids: readonly string[],
  { connection, columns }: BulkPorts,
): Promise<readonly ListedRow[]> {
  const rows = await pMap(ids, (id) => readKeyInfo(connection, id, columns), { concurrency: AT_ONCE });
  return rows.filter((row) => row !== null);
}
