/** Keys that would be good for more than models, because their user may do more: LiteLLM lets a key do what its user may. */
import { isDeletion, type Change } from '../model/change.ts';
import type { Notice, Plan } from '../model/plan.ts';
import type { Json } from '../base/json.ts';

/** The users to whom a plan newly gives keys that may call any route. */
export function newUsers(plan: Plan): readonly string[] {
  return [...new Set(plan.changes.flatMap(newUser))];
}

/** The roles of the users whom plans themselves make or change: what they will be. */
export function plannedRoles(plans: readonly Plan[]): ReadonlyMap<string, string> {
  return new Map(
    plans.flatMap(({ changes }) =>
      changes.flatMap((change): readonly (readonly [string, string])[] => {
        const id = change.live?.id ?? change.desired?.id;
        if (change.ref.kind !== 'user' || isDeletion(change) || id === undefined) return [];
        const { user_role: role } = change.desired.settings;
        return typeof role === 'string' ? [[id, role]] : [];
      }),
    ),
  );
}

/** `roles`: of users, where they have one. */
export function adminNotices({ changes }: Plan, roles: ReadonlyMap<string, string>): readonly Notice[] {
  return changes.flatMap((change): Notice[] =>
    newUser(change).flatMap((user) => {
      const role = roles.get(user);
      if (role === undefined || !isAdmin(role)) return [];
      const what =
        role === 'proxy_admin' ? 'lists, makes and deletes all keys of the server' : 'reads all keys of the server';
      return [
        {
          code: 'admin',
          ref: change.ref,
          message: `Its user ${user} is an admin (${role}), so whoever has this key ${what}.`,
          hint: 'Give it to a user without that role, or confine it to models: `key_type: llm_api`.',
        },
      ];
    }),
  );
}

function isAdmin(role: string): boolean {
  return role === 'proxy_admin' || role === 'proxy_admin_viewer';
}

function newUser(change: Change): readonly string[] {
  if (change.ref.kind !== 'key' || isDeletion(change) || change.desired.settings['key_type'] === 'llm_api') return [];
  const { allowed_routes: routes } = change.desired.settings;
  if (Array.isArray(routes) && routes.length > 0 && routes.every(isForModels)) return [];
  return change.fields.flatMap(({ field, to }) => (field === 'user_id' && typeof to === 'string' ? [to] : []));
}

function isForModels(route: Json): boolean {
  return typeof route === 'string' && (route === 'llm_api_routes' || route.startsWith('/v1/'));
}
