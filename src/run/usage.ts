/** How much was used, told by keys, users, teams, models, days, tags and sets: from the cheapest source that the server has. */
import { dayOf } from '../base/day.ts';
import { VkeysError } from '../base/errors.ts';
import { listPublicNames } from '../litellm/models.ts';
import { readTeamAllowances, readUserAllowances } from '../litellm/usage/allowances.ts';
import { findUsage } from '../litellm/usage/source.ts';
import { isNamed, type Selector } from '../model/selector.ts';
import {
  MASTER,
  type Allowance,
  type Dimension,
  type UsageCell,
  type UsageLine,
  type UsageReport,
  type UsageRow,
} from '../model/usage.ts';
import { startSum, totalOf } from '../model/usage-sum.ts';
import { knownAsDeleted, knownById, knownInKeyrings, knownOnServer, type KnownUses } from './known-usage.ts';
import type { KeyringFlags } from './keyrings.ts';
import type { ConnectOptions } from './options.ts';
import type { Context, Session } from './open.ts';

/** What is asked for. */
export type UsageChoice = {
  readonly by: readonly Dimension[];
  /** Days with both ends, from the server's today. */
  readonly days: (today: string) => { readonly since: string; readonly until: string };
  readonly selectors: readonly Selector[];
  readonly set?: string | undefined;
  readonly user?: string | undefined;
  readonly team?: string | undefined;
};

/** What there is, and what of it could not be told, in words. */
export type UsageFound = { readonly report: UsageReport; readonly gaps: readonly string[] };

/** Before 1.83 nobody knows whose key was refused; later, something that was no key may have been sent. */
const NOBODYS = 'Some requests that failed or were refused are of no key that LiteLLM knows.';

type Asking = Context<ConnectOptions & KeyringFlags>;

/** Throws what the server refuses, and `usage` for what its version cannot tell. */
export async function findUse(context: Asking, session: Session, choice: UsageChoice): Promise<UsageFound> {
  const { connection } = session;
  const { by, selectors, set, user, team } = choice;
  const query = { needs: needsOf(choice), ...choice.days(dayOf(connection.clock.server())) };
  const kept: KnownUses = query.needs.has('key') || query.needs.has('set') ? await knownInKeyrings(context) : new Map();
  const source = await findUsage(connection, query);
  const listed: KnownUses = query.needs.has('set') ? await knownOnServer(session, context.hear) : new Map();
  const deleted: KnownUses = query.needs.has('set') ? await knownAsDeleted(session, listed) : new Map();
  const publicNames = query.needs.has('model') ? await publicNamesOf(session) : new Map<string, string>();
  const setOf = (key_id: string | null): string | null =>
    key_id === null ? null : ([listed, kept, deleted].find((keys) => keys.has(key_id))?.get(key_id)?.set ?? null);
  const isWanted = (cell: UsageCell): boolean =>
    (user === undefined || cell.user_id === user) &&
    (team === undefined || cell.team_id === team) &&
    (set === undefined || setOf(cell.key_id) === set) &&
    (selectors.length === 0 || selectors.some((word) => names(word, cell)));
  const sum = startSum({ by, isWanted, setOf });
  const isByKey = by.includes('key') || by.includes('set');
  let hasNobodys = false;
  for await (const cells of source.cells()) {
    hasNobodys ||= isByKey && cells.some(({ key_id, failed }) => key_id === null && failed > 0);
    sum.add(
      cells.map((cell) => ({
        ...cell,
        key_alias: cell.key_alias ?? (cell.key_id === null ? null : (kept.get(cell.key_id)?.key_alias ?? null)),
        model: cell.model === null ? null : (publicNames.get(cell.model) ?? cell.model),
      })),
    );
  }
  const rows = sum.rows();
  const lines = await linesOf(rows, by, session, listed, context.hear);
  const { since, until } = query;
  const total = by.includes('tag') ? null : totalOf(rows);
  const as_of = connection.clock.server().toISOString();
  return {
    report: { by, since, until, as_of, source: source.name, lines, total },
    gaps: [...source.gaps, ...(hasNobodys ? [NOBODYS] : [])],
  };
}

function needsOf({ by, selectors, set, user, team }: UsageChoice): ReadonlySet<Dimension> {
  return new Set<Dimension>([
    ...by,
    ...(selectors.length > 0 ? ['key' as const] : []),
    ...(set === undefined ? [] : ['set' as const]),
    ...(user === undefined ? [] : ['user' as const]),
    ...(team === undefined ? [] : ['team' as const]),
  ]);
}

function names(word: Selector, { key_id, key_alias }: UsageCell): boolean {
  return key_id !== null && isNamed(word, { id: key_id, name: key_alias, key_name: null });
}

/** Only who manages models may see what the server calls them. */
async function publicNamesOf({ connection }: Session): Promise<ReadonlyMap<string, string>> {
  try {
    return await listPublicNames(connection);
  } catch (error) {
    if (error instanceof VkeysError && error.kind === 'auth') return new Map();
    throw error;
  }
}

/** The rows, with what is known of the one key, user or team that each of them is about. */
async function linesOf(
  rows: readonly UsageRow[],
  by: readonly Dimension[],
  session: Session,
  listed: KnownUses,
  hear: Context['hear'],
): Promise<readonly UsageLine[]> {
  const [first, ...others] = by;
  const ids = rows.flatMap(({ group: [value] }) => (value?.[1] == null || value[1] === MASTER ? [] : [value[1]]));
  if (others.length > 0 || first === undefined) return rows.map((row) => lineOf(row, null));
  if (first === 'key') {
    const known = listed.size > 0 || ids.length === 0 ? listed : await knownById(session, ids, hear);
    return rows.map((row) => {
      const id = row.group[0]?.[1] ?? MASTER;
      const key = known.get(id);
      const line = lineOf(row, key?.budget ?? null);
      const last_used = key?.last_active ?? line.last_used;
      const key_alias = line.key_alias ?? key?.key_alias ?? null;
      return { ...line, key_alias, last_used, exists: id === MASTER ? null : key !== undefined };
    });
  }
  const allowances = await allowancesOf(first, session, ids);
  return rows.map((row) => lineOf(row, allowances.get(row.group[0]?.[1] ?? '') ?? null));
}

function lineOf(row: UsageRow, budget: Allowance | null): UsageLine {
  return { ...row, budget, last_used: row.last_day, exists: null };
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
