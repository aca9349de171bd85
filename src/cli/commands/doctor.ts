import { EXIT_CODES, VkeysError } from '../../base/errors.ts';
import { listKeys } from '../../litellm/keys.ts';
import { differencesOf } from '../../litellm/differences.ts';
import { readHealth } from '../../litellm/health.ts';
import type { Live } from '../../model/model.ts';
import { checksText, type Check } from '../../view/checks.ts';
import type { Globals } from '../options.ts';
import { emit, formatAmong, lookOf } from '../output.ts';
import { withSessions, type Session } from '../../run/open.ts';
import type { World } from '../../run/world.ts';

/** Looks at everything that a run needs, in the order in which it would fail. Costs no model call. */
export async function doctor(world: World, options: Globals): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml']);
  return withSessions(world, options, async (sessions) => {
    const session = await sessions.open(null);
    const { checks, error } = await examine(session);
    if (format === 'table') world.stdout.write(checksText(checks, lookOf(world, world.stdout, options)));
    else await emit(world, format, { url: session.url, healthy: error === null, checks });
    return error === null ? 0 : EXIT_CODES[error.kind];
  });
}

async function examine({
  url,
  connection,
  credential,
}: Session): Promise<{ readonly checks: readonly Check[]; readonly error: VkeysError | null }> {
  const checks: Check[] = [];
  const add = (name: string, state: Check['state'], message: string, hint: string | null = null): void => {
    checks.push({ name, state, message, hint });
  };
  try {
    const { version, database } = await readHealth(connection);
    add('address', 'ok', `${url} answers.`);
    if (database === 'connected') add('database', 'ok', 'The server is connected to its database.');
    else
      add(
        'database',
        'warning',
        `The server says of its database: ${database ?? 'nothing'}.`,
        'Without one LiteLLM cannot keep keys.',
      );
    const { keys } = await listKeys(connection);
    add('credential', 'ok', `${credential.source} may list keys: there are ${String(keys.length)}.`);
    if (version === null)
      add(
        'version',
        'warning',
        'The server does not tell its version.',
        'vkeys reads back what it writes, and tells what the server did not keep.',
      );
    else add('version', 'ok', `LiteLLM ${version}.`);
    for (const text of version === null ? [] : differencesOf(version)) add('version', 'note', text);
    const twice = duplicates(keys);
    if (twice.length === 0) add('aliases', 'ok', 'No alias is there twice.');
    else
      add(
        'aliases',
        'warning',
        `There twice: ${twice.join(', ')}.`,
        'See their hashes with `vkeys list --columns key_alias,key_id,created_at`, and delete the ones that nobody uses with --key-id.',
      );
    return { checks, error: null };
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    add(checks.length === 0 ? 'address' : 'credential', 'failed', error.message, error.hint);
    return { checks, error };
  }
}

function duplicates(keys: readonly Live[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { key_alias } of keys) if (key_alias !== null) counts.set(key_alias, (counts.get(key_alias) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([alias]) => alias);
}
