/** What is known of keys beside their use: from the keyrings of this user, and from the server's list. */
import { copyOf } from '../base/copy.ts';
import { keyStore } from '../litellm/key-store.ts';
import { streamKeys } from '../litellm/survey.ts';
import { USAGE, type Live } from '../model/resource.ts';
import type { Allowance } from '../model/usage.ts';
import { readInventory } from '../secrets/inventory.ts';
import { keyringChoice, type KeyringFlags } from './keyrings.ts';
import type { Context, Session } from './open.ts';

/** A key. `budget`: `null` where the server has the key no more. */
type KnownUse = {
  readonly key_alias: string | null;
  readonly set: string | null;
  readonly budget: Allowance | null;
  readonly last_active: string | null;
};

/** By hash. */
type KnownUses = ReadonlyMap<string, KnownUse>;

/** So many are asked for one by one where the list is long. */
const FEW = 500;

/** The names that this user's keyrings have for keys, also of some that were deleted. */
export async function knownInKeyrings({ world, options }: Context<KeyringFlags>): Promise<KnownUses> {
  const choice = keyringChoice(world, options);
  const { journals } = await readInventory(choice.roots, choice);
  return new Map(
    journals.flatMap(({ about: { set }, state }) =>
      [...state.entries.values()].map(({ key_id, name }) => {
        return [key_id, { key_alias: name, set, budget: null, last_active: null }] as const;
      }),
    ),
  );
}

/** What is done with each key that is seen. */
type See = (key_id: string, known: KnownUse) => void;

/** Shows all keys of the server. */
export async function seeKeys({ connection }: Session, hear: Context['hear'], see: See): Promise<void> {
  let done = 0;
  for await (const { lives, total } of streamKeys(connection, { columns: USAGE })) {
    for (const live of lives) see(live.id, knownOf(live));
    done += lives.length;
    hear({ is: 'progress', done, total: Math.max(total, done + 1) });
  }
  hear({ is: 'progress', done, total: done });
}

/** Shows these keys of the server, and of many all. */
export async function seeKeysById(
  session: Session,
  ids: readonly string[],
  hear: Context['hear'],
  see: See,
): Promise<void> {
  if (ids.length > FEW) return seeKeys(session, hear, see);
  const { lives } = await keyStore(session.connection, { columns: USAGE }).survey({ ids, names: [], all: false });
  for (const live of lives) see(live.id, knownOf(live));
}

/** The sets of keys of the server, and of deleted ones where it remembers those: other versions show the same ones again. */
export async function setsOnServer(
  session: Session,
  hear: Context['hear'],
): Promise<ReadonlyMap<string, string | null>> {
  const sets = new Map<string, string | null>();
  const names = new Map<string, string>();
  const see: See = (key_id, { set }) => {
    const name = set === null ? null : (names.get(set) ?? copyOf(set));
    if (name !== null) names.set(name, name);
    if (!sets.has(key_id)) sets.set(copyOf(key_id), name);
  };
  await seeKeys(session, hear, see);
  for await (const { lives } of streamKeys(session.connection, {}, { status: 'deleted' })) {
    if (lives.some(({ id }) => sets.has(id))) break;
    for (const live of lives) see(live.id, knownOf(live));
  }
  return sets;
}

function knownOf({ name, mark, spend, settings: { max_budget }, extra: { last_active } }: Live): KnownUse {
  return {
    key_alias: name,
    set: mark?.set ?? null,
    budget: { spend, max_budget: typeof max_budget === 'number' ? max_budget : null },
    last_active: typeof last_active === 'string' ? last_active : null,
  };
}
