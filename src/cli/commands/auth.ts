import type { Globals } from '../globals.ts';
import type { World } from '../world.ts';
const todo = (_world: World, _options: Globals): Promise<number> => Promise.resolve(0);
export { todo as status, todo as login, todo as logout, todo as profiles };
