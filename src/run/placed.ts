import { readInventory } from '../secrets/inventory.ts';
import { keyringChoice, type KeyringFlags } from './keyrings.ts';
import type { World } from './world.ts';

/** The path of the first hand-out of each key, by `key_id`, as far as this user's keyrings know any. */
export async function handoutPaths(world: World, flags: KeyringFlags): Promise<ReadonlyMap<string, string>> {
  const choice = keyringChoice(world, flags);
  const { journals } = await readInventory(choice.roots, choice);
  return new Map(
    journals.flatMap(({ state }) =>
      [...state.entries.values()].flatMap(({ key_id, places: [place] }) =>
        place === undefined ? [] : [[key_id, place.path] as const],
      ),
    ),
  );
}
