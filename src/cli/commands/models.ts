import { listModels } from '../../litellm/models.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { Globals } from '../options.ts';
import { emit, formatAmong } from '../output.ts';
import { withSessions } from '../../run/open.ts';
import type { World } from '../../run/world.ts';

/** Lists the models that the server offers to this credential, a line each. */
export async function models(world: World, options: Globals): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  return withSessions(world, options, async (sessions) => {
    const { connection } = await sessions.open(null);
    const names = [...(await listModels(connection))].toSorted((a, b) => a.localeCompare(b, 'en'));
    if (format === 'table') world.stdout.write(names.map((name) => `${oneLine(name)}\n`).join(''));
    else await emit(world, format, names);
    return 0;
  });
}
