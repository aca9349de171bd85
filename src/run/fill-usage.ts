import { copyOf } from '../base/copy.ts';
import { readTeamAllowances, readUserAllowances } from '../litellm/usage/allowances.ts';
import { MASTER, type Allowance, type Dimension, type UsageRow } from '../model/usage.ts';
import { seeKeysById } from './known-usage.ts';
import type { Context, Session } from './open.ts';

/** Gives rows that are about one key, user or team each what is known of it. */
export async function fillRows(
  rows: readonly UsageRow[],
  by: readonly Dimension[],
  session: Session,
  hear: Context['hear'],
): Promise<void> {
  const [first] = by;
  if (by.length > 1 || first === undefined) return;
  const byId = new Map(rows.flatMap((row) => (idOf(row) === null ? [] : [[idOf(row) ?? '', row] as const])));
  const ids = [...byId.keys()];
  if (first === 'key') {
    for (const row of byId.values()) row.exists = false;
    await seeKeysById(session, ids, hear, (key_id, { key_alias, budget, last_active }) => {
      const row = byId.get(key_id);
      if (row === undefined) return;
      row.exists = true;
      row.budget = budget;
      row.key_alias ??= key_alias === null ? null : copyOf(key_alias);
      if (last_active !== null) row.last_used = copyOf(last_active);
    });
  } else {
    for (const [id, allowance] of await allowancesOf(first, session, ids)) {
      const row = byId.get(id);
      if (row !== undefined) row.budget = allowance;
    }
  }
}

/** What the server can be asked about. */
function idOf({ values: [id = null] }: UsageRow): string | null {
  return id === MASTER ? null : id;
}

async function allowancesOf(
  dimension: Dimension,
  { connection }: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Allowance>> {
  if (ids.length === 0) return new Map();
  if (dimension === 'user') return readUserAllowances(connection, ids);
  return dimension === 'team' ? readTeamAllowances(connection) : new Map();
}
