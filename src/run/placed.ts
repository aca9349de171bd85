import { secretRef } from '../model/place.ts';
import { readInventory } from '../secrets/inventory.ts';
import { keyringChoice, type KeyringFlags } from './keyrings.ts';
import type { World } from './world.ts';

/** Where each key is, as `secretRef` calls it, by `key_id`, as far as this user's keyrings know it. */
export async function secretRefs(world: World, flags: KeyringFlags): Promise<ReadonlyMap<string, string>> {
  const choice = keyringChoice(world, flags);
  const { journals } = await readInventory(choice.roots, choice);
  return new Map(
    journals.flatMap(({ state }) =>
      [...state.entries.values()].flatMap(({ key_id, places }) => {
        const ref = secretRef(places);
        return ref === null ? [] : [[key_id, ref] as const];
      }),
    ),
  );
}
