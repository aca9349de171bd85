import { readIdentity, rightsOf } from '../../../litellm/identity.ts';
import { mayList } from '../../../litellm/keys.ts';
import { ADMIN_ROUTES, comparedRoutes } from '../../../litellm/routes.ts';
import { withSessions } from '../../../run/open.ts';
import { oneLine } from '../../../encode/terminal.ts';
import { checksText, type Check } from '../../../view/checks.ts';
import type { Console } from '../../console.ts';
import { contextOf } from '../../listen.ts';
import { lookOf } from '../../look.ts';
import { emitContent, formatAmong } from '../../output.ts';
import type { Globals } from '../../options.ts';

export const examples = ['vkeys auth status', 'vkeys auth status --profile work -o json'];

/** Says which credential is used, where it came from, who it is on the server and what it may do. */
export async function action(console: Console, options: Globals): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const started = console.now();
  return withSessions(contextOf(console, options), async (sessions) => {
    const { url, connection, credential, looked } = await sessions.open(null);
    await mayList(connection);
    const { user_id, key_alias, role, routes } = await readIdentity(connection);
    const isMaster = credential.kind === 'master-key' && user_id === null && key_alias === null;
    const rights = isMaster ? 'It may do everything with keys.' : rightsOf(role);
    const { kind, source } = credential;
    const { beyond, lacking } = comparedRoutes(routes);
    if (format !== 'table') {
      const auth = {
        url,
        kind,
        source,
        user_id,
        key_alias,
        role,
        rights,
        routes: { allowed: routes, beyond, lacking },
        looked,
      };
      await emitContent(console, options, format, { started, more: { auth } });
      return 0;
    }
    const names = isMaster ? ['the master key'] : [user_id, key_alias, role].filter((name) => name !== null);
    const who = names.length === 0 ? 'The server does not tell.' : names.join(', ');
    const others = looked.filter(({ state }) => state !== 'used');
    const checks = [
      { name: 'server', state: 'ok', message: url, hint: null },
      { name: 'credential', state: 'ok', message: `${source} (${kind})`, hint: null },
      { name: 'who', state: 'ok', message: who, hint: null },
      { name: 'rights', state: 'ok', message: `It may list keys. ${rights}`, hint: null },
      routesCheck(routes, beyond, lacking),
      ...others.map((each) => ({
        name: 'looked at',
        state: 'note' as const,
        message: `${each.source}: ${each.state}`,
        hint: null,
      })),
    ] as const;
    console.stdout.write(checksText(checks, lookOf(console, console.stdout, options)));
    return 0;
  });
}

/** How much more than vkeys needs the credential may do. */
function routesCheck(routes: readonly string[], beyond: readonly string[], lacking: readonly string[]): Check {
  const needed = `the ${String(ADMIN_ROUTES.length)} routes that vkeys needs`;
  const least = 'For a pipeline, a key with those alone: vkeys auth delegate --name ci';
  const note = (message: string, hint: string | null): Check => ({ name: 'routes', state: 'note', message, hint });
  if (routes.length === 0) return note(`It may call every route that its user may, not only ${needed}.`, least);
  if (lacking.length > 0)
    return note(
      `It may not call ${lacking.join(', ')}.`,
      `Its routes come from an older vkeys, or another hand. ${least}`,
    );
  return beyond.length > 0
    ? note(`Beside ${needed} it may call ${beyond.map(oneLine).join(', ')}.`, least)
    : { name: 'routes', state: 'ok', message: `It may call ${needed}, and no other.`, hint: null };
}
