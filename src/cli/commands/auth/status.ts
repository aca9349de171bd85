import { readIdentity, rightsOf } from '../../../litellm/identity.ts';
import { mayList } from '../../../litellm/keys.ts';
import { withSessions } from '../../../run/open.ts';
import { checksText } from '../../../view/checks.ts';
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
    const { user_id, key_alias, role } = await readIdentity(connection);
    const isMaster = credential.kind === 'master-key' && user_id === null && key_alias === null;
    const rights = isMaster ? 'It may do everything with keys.' : rightsOf(role);
    const { kind, source } = credential;
    if (format !== 'table') {
      const auth = { url, kind, source, user_id, key_alias, role, rights, looked };
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
