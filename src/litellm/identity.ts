import { isList, isObject, type Json } from '../base/json.ts';
import { askOptional } from './health.ts';
import type { Connection } from './http/request.ts';

/** Who a credential is on the server. `role` is LiteLLM's `user_role`; `null`: the server has no row for it. */
export type Identity = {
  readonly user_id: string | null;
  readonly key_alias: string | null;
  readonly role: string | null;
  /** LiteLLM's `allowed_routes`; none where it may call every route that its user may. */
  readonly routes: readonly string[];
};

/**
 * Asks the server who we are. The master key has no row of its own (404), and neither have credentials that a site's own
 * authentication takes.
 */
export async function readIdentity(connection: Connection): Promise<Identity> {
  const own = member((await askOptional(connection, '/key/info'))?.body, 'info');
  const user_id = textIn(own, 'user_id');
  const role = user_id === null ? null : await roleOf(connection, user_id);
  const routes = member(own, 'allowed_routes');
  const texts = isList(routes) ? routes.filter((route) => typeof route === 'string') : [];
  return { user_id, key_alias: textIn(own, 'key_alias'), role, routes: texts };
}

async function roleOf(connection: Connection, user_id: string): Promise<string | null> {
  const answer = await askOptional(connection, '/user/info', { user_id });
  return textIn(member(answer?.body, 'user_info'), 'user_role');
}

/** What a role may do with keys, in words; measured on 1.65.8 to 1.110.2. */
export function rightsOf(role: string | null): string {
  switch (role) {
    case 'proxy_admin':
      return 'It may do everything with keys.';
    case 'proxy_admin_viewer':
      return 'It may read all keys and change none.';
    case 'internal_user':
    case 'internal_user_viewer':
      return 'It may work on its own keys at most: vkeys needs the master key or the key of a proxy_admin.';
    case null:
    default:
      return 'The server does not tell its role.';
  }
}

function member(value: Json | undefined, name: string): Json {
  return isObject(value) ? (value[name] ?? null) : null;
}

function textIn(value: Json, name: string): string | null {
  const text = member(value, name);
  return typeof text === 'string' ? text : null;
}
