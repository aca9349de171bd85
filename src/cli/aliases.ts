import { listKeys } from '../litellm/keys.ts';
import type { Globals } from './options.ts';
import { withSessions } from '../run/open.ts';
import type { World } from '../run/world.ts';

/** Nobody waits longer for a suggestion, in milliseconds. */
const PATIENCE = 2000;

/** What no shell expands and no terminal obeys: bash evaluates the words that it is offered, and an alias may be anybody's. */
const HARMLESS = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/** What can be completed to an alias. A completion must never fail or say anything: without a server there are no aliases. */
export async function liveAliases(world: World): Promise<readonly string[]> {
  const globals: Globals = {
    timeout: PATIENCE,
    deadline: PATIENCE,
    concurrency: 4,
    header: {},
    secrets: false,
    color: false,
    quiet: true,
  };
  try {
    return await withSessions(world, globals, async (sessions) => {
      const { connection } = await sessions.open(null);
      const { keys } = await listKeys(connection);
      return keys.flatMap(({ key_alias }) => (key_alias !== null && HARMLESS.test(key_alias) ? [key_alias] : []));
    });
  } catch {
    return [];
  }
}
