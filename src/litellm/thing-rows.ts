/** The rows of budgets, users and teams, which have their ids and names where their kind's facts say. */
import { isObject, type JsonObject } from '../base/json.ts';
import type { KindFacts } from '../model/kind.ts';
import type { Live } from '../model/resource.ts';
import type { Survey, Wanted } from '../model/survey.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import type { Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';
import { listedFields, settingsOf } from './row-settings.ts';
import { extraOf, markOf, momentOf } from './rows.ts';

/** A row of the server's, and the id that it has. */
export type ThingRow = { readonly id: string; readonly row: JsonObject };

/** A row with its id. Throws `protocol` for one that has none. */
export function thingRow({ identity }: KindFacts, row: unknown, path: string): ThingRow {
  const id = isObject(row) ? row[identity ?? ''] : null;
  if (isObject(row) && typeof id === 'string') return { id, row };
  throw new RequestError(
    'protocol',
    `A row of ${path} has no ${String(identity)}.`,
    'Is this the address of a LiteLLM proxy? If so, tell us its version: `vkeys doctor`.',
    { reach: 'unknown' },
  );
}

/** A row as a `Live` thing, with these columns of it in `extra`. */
export function thingOf(
  { kind, naming, fields }: KindFacts,
  { id, row }: ThingRow,
  columns: readonly string[] = [],
): Live {
  const { metadata: whole, created_at, budget_reset_at, spend } = readAs(ANSWERS.Thing, row, kind);
  const metadata = isObject(whole) ? whole : {};
  const name = row[naming];
  return {
    kind,
    id,
    name: typeof name === 'string' ? name : null,
    key_name: null,
    settings: settingsOf(fields, row, metadata),
    metadata,
    mark: markOf(metadata),
    created_at: momentOf(created_at),
    expires: null,
    budget_reset_at: momentOf(budget_reset_at),
    spend: spend ?? 0,
    extra: extraOf(columns, row, metadata),
  };
}

/** What was found of a kind, of which everything counts that is wanted. */
export function surveyOfThings(
  connection: Connection,
  facts: KindFacts,
  rows: readonly ThingRow[],
  wanted: Wanted,
  {
    columns = [],
    ...more
  }: Pick<Survey, 'complete' | 'isShort' | 'sandbox' | 'gaps'> & {
    readonly columns?: readonly string[];
  },
): Survey {
  const all = [...new Map(rows.map((each) => [each.id, each])).values()];
  const isWanted = wantedThings(facts, wanted, true);
  return {
    kind: facts.kind,
    lives: all.filter(isWanted).map((each) => thingOf(facts, each, columns)),
    now: connection.clock.server(),
    listed: listedIn(facts, all),
    ...more,
  };
}

/** The fields that all of these rows have, whatever their values; `null` where there are none. */
export function listedIn({ fields }: KindFacts, rows: readonly ThingRow[]): ReadonlySet<string> | null {
  const [first, ...others] = rows.map(({ row }) => listedFields(fields, row));
  return first === undefined ? null : new Set([...first].filter((name) => others.every((each) => each.has(name))));
}

/** Whether a row is wanted, by its id, by its name, or by whose it is; `others`: where that does not matter. */
export function wantedThings(
  facts: KindFacts,
  { ids, names, keep }: Wanted,
  others: boolean,
): (each: ThingRow) => boolean {
  const [byId, byName] = [new Set(ids), new Set(names)];
  return (each) => {
    if (byId.has(each.id)) return true;
    const live = thingOf(facts, each);
    return byName.has(live.name ?? '') || (keep?.(live) ?? others);
  };
}
