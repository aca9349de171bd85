import { findEntry } from '../../secrets/keyring.ts';
import { apiBaseUrl } from '../../litellm/http/url.ts';
import { cardText } from '../../view/card.ts';
import { liveJson } from '../../view/row.ts';
import { findKey } from '../../run/find.ts';
import type { Globals } from '../options.ts';
import { keyringChoice } from '../../run/keyrings.ts';
import { emit, formatAmong, lookOf, say } from '../output.ts';
import { withSessions } from '../../run/open.ts';
import type { World } from '../../run/world.ts';

export type GetOptions = { readonly showKey?: boolean } & Globals;

/** Shows one key in full, with its secret if that is asked for and this machine's keyring has it. */
export async function get(world: World, alias: string, options: GetOptions): Promise<number> {
  const format = formatAmong(world, options, ['table', 'json', 'yaml', 'env']);
  return withSessions(world, options, async (sessions) => {
    const { url, connection } = await sessions.open(null);
    const { live, snapshot } = await findKey(connection, alias);
    const wanted = options.showKey === true || options.showKeys === true || format === 'env';
    const entry = wanted ? await findEntry(keyringChoice(world, options).folder, url, live.key_id) : null;
    if (wanted && entry === null) say(world, options, `The keyring of this machine does not have the key of ${alias}.`);
    const secret = entry?.secret ?? null;
    const api_base_url = apiBaseUrl(url);
    const { now } = snapshot;
    if (format === 'table') {
      world.stdout.write(
        cardText(live, { ...lookOf(world, world.stdout, options), now }, { secret, showKey: wanted, api_base_url }),
      );
    } else if (format === 'env') {
      const { envText } = await import('../../view/env.ts');
      world.stdout.write(envText(secret === null ? [] : [{ key_alias: alias, secret }], api_base_url));
    } else {
      const shown = secret === null || !options.secrets ? {} : { key: secret.reveal() };
      await emit(world, format, { ...liveJson(live, now), ...shown });
    }
    return wanted && secret === null ? 1 : 0;
  });
}
