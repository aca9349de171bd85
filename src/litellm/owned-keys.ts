/**
 * The keys that go, or lose their limits, with teams, users and budgets, whoever owns them: what the plan of a deletion has to
 * tell. A list's filter is never believed, so each row is compared; for budgets there is none.
 */
import pMap from 'p-map';
import type { Live } from '../model/resource.ts';
import type { Connection } from './http/request.ts';
import type { ListQuery } from './pages.ts';
import { streamKeys, type Detail } from './survey.ts';

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
  const [fields, budgets] = [new Set(['budget_id']), new Set(budget_id)];
  const looks = [
    ...team_id.map((id) => () => keysWith(connection, 'team_id', new Set([id]), { filter: { team_id: id } })),
    ...user_id.map((id) => () => keysWith(connection, 'user_id', new Set([id]), { filter: { user_id: id } })),
    /* Before 1.108 lists do not tell a key's budget, so every key is looked at. */
    ...(budgets.size === 0 ? [] : [() => keysWith(connection, 'budget_id', budgets, { look: { fields } })]),
  ];
  const found = await pMap(looks, (look) => look(), { concurrency: AT_ONCE });
  const lives = new Map(found.flatMap((each) => each.lives.map((live) => [live.id, live] as const)));
  return {
    lives: [...lives.values()],
    isShort: found.some(({ isShort }) => isShort),
    gaps: found.flatMap(({ gaps }) => gaps),
  };
}

async function keysWith(
  connection: Connection,
  field: keyof KeyOwners,
  ids: ReadonlySet<string>,
  { look = {}, filter = {} }: { readonly look?: Partial<Detail>; readonly filter?: ListQuery['filter'] },
): Promise<OwnedKeys> {
  const lives: Live[] = [];
  const gaps: string[] = [];
  let isShort = false;
  for await (const part of streamKeys(connection, look, filter)) {
    lives.push(...part.lives.filter(({ settings: { [field]: id } }) => typeof id === 'string' && ids.has(id)));
    gaps.push(...part.gaps);
    isShort ||= part.isShort;
  }
  return { lives, isShort, gaps };
}
