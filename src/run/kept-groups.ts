/** Groups by their names, as the keys of a server keep them: for a command that has no spec. */
import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { streamKeys } from '../litellm/survey.ts';
import type { Notice } from '../model/plan.ts';
import { sharingIn, type Groups } from '../model/sharing.ts';
import type { Context, Session } from './open.ts';

/** The users of a group as one key keeps them, and the set whose key that is. */
type Kept = { readonly set: string; readonly users: readonly string[] };

/** Those of the names that are groups; `notices`: which are taken for users. */
type KeptGroups = { readonly groups: Groups; readonly notices: readonly Notice[] };

/** What the set's own keys say comes first. Throws `refused` where keys do not agree who is in a group. */
export async function keptGroups(
  { connection }: Session,
  { hear }: Pick<Context, 'hear'>,
  set: string,
  names: readonly string[],
): Promise<KeptGroups> {
  /* No group has an @ in its name. */
  const asked = names.filter((name) => !name.includes('@'));
  if (asked.length === 0) return { groups: {}, notices: [] };
  const known = new Map<string, Kept[]>();
  const users = new Set<unknown>();
  let done = 0;
  for await (const { lives, total } of streamKeys(connection)) {
    for (const live of lives) {
      const { shared_with, groups } = sharingIn(live);
      for (const name of [live.settings['user_id'], ...shared_with]) users.add(name);
      for (const [name, members] of Object.entries(groups)) {
        const kept = known.get(name) ?? [];
        kept.push({ set: live.mark?.set ?? '', users: members.toSorted() });
        known.set(name, kept);
      }
    }
    done += lives.length;
    hear({ is: 'progress', done, total: Math.max(total, done + 1) });
  }
  hear({ is: 'progress', done, total: done });
  const groups = asked.flatMap((name) => {
    const all = known.get(name) ?? [];
    const own = all.filter((each) => each.set === set);
    const members = agreed(name, own.length === 0 ? all : own);
    return members === null ? [] : [[name, members] as const];
  });
  const strange = asked.filter((name) => !known.has(name) && !users.has(name));
  return { groups: Object.fromEntries(groups), notices: strange.map((name) => userNotice(name, [...known.keys()])) };
}

/** `null`: there is no such group. */
function agreed(name: string, [first, ...others]: readonly Kept[]): readonly string[] | null {
  const other = others.find(({ users }) => String(users) !== String(first?.users));
  if (first === undefined) return null;
  if (other === undefined) return first.users;
  throw new VkeysError(
    'refused',
    `The keys of ${first.set === other.set ? `the set ${first.set}` : `the sets ${first.set} and ${other.set}`} do not agree who is in the group ${name}.`,
    'Apply the spec that has the group, which makes them agree; or name the users.',
  );
}

function userNotice(name: string, known: readonly string[]): Notice {
  const message = `${name} is taken for a user: no key keeps a group of that name.${didYouMean(name, known)}`;
  return { code: 'sharing', ref: null, message, hint: 'A group of a spec is known once a key is shared with it.' };
}
