/** With whom keys are shared: names of groups and users, told apart by what else the file says. */
import { stringifyJson } from '../base/json.ts';
import type { Sharing } from '../model/sharing.ts';
import { excessOf } from './allowance.ts';
import type { DesiredAt } from './desired.ts';
import type { Common } from './expand.ts';
import type { GroupsAt } from './groups.ts';
import { guess } from './guess.ts';
import type { SharedName } from './layers.ts';
import { nameProblem } from './alias.ts';
import { diagnose, quoted, type Problem } from './read/text.ts';

/** LiteLLM has taken 1 MB of metadata unharmed, but loads it with the key for its calls. */
const MOST_CHARACTERS = 100_000;

/** The things of a document, its keys with whom they are shared. `groups`: `null` where something is wrong with them. */
export function sharedThings(
  things: readonly DesiredAt[],
  groups: GroupsAt | null,
  { source, report, allowance }: Common,
): readonly DesiredAt[] {
  if (groups === null) return things;
  const users = new Set([...things.flatMap(ownersIn), ...[...groups.values()].flatMap((group) => group.users)]);
  for (const [name, { path }] of groups) {
    if (!users.has(name)) continue;
    const message = `The group ${quoted(name)} has the name of a user.`;
    const problem = { rule: 'group', message, hint: 'Give the group another name.' };
    report(diagnose(source.text, source.at(path, 'name'), problem));
  }
  return things.map((thing) => {
    const { sharedWith: names, fieldAt } = thing;
    if (names === undefined) return thing;
    const fail = (field: string, problem: Problem): void => {
      const { text, origin } = fieldAt(field);
      report(diagnose(text, origin, problem));
    };
    for (const [index, name] of names.entries()) {
      const problem = problemOf(name, names.slice(0, index), groups, users);
      if (problem !== null) fail(`shared_with.${String(index)}`, problem);
    }
    const sharing = sharingOf(names, groups);
    const size = stringifyJson(sharing).length;
    allowance.characters -= size;
    const excess = size > MOST_CHARACTERS ? tooMany(size) : excessOf(allowance);
    if (excess !== null) fail('shared_with', excess);
    return { ...thing, sharing };
  });
}

/** Who is known to be a user: by a list of users or of a team, or because a key is theirs. */
function ownersIn({ ref, settings, names = {} }: DesiredAt): readonly string[] {
  const user_id = ref.kind === 'user' ? ref.name : (names['user_id'] ?? settings['user_id']);
  return typeof user_id === 'string' ? [user_id] : [];
}

function problemOf(
  named: SharedName,
  before: readonly SharedName[],
  groups: GroupsAt,
  users: ReadonlySet<string>,
): Problem | null {
  const name = nameIn(named);
  if (before.some((other) => nameIn(other) === name)) {
    const message = `shared_with has ${quoted(name)} twice.`;
    return { rule: 'shared_with', message, hint: 'Keep one of the two.' };
  }
  if (typeof named !== 'string' && groups.has(name)) {
    const message = `${quoted(name)} is a group, and no user.`;
    return { rule: 'shared_with', message, hint: `To share it with the group: shared_with: [${name}].` };
  }
  const isKnown = typeof named !== 'string' || groups.has(name) || users.has(name) || name.includes('@');
  if (isKnown || name === '') return nameProblem('user', name);
  const message = `There is no group or user ${quoted(name)} in this file.${guess(name, [...groups.keys(), ...users])}`;
  const hint = `Write a group under groups:, like groups: {${name}: [ada@example.com]}; a user of whom the file says nothing else is {user_id: ${name}}.`;
  return { rule: 'shared_with', message, hint };
}

function nameIn(name: SharedName): string {
  return typeof name === 'string' ? name : name.user_id;
}

function sharingOf(named: readonly SharedName[], groups: GroupsAt): Sharing {
  const names = named.map(nameIn);
  return {
    shared_with: names,
    groups: Object.fromEntries(
      names.flatMap((name) => {
        const group = groups.get(name);
        return group === undefined ? [] : [[name, group.users] as const];
      }),
    ),
  };
}

function tooMany(size: number): Problem {
  const message = `The users whom it is shared with are ${String(size)} characters, which the server would keep with the key; ${String(MOST_CHARACTERS)} are the most.`;
  return { rule: 'limit', message, hint: 'Share it with smaller groups, or give the group a key of its own.' };
}
