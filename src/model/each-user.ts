import { placeholdersOf } from '../base/template.ts';

/** In the path of a delivery: each user who has access to the key. */
export const EACH_USER = 'each_user';

/** What goes to a path: itself, or, where the path has a place for each user, once for each of them; for nobody, nowhere. */
export function forEachUser<T extends { readonly placeholders: Readonly<Record<string, string>> }>(
  thing: T,
  users: readonly string[],
  path: string,
): readonly T[] {
  if (!placeholdersOf(path).includes(EACH_USER)) return [thing];
  return users.map((user) => ({ ...thing, placeholders: { ...thing.placeholders, [EACH_USER]: user } }));
}
