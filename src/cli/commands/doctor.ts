import type { Console } from '../console.ts';
import { exitCodeFor } from '../exit.ts';
import { contextOf } from '../listen.ts';
import { lookOf } from '../look.ts';
import { emitContent, formatAmong } from '../output.ts';
import type { Globals } from '../options.ts';
import { withSessions } from '../../run/open.ts';
import { examine } from '../examine.ts';

export const examples = ['vkeys doctor', 'vkeys doctor -o json > doctor.json'];

/** Looks at everything that a run needs. What fails is among the checks, so a table needs no error beside it. */
export async function action(console: Console, options: Globals): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  return withSessions(contextOf(console, options), async (sessions) => {
    const session = await sessions.open(null);
    const { checks, error } = await examine(session);
    if (format === 'table') {
      const { checksText } = await import('../../view/checks.ts');
      console.stdout.write(checksText(checks, lookOf(console, console.stdout, options)));
    } else {
      const more = { url: session.url, healthy: error === null, checks };
      await emitContent(console, options, format, { started, error, more });
    }
    return error === null ? 0 : exitCodeFor(error);
  });
}
