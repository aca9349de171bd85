import { specJsonSchema } from '../../spec/json-schema.ts';
import type { Globals } from '../options.ts';
import type { World } from '../../run/world.ts';

export function schema(world: World, _globals: Globals): Promise<number> {
  world.stdout.write(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  return Promise.resolve(0);
}
