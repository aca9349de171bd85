/**
 * Who has a budget to spend on a server: keys, users, teams, and members of teams. Where the server has no budgets of their own
 * no key and no member can have its limit from one, and nothing is asked about that.
 */
import pMap from 'p-map';
import { isList, isObject } from '../base/json.ts';
import { BUDGET } from '../kinds/budget.ts';
import { allBudgets } from '../litellm/budgets.ts';
import { LIMIT_COLUMNS, LIMIT_FIELDS, limitOf } from '../litellm/limits.ts';
import { streamThings, type ListedKind } from '../litellm/list-things.ts';
import { thingOf } from '../litellm/thing-rows.ts';
import type { Spender, SpenderKind } from '../model/forecast.ts';
import type { Kind } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import type { KeyFilter, Selector } from '../model/selector.ts';
import { listedKeys } from './listed-keys.ts';
import { membersOf } from './look-at.ts';
import type { Context, Session } from './open.ts';
import { keySpender, memberSpender, teamSpender, userSpender } from './spender.ts';

const AT_ONCE = 4;

/** Which: of these kinds, of keys those that are named, or with `null` all, and of all what the filter lets pass. */
export type SpenderChoice = {
  readonly kinds: ReadonlySet<SpenderKind>;
  readonly selectors: readonly Selector[] | null;
  readonly filter: Pick<KeyFilter, 'set' | 'user' | 'team'>;
};

/** Some of them, and what could not be looked at, in words. */
export type SpendersPart = { readonly spenders: readonly Spender[]; readonly gaps: readonly string[] };

type Hear = Pick<Context, 'hear'>;

/** All of them, part by part. Throws what the server refuses. */
export async function* spendersOf(
  session: Session,
  context: Hear,
  choice: SpenderChoice,
): AsyncGenerator<SpendersPart> {
  const { kinds, selectors, filter } = choice;
  const { set, user, team } = filter;
  const isOfSet = (spender: Spender): boolean => set === undefined || spender.set === set;
  const isOfTeam = (spender: Spender): boolean => isOfSet(spender) && (team === undefined || spender.team_id === team);
  const isMeant = (spender: Spender): boolean => isOfTeam(spender) && (user === undefined || spender.user_id === user);
  const budgets = kinds.has('key') || kinds.has('member') ? await budgetsOn(session) : new Map<string, Live>();
  const things = (kind: ListedKind, columns: readonly string[] = []) =>
    heard(streamThings(session.connection, kind, columns), kind, context);
  if (kinds.has('key')) {
    const look = { columns: LIMIT_COLUMNS, ...(budgets.size === 0 ? {} : { fields: LIMIT_FIELDS }) };
    for await (const { lives, gaps } of heard(listedKeys(session, context, { selectors, look }), 'key', context))
      yield { spenders: lives.map((live) => keySpender(live, budgets)).filter(isMeant), gaps };
  }
  if (kinds.has('user')) {
    for await (const { lives, gaps } of things('user'))
      yield { spenders: lives.map(userSpender).filter(isMeant), gaps };
  }
  const hasMembers = kinds.has('member') && budgets.size > 0;
  if (!kinds.has('team') && !hasMembers) return;
  for await (const { lives, gaps } of things('team', [MEMBERS])) {
    const members = await pMap(
      lives.filter((live) => hasMembers && hasMember(live, user) && isOfTeam(teamSpender(live))),
      async (live) => (await membersOf(session, live.id)).map((member) => memberSpender(member, live)),
      { concurrency: AT_ONCE },
    );
    const teams = kinds.has('team') ? lives.map(teamSpender) : [];
    yield { spenders: [...teams, ...members.flat()].filter(isMeant), gaps };
  }
}

/** The same parts, with somebody told how far they are. */
async function* heard<P extends { readonly lives: readonly Live[]; readonly total: number }>(
  parts: AsyncIterable<P>,
  of: Kind,
  { hear }: Hear,
): AsyncGenerator<P> {
  let done = 0;
  for await (const part of parts) {
    done += part.lives.length;
    hear({ is: 'progress', done, total: Math.max(part.total, done + 1), of });
    yield part;
  }
  hear({ is: 'progress', done, total: done, of });
}

/** The budgets of a server that limit what is spent, by their ids. */
export async function budgetsOn({ connection }: Session): Promise<ReadonlyMap<string, Live>> {
  const budgets = (await allBudgets(connection)).map((row) => thingOf(BUDGET, row));
  return new Map(budgets.flatMap((live) => (limitOf(live) === null ? [] : [[live.id, live] as const])));
}

const MEMBERS = 'members_with_roles';

function hasMember({ extra: { [MEMBERS]: members = null } }: Live, user: string | undefined): boolean {
  if (!isList(members)) return false;
  return user === undefined ? members.length > 0 : members.some((each) => isObject(each) && each['user_id'] === user);
}
