/** Everything that a run needs, looked at in the order in which it would fail. Costs no model call. */
import { VkeysError } from '../base/errors.ts';
import { differencesOf } from '../litellm/differences.ts';
import { readHealth } from '../litellm/health.ts';
import { isRefusedFor } from '../litellm/http/request-error.ts';
import type { Connection } from '../litellm/http/request.ts';
import { mayList } from '../litellm/keys.ts';
import { streamKeys } from '../litellm/survey.ts';
import { explained } from '../run/control-plane.ts';
import type { Session } from '../run/open.ts';
import type { Check } from '../view/checks.ts';

/** What was looked at, and what stopped it. */
export type Examined = { readonly checks: readonly Check[]; readonly error: VkeysError | null };

export async function examine({ url, connection, credential }: Session): Promise<Examined> {
  const checks: Check[] = [];
  const add = (name: string, state: Check['state'], message: string, hint: string | null = null): void => {
    checks.push({ name, state, message, hint });
  };
  try {
    const { version, database, isLiteLLM } = await readHealth(connection);
    if (!isLiteLLM) await assertLiteLLM(connection);
    add('address', 'ok', `${url} answers.`);
    if (database === 'connected') add('database', 'ok', 'The server is connected to its database.');
    else
      add(
        'database',
        'warning',
        `The server says of its database: ${database ?? 'nothing'}.`,
        'Without one LiteLLM cannot keep keys.',
      );
    const names = await countNames(connection);
    const keys = [...names.values()].reduce((sum, each) => sum + each, 0);
    add('credential', 'ok', `${credential.source} may list keys: there are ${String(keys)}.`);
    if (version === null)
      add(
        'version',
        'warning',
        'The server does not tell its version.',
        'vkeys reads back what it writes, and tells what the server did not keep.',
      );
    else add('version', 'ok', `LiteLLM ${version}.`);
    for (const text of version === null ? [] : differencesOf(version)) add('version', 'note', text);
    const twice = [...names].flatMap(([name, count]) => (name !== null && count > 1 ? [name] : []));
    if (twice.length === 0) add('aliases', 'ok', 'No alias is there twice.');
    else
      add(
        'aliases',
        'warning',
        `There twice: ${twice.join(', ')}.`,
        'See their hashes with `vkeys list --columns key_alias,key_id,created_at`, and delete the ones that nobody uses: `vkeys delete HASH`.',
      );
    return { checks, error: null };
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    add(checks.length === 0 ? 'address' : 'credential', 'failed', error.message, error.hint);
    return { checks, error };
  }
}

/** One that hides what it says without a key still has keys. Throws `api` when nothing of a proxy is there. */
async function assertLiteLLM(connection: Connection): Promise<void> {
  try {
    await mayList(connection);
  } catch (error) {
    const isNone =
      isRefusedFor(error, 'not_found', 'other') || (error instanceof VkeysError && error.kind === 'protocol');
    if (!isNone) return;
    const known = await explained(error, [connection]);
    if (known !== error) throw known;
    throw new VkeysError(
      'api',
      `${connection.url} answers, but it is not a LiteLLM proxy: it has neither /health/readiness nor /key/list.`,
      'Mind the port and the path in --url; a proxy below a path needs it: https://example.com/litellm.',
      { cause: error },
    );
  }
}

/** How many keys there are of each alias. */
async function countNames(connection: Connection): Promise<ReadonlyMap<string | null, number>> {
  const counts = new Map<string | null, number>();
  for await (const { lives } of streamKeys(connection))
    for (const { name } of lives) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
