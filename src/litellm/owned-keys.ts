/**
 * The keys that go, or lose their limits, with teams, users and budgets, whoever owns them: what the plan of a deletion has to
 * tell. A list's filter is never believed, so each row is compared; for budgets there is none.
 */
import pMap from 'p-map';
import type { Live } from '../model/resource.ts';
import { gather, type ListedKeys } from './by-name.ts';
import type { BulkPorts } from './bulk.ts';
import { complete } from './complete.ts';
import type { Connection } from './http/request.ts';
import { readPage, type ListedRow, type ListQuery } from './pages.ts';
import { scanList } from './scan.ts';

const AT_ONCE = 4;

/** Whose keys are looked for, by id. */
export type KeyOwners = {
  readonly team_id?: readonly string[];
  readonly user_id?: readonly string[];
  readonly budget_id?: readonly string[];
};

/** Their keys. `isShort`: there may be more. */
export type OwnedKeys = {
  readonly lives: readonly Live[];
  readonly isShort: boolean;
  readonly gaps: readonly string[];
};

/** All keys of these teams, users and budgets, each once. */
export async function ownedKeys(connection: Connection, owners: KeyOwners): Promise<OwnedKeys> {
  const { team_id = [], user_id = [], budget_id = [] } = owners;
  const looks = [
    ...team_id.map((id) => () => keysWith(connection, 'team_id', id)),
    ...user_id.map((id) => () => keysWith(connection, 'user_id', id)),
    ...(budget_id.length === 0 ? [] : [() => keysOfBudgets(connection, new Set(budget_id))]),
  ];
  const found = await pMap(looks, (look) => look(), { concurrency: AT_ONCE });
  const rows = new Map(found.flatMap((each) => each.rows.map((row) => [row.id, row] as const)));
  return {
    lives: [...rows.values()].map(({ id, key }) => ({ ...key, id })),
    isShort: found.some(({ isShort }) => isShort),
    gaps: found.flatMap(({ gaps }) => gaps),
  };
}

async function keysWith(connection: Connection, field: 'team_id' | 'user_id', id: string): Promise<ListedKeys> {
  const query: ListQuery = { filter: { [field]: id }, columns: [] };
  const first = await readPage(connection, query, 1);
  return gather(scanList(connection, query, first), ({ key }) => key.settings[field] === id);
}

/** Before 1.108 lists do not tell a key's budget, so every key is looked at, some pages at a time. */
async function keysOfBudgets(connection: Connection, ids: ReadonlySet<string>): Promise<ListedKeys> {
  const query: ListQuery = { filter: {}, columns: [] };
  const first = await readPage(connection, query, 1);
  const ports: BulkPorts = { connection, columns: [], witness: first.rows[0] ?? null };
  const rows: ListedRow[] = [];
  const gaps: string[] = [];
  let isShort = false;
  for await (const part of scanList(connection, query, first)) {
    const whole = await complete(part.rows, () => true, new Set(['budget_id']), first, ports);
    for (const row of whole) {
      const id = row.key.settings['budget_id'];
      if (typeof id === 'string' && ids.has(id)) rows.push(row);
    }
    gaps.push(...part.gaps);
    isShort ||= part.isShort;
  }
  return { rows, isShort, gaps };
}
