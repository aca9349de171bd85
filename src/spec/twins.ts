/** Names that differ and that somebody takes for one, and one name that several users have. */
import type { Diagnostic } from '../model/spec.ts';
import { oneName } from './names.ts';
import { diagnose, quoted } from './read/text.ts';
import type { User } from './roster.ts';

/** Users whose names differ in no more than that. */
export function twinNotices(users: readonly User[]): readonly Diagnostic[] {
  const say = (_: string, names: string): string => `${names} are one name for many disks and directories`;
  return told(users, ({ user }) => oneName(user), say, 'If that is one person, take one of the two out.');
}

/** Users who have one `user_id`. */
export function sharedNotices(users: readonly User[], idOf: (user: User) => string | null): readonly Diagnostic[] {
  const say = (id: string, names: string): string => `the user_id ${quoted(id)} is that of ${names}`;
  return told(users, idOf, say, 'Their use is counted together. If that is one person, take one of the two out.');
}

const SHOWN = 3;

/** One notice of all of a roster's, at the first. */
function told(
  users: readonly User[],
  nameOf: (user: User) => string | null,
  say: (name: string, names: string) => string,
  hint: string,
): readonly Diagnostic[] {
  const groups = new Map<string, User[]>();
  for (const user of users) {
    const name = nameOf(user);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [user]);
    else group.push(user);
  }
  const shared = [...groups].filter(([, same]) => same.length > 1);
  const [place] = shared.map(([, same]) => same[1]);
  if (place === undefined) return [];
  const said = shared
    .slice(0, SHOWN)
    .map(([name, same]) => say(name, same.map(({ user }) => quoted(user)).join(' and ')));
  const more = shared.length > SHOWN ? `, and ${String(shared.length - SHOWN)} more like that` : '';
  const message = `${said.join(', ')}${more}.`;
  const problem = { rule: 'twins', message: message.charAt(0).toUpperCase() + message.slice(1), hint };
  return [diagnose(place.text, place.at(), problem)];
}
