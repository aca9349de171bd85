import { withSessions } from '../run/open.ts';
import { streamKeys } from '../litellm/survey.ts';
import type { Console } from './console.ts';
import type { Globals } from './options.ts';

/** Nobody waits longer for a suggestion, in milliseconds. */
const PATIENCE = 2000;

/** What no shell expands and no terminal obeys: bash evaluates the words that it is offered, and an alias may be anybody's. */
const HARMLESS = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/** What can be completed to an alias. A completion must never fail or say anything: without a server there are no aliases. */
export async function liveAliases(world: Console): Promise<readonly string[]> {
  const options: Globals = {
    timeout: PATIENCE,
    deadline: PATIENCE,
    concurrency: 4,
    header: {},
    secrets: false,
    color: false,
    quiet: true,
  };
  try {
    return await withSessions({ world, options, hear: () => undefined }, async (sessions) => {
      const { connection } = await sessions.open(null);
      const names: string[] = [];
      for await (const { lives } of streamKeys(connection))
        names.push(...lives.flatMap(({ name }) => (name !== null && HARMLESS.test(name) ? [name] : [])));
      return names;
    });
  } catch {
    return [];
  }
}
