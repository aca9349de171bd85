/** How much was used, told by keys, users, teams, models, days, tags and sets: from the cheapest source that the server has. */
import { dayOf } from '../base/day.ts';
import { VkeysError } from '../base/errors.ts';
import { listPublicNames } from '../litellm/models.ts';
import { findUsage } from '../litellm/usage/source.ts';
import { isNamed, type Selector } from '../model/selector.ts';
import type { Dimension, UsageCell, UsageReport } from '../model/usage.ts';
import { startSum, totalOf } from '../model/usage-sum.ts';
import { fillRows } from './fill-usage.ts';
import { knownInKeyrings, setsOnServer } from './known-usage.ts';
import type { KeyringFlags } from './keyrings.ts';
import type { ConnectOptions } from './options.ts';
import type { Context, Session } from './open.ts';

/** What is asked for. */
export type UsageChoice = {
  readonly by: readonly Dimension[];
  /** Days with both ends, from the server's today. */
  readonly days: (today: string) => { readonly since: string; readonly until: string };
  readonly selectors: readonly Selector[];
  /** Of these keys alone. */
  readonly ids?: ReadonlySet<string>;
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
  const { by, selectors, ids, set, user, team } = choice;
  const query = { needs: needsOf(choice), ...choice.days(dayOf(connection.clock.server())) };
  const kept = await keptFor(context, query.needs);
  const source = await findUsage(connection, query);
  const sets = query.needs.has('set') ? await setsOnServer(session, context.hear) : new Map<string, string | null>();
  const publicNames = query.needs.has('model') ? await publicNamesOf(session) : new Map<string, string>();
  const setOf = (key_id: string | null): string | null =>
    key_id === null ? null : (sets.get(key_id) ?? kept?.get(key_id)?.set ?? null);
  const isWanted = (cell: UsageCell): boolean =>
    (user === undefined || cell.user_id === user) &&
    (team === undefined || cell.team_id === team) &&
    (set === undefined || setOf(cell.key_id) === set) &&
    (ids === undefined || ids.has(cell.key_id ?? '')) &&
    (selectors.length === 0 || selectors.some((word) => names(word, cell)));
  const named = (cell: UsageCell): UsageCell => ({
    ...cell,
    key_alias: cell.key_alias ?? kept?.get(cell.key_id ?? '')?.key_alias ?? null,
    model: publicNames.get(cell.model ?? '') ?? cell.model,
  });
  const sum = startSum({ by, isWanted, setOf });
  const isByKey = by.includes('key') || by.includes('set');
  let hasNobodys = false;
  const isPlain = kept === null && publicNames.size === 0;
  await source.read((cell) => {
    hasNobodys ||= isByKey && cell.key_id === null && cell.failed > 0;
    sum.add(isPlain ? cell : named(cell));
  });
  const rows = sum.rows();
  await fillRows(rows, by, session, context.hear);
  const { since, until } = query;
  const total = by.includes('tag') ? null : totalOf(rows);
  const as_of = connection.clock.server().toISOString();
  return {
    report: { by, since, until, as_of, source: source.name, lines: rows, total },
    gaps: [...source.gaps, ...(hasNobodys ? [NOBODYS] : [])],
  };
}

/** What the keyrings know, where that is asked for and anything is. */
async function keptFor(context: Asking, needs: ReadonlySet<Dimension>) {
  if (!needs.has('key') && !needs.has('set')) return null;
  const kept = await knownInKeyrings(context);
  return kept.size === 0 ? null : kept;
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
