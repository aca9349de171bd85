/**
 * With whom a key is shared. LiteLLM knows nothing of it: our mark keeps it, and with each group who is in it, so that every
 * machine can tell who has access, without the spec. It is a note, and no right on the server.
 */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { FieldChange } from './change.ts';
import type { Desired, Live } from './resource.ts';

/** The names of groups and the ids of users; and who is in each of these groups. What is no group is a user. */
export type Sharing = {
  readonly shared_with: readonly string[];
  readonly groups: Groups;
};

/** Users (their `user_id`s) by the name of their group. */
export type Groups = Readonly<Record<string, readonly string[]>>;

export const NOT_SHARED: Sharing = { shared_with: [], groups: {} };

/** What the mark of a live key keeps; nothing where there is no mark of ours. */
export function sharingIn({ mark, metadata }: Pick<Live, 'mark' | 'metadata'>): Sharing {
  const kept = mark === null ? null : metadata['vkeys'];
  if (!isObject(kept)) return NOT_SHARED;
  const groups = isObject(kept['groups']) ? Object.entries(kept['groups']) : [];
  return {
    shared_with: textsIn(kept['shared_with']),
    groups: Object.fromEntries(groups.map(([name, users]) => [name, textsIn(users)])),
  };
}

/** The mark with this sharing in it. */
export function withSharing(mark: JsonObject, { shared_with, groups }: Sharing): JsonObject {
  const { shared_with: _, groups: __, ...rest } = mark;
  return {
    ...rest,
    ...(shared_with.length === 0 ? {} : { shared_with }),
    ...(Object.keys(groups).length === 0 ? {} : { groups }),
  };
}

/** Whether a change is of a key's sharing: `shared_with`, or who is in one of its groups (`groups.lab`). */
export function isSharing(field: string): boolean {
  return field === 'shared_with' || field.startsWith(GROUP);
}

const GROUP = 'groups.';

/** What is to change; the order of names says nothing. */
export function sharingChanges(wanted: Sharing, live: Sharing): readonly FieldChange[] {
  const change = (field: string, from: readonly string[] = [], to: readonly string[] = []): readonly FieldChange[] =>
    from.length === to.length && to.every((name) => from.includes(name))
      ? []
      : [{ field, from: from.length === 0 ? null : from, to: to.length === 0 ? null : to }];
  const names = new Set([...Object.keys(live.groups), ...Object.keys(wanted.groups)]);
  return [
    ...change('shared_with', live.shared_with, wanted.shared_with),
    ...[...names].flatMap((name) => change(GROUP + name, usersIn(live, name), usersIn(wanted, name))),
  ];
}

/** The sharing after these changes; others say nothing of it. */
export function changedSharing(before: Sharing, changes: readonly FieldChange[]): Sharing {
  let { shared_with } = before;
  const groups = new Map(Object.entries(before.groups));
  for (const { field, to } of changes) {
    if (field === 'shared_with') shared_with = textsIn(to);
    else if (!field.startsWith(GROUP)) continue;
    else if (to === null) groups.delete(field.slice(GROUP.length));
    else groups.set(field.slice(GROUP.length), textsIn(to));
  }
  return { shared_with, groups: Object.fromEntries(groups) };
}

/** Who has access to a wanted key, as the spec calls them: whose it is, and with whom it is shared. */
export function usersOf({ names = {}, settings, sharing = NOT_SHARED }: Desired): readonly string[] {
  const own = names['user_id'] ?? settings['user_id'];
  const others = sharing.shared_with.flatMap((name) => usersIn(sharing, name) ?? [name]);
  return [...new Set([...(typeof own === 'string' ? [own] : []), ...others])];
}

/**
 * How a user has access to a live key: `own`, `shared` with the user, or through groups, by name: `group lab`. `null`: not at
 * all. Names are compared exactly, as LiteLLM does.
 */
export function accessOf(live: Live, user: string): string | null {
  if (live.settings['user_id'] === user) return 'own';
  const sharing = sharingIn(live);
  const ways = sharing.shared_with.filter((name) => (usersIn(sharing, name) ?? [name]).includes(user));
  if (ways.some((name) => usersIn(sharing, name) === undefined)) return 'shared';
  return ways.length === 0 ? null : `group ${ways.join(', ')}`;
}

/** Who is in a group; `undefined`: it is none. */
export function usersIn({ groups }: Pick<Sharing, 'groups'>, name: string): readonly string[] | undefined {
  return Object.hasOwn(groups, name) ? groups[name] : undefined;
}

function textsIn(json: Json | undefined): readonly string[] {
  return isList(json) ? json.filter((item) => typeof item === 'string') : [];
}
