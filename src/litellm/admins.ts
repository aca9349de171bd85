import { isList, isObject } from '../base/json.ts';
import { askOptional } from './health.ts';
import type { Connection } from './http/request.ts';

/** Roles whose every key manages the server, or reads all of it. */
const ROLES: readonly string[] = ['proxy_admin', 'proxy_admin_viewer'];
/** Nobody has more pages of admins; a server that knows no such filter has all its users there. */
const MOST_PAGES = 5;

/** The users who have such a role, and which. Some are missing where the server does not list its users, or filters nothing. */
export async function listAdmins(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const lists = await Promise.all(ROLES.map((role) => listRole(connection, role)));
  return new Map(lists.flat());
}

async function listRole(connection: Connection, role: string): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (let page = 1, pages = 1; page <= Math.min(pages, MOST_PAGES); page += 1) {
    const answer = await askOptional(connection, '/user/list', { role, page: String(page), page_size: '100' });
    if (!isObject(answer?.body) || !isList(answer.body['users'])) break;
    const { users, total_pages } = answer.body;
    pages = typeof total_pages === 'number' ? total_pages : 1;
    for (const user of users) {
      if (!isObject(user)) continue;
      const { user_id, user_role } = user;
      if (typeof user_id === 'string' && typeof user_role === 'string' && ROLES.includes(user_role))
        found.push([user_id, user_role]);
    }
  }
  return found;
}
