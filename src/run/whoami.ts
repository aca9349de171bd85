/** What a key is, asked with itself: no administrator is needed. */
import { VkeysError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { variable, type Variable } from '../base/variables.ts';
import { serverUrl } from '../litellm/http/url.ts';
import { askKey, itself } from '../litellm/key-state.ts';
import type { KeyState } from '../model/key-state.ts';
import type { Live } from '../model/resource.ts';
import { notWorking } from './check-key.ts';
import { withKeyConnection } from './key-connection.ts';
import type { Context } from './open.ts';
import { findAddress } from './server-address.ts';

/** `live`: what it may read of itself; `null`: nothing. `now`: of the server's clock. */
export type Myself = { readonly state: KeyState; readonly live: Live | null; readonly now: Date };

/** Throws `auth` for a key that the server does not let ask. */
export async function askMyself(context: Context, secret: Secret, url: string): Promise<Myself> {
  return withKeyConnection(context, url, async (connection) => {
    const state = await askKey(connection, secret);
    const live = state.is === 'works' ? state.live : await itself({ ...connection, secret }, secret);
    if (state.is !== 'works' && state.is !== 'not_allowed' && live === null) throw notWorking(state, url);
    return { state, live, now: connection.clock.server() };
  });
}

/** Where programs have keys, and the address that belongs to each: a key is sent to no other. */
const PAIRS: readonly { readonly key: Variable; readonly addresses: readonly Variable[] }[] = [
  { key: 'LITELLM_API_KEY', addresses: ['LITELLM_BASE_URL', 'LITELLM_PROXY_URL', 'LITELLM_API_BASE'] },
  { key: 'LITELLM_KEY', addresses: ['LITELLM_BASE_URL', 'LITELLM_PROXY_URL', 'LITELLM_API_BASE'] },
  { key: 'OPENAI_API_KEY', addresses: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'] },
];

/** The key of the environment, and its server; `null`: there is none. Throws `usage` for one without an address. */
export async function keyInEnvironment(
  context: Context,
): Promise<{ readonly secret: Secret; readonly url: string } | null> {
  const { world, options } = context;
  const found = PAIRS.find(({ key }) => variable(world.env, key) !== undefined);
  if (found === undefined) return null;
  const secret = new Secret((variable(world.env, found.key) ?? '').trim());
  if (options.url !== undefined || options.profile !== undefined)
    return { secret, url: (await findAddress(context, null)).url };
  const address = found.addresses.find((name) => variable(world.env, name) !== undefined);
  if (address !== undefined) return { secret, url: serverUrl(variable(world.env, address) ?? '') };
  throw new VkeysError(
    'usage',
    `${found.key} is set, and nothing says which server it is for.`,
    `Set ${found.addresses[0] ?? ''} to the address of the proxy, or give it: --url URL`,
  );
}
