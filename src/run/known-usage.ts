/** What is known of keys beside their use: from the keyrings of this user, and from the server's list. */
import { keyStore } from '../litellm/key-store.ts';
import { streamKeys } from '../litellm/survey.ts';
import { USAGE, type Live } from '../model/resource.ts';
import type { Allowance } from '../model/usage.ts';
import { readInventory } from '../secrets/inventory.ts';
import { keyringChoice, type KeyringFlags } from './keyrings.ts';
import type { Context, Session } from './open.ts';

/** A key. `budget`: `null` where the server has the key no more. */
export type KnownUse = {
  readonly key_alias: string | null;
  readonly set: string | null;
  readonly budget: Allowance | null;
  readonly last_active: string | null;
};

/** By hash. */
export type KnownUses = ReadonlyMap<string, KnownUse>;

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

/** All keys of the server, of each only this. */
export async function knownOnServer({ connection }: Session, hear: Context['hear']): Promise<KnownUses> {
  const known = new Map<string, KnownUse>();
  let done = 0;
  for await (const { lives, total } of streamKeys(connection, USAGE)) {
    for (const live of lives) known.set(copyOf(live.id), knownOf(live));
    done += lives.length;
    hear({ is: 'progress', done, total: Math.max(total, done + 1) });
  }
  hear({ is: 'progress', done, total: done });
  return known;
}

/** Whose deleted keys were, as far as the server remembers them; versions that do not answer with the keys that it has. */
export async function knownAsDeleted({ connection }: Session, known: KnownUses): Promise<KnownUses> {
  const deleted = new Map<string, KnownUse>();
  for await (const { lives } of streamKeys(connection, [], { status: 'deleted' })) {
    if (lives.some(({ id }) => known.has(id))) return new Map();
    for (const live of lives) deleted.set(copyOf(live.id), { ...knownOf(live), budget: null });
  }
  return deleted;
}

/** These keys as the server has them. */
export async function knownById(session: Session, ids: readonly string[], hear: Context['hear']): Promise<KnownUses> {
  if (ids.length > FEW) return knownOnServer(session, hear);
  const { lives } = await keyStore(session.connection, { columns: USAGE }).survey({ ids, names: [], all: false });
  return new Map(lives.map((live) => [live.id, knownOf(live)]));
}

function knownOf({ name, mark, spend, settings: { max_budget }, extra: { last_active } }: Live): KnownUse {
  return {
    key_alias: name === null ? null : copyOf(name),
    set: mark === null ? null : copyOf(mark.set),
    budget: { spend, max_budget: typeof max_budget === 'number' ? max_budget : null },
    last_active: typeof last_active === 'string' ? copyOf(last_active) : null,
  };
}

/** Apart from the answer that it was cut from. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
