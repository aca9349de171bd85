/** What files of rows have in common: whose row is whose, and in which order they stand. */
import { Secret } from '../../base/secret.ts';

/** How a row says whose it is; what it does not say is `null`. */
export type RowIdentity = {
  readonly key_alias: string | null;
  readonly key: string | null;
  readonly key_id: string | null;
  readonly api_base_url: string | null;
};

/** The key whose secret stands in the row. */
export function holderOf({ key }: RowIdentity): string | null {
  return key === null || key === '' ? null : new Secret(key).hash();
}

/**
 * The rows with others put in: one takes the place of the row of its key, known by the hash, or of an older key of that
 * name on that server. What comes anew is sorted in, if the rows are sorted, and else put at the end.
 */
export function putIn<Row, New extends RowIdentity>(
  rows: readonly Row[],
  added: readonly New[],
  identityOf: (row: Row) => RowIdentity,
  merged: (added: New, row: Row | null) => Row,
): readonly Row[] {
  const byId = new Map(added.map((each) => [each.key_id, each]));
  const byName = new Map(added.map((each) => [nameOf(each), each]));
  const put = new Set<New>();
  const kept = rows.flatMap((row): readonly Row[] => {
    const identity = identityOf(row);
    const own = byId.get(holderOf(identity)) ?? byId.get(identity.key_id) ?? byName.get(nameOf(identity));
    if (own === undefined) return [row];
    if (put.has(own)) return [];
    put.add(own);
    return [merged(own, row)];
  });
  const compare = byAlias<Row>((row) => identityOf(row).key_alias ?? '');
  const isSorted = rows.every((row, index) => index === 0 || compare(rows[index - 1] ?? row, row) <= 0);
  const anew = added.filter((each) => !put.has(each)).map((each) => merged(each, null));
  return isSorted ? [...kept, ...anew].toSorted(compare) : [...kept, ...anew.toSorted(compare)];
}

function nameOf({ key_alias, api_base_url }: RowIdentity): string {
  return JSON.stringify([key_alias, api_base_url]);
}

/** Sorts by alias as people count: `user2` before `user10`. */
function byAlias<T>(aliasOf: (row: T) => string): (a: T, b: T) => number {
  const collator = new Intl.Collator('en', { numeric: true });
  return (a, b) => collator.compare(aliasOf(a), aliasOf(b));
}
