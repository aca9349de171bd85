/** What a credential has to be allowed, and no more. */

/** Every route that vkeys asks with the credential of an administrator. `*` stands for an id, and what is behind it. */
export const ADMIN_ROUTES = [
  '/budget/delete',
  '/budget/info',
  '/budget/list',
  '/budget/new',
  '/budget/update',
  '/global/spend/tags',
  '/health/license',
  '/key/delete',
  '/key/generate',
  '/key/info',
  '/key/list',
  '/key/update',
  '/management/v1/teams/*',
  '/model/info',
  '/organization/list',
  '/spend/logs',
  '/sso/get/ui_settings',
  '/tag/daily/activity',
  '/tag/daily/activity/export',
  '/team/daily/activity',
  '/team/daily/activity/export',
  '/team/delete',
  '/team/info',
  '/team/list',
  '/team/member_add',
  '/team/member_delete',
  '/team/member_update',
  '/team/new',
  '/team/permissions_update',
  '/team/update',
  '/user/daily/activity',
  '/user/daily/activity/export',
  '/user/delete',
  '/user/info',
  '/user/list',
  '/user/new',
  '/user/update',
  '/v1/models',
  '/v2/key/info',
  '/v2/team/list',
] as const;

/** The first version that holds a key to its routes. */
export const ROUTES_SINCE = '1.77.0';

/** What a key's routes allow beside what vkeys needs, and what they lack. A key without routes may do what its user may. */
export function comparedRoutes(allowed: readonly string[]): {
  readonly beyond: readonly string[];
  readonly lacking: readonly string[];
} {
  const needed: readonly string[] = ADMIN_ROUTES;
  return {
    beyond: allowed.filter((route) => !needed.includes(route)),
    lacking: needed.filter((route) => !allowed.some((each) => covers(each, route))),
  };
}

function covers(allowed: string, route: string): boolean {
  return allowed === route || (allowed.endsWith('*') && route.startsWith(allowed.slice(0, -1)));
}
