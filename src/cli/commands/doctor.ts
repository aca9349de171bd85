import type { Globals } from '../globals.ts';
import type { World } from '../world.ts';
export function doctor(_world: World, _options: Globals): Promise<number> {
  return Promise.resolve(0);
}
