import { oneLine } from '../../encode/terminal.ts';
import type { Console } from '../console.ts';
import { contextOf } from '../listen.ts';
import { emitContent, formatAmong } from '../output.ts';
import type { Globals } from '../options.ts';
import { withSessions } from '../../run/open.ts';
import { listModels } from '../../litellm/models.ts';

export const examples = ['vkeys models', 'vkeys models -o json'];

/** Lists the models that the server offers to this credential, a line each. */
export async function action(console: Console, options: Globals): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  return withSessions(contextOf(console, options), async (sessions) => {
    const { connection } = await sessions.open(null);
    const names = [...(await listModels(connection))].toSorted((a, b) => a.localeCompare(b, 'en'));
    if (format === 'table') console.stdout.write(names.map((name) => `${oneLine(name)}\n`).join(''));
    else await emitContent(console, options, format, { started, more: { models: names } });
    return 0;
  });
}
