/**
 * Users with whom single sign-on works without a licence (LiteLLM: `ui_sso.py`, and `utils.py` from 1.110 on): with more than five
 * it lets nobody in; from 1.110 on those who are there, and with five or more nobody else. Before 1.77 it always takes a licence.
 */
import { isObject } from '../base/json.ts';
import { isOlder } from '../base/version.ts';
import { askOptional, readHealth } from './health.ts';
import type { Connection } from './http/request.ts';
import { userList } from './users.ts';

const FREE_USERS = 5;

/** `users`: those of the server; `most`: with more of them sign-on shuts out everybody, or everybody who is `new`. */
export type SsoLimit = { readonly users: number; readonly most: number; readonly whom: 'everybody' | 'new' };

/** `null` where sign-on does not depend on how many users there are. A server before 1.83 does not tell whether it has a licence. */
export async function readSsoLimit(connection: Connection): Promise<SsoLimit | null> {
  const settings = (await askOptional(connection, '/sso/get/ui_settings'))?.body;
  if (!isObject(settings) || settings['SSO_ENABLED'] !== true) return null;
  const { version } = await readHealth(connection);
  if (version === null || isOlder(version, '1.77.0')) return null;
  const license = (await askOptional(connection, '/health/license'))?.body;
  if (isObject(license) && license['license_type'] === 'enterprise') return null;
  const { total: users } = await userList(connection).read(1);
  return isOlder(version, '1.110.0')
    ? { users, most: FREE_USERS, whom: 'everybody' }
    : { users, most: FREE_USERS - 1, whom: 'new' };
}
