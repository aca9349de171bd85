/** The groups of a spec: who is in each. */
import type { Json } from '../base/json.ts';
import { excessOf, FILLING } from './allowance.ts';
import type { Common } from './expand.ts';
import { groupMembers } from './group-members.ts';
import { oneName } from './names.ts';
import { diagnose, quoted, type OnDiagnostic, type Problem } from './read/text.ts';
import type { Path } from './read/tree.ts';

/** The users of each group by its name, and where it stands. */
export type GroupsAt = ReadonlyMap<string, { readonly users: readonly string[]; readonly path: Path }>;

/** `null` where something is wrong with one of them, which is reported. */
export async function groupsOf(groups: Readonly<Record<string, Json>>, common: Common): Promise<GroupsAt | null> {
  let isSound = true;
  const { source, allowance } = common;
  const report: OnDiagnostic = (diagnostic) => {
    isSound = false;
    common.report(diagnostic);
  };
  const made = new Map<string, { readonly users: Set<string>; readonly path: Path }>();
  const names = new Map<string, string>();
  for (const [written, item] of Object.entries(groups)) {
    const path = ['groups', written];
    const fail = (problem: Problem): void => {
      report(diagnose(source.text, source.at(path, 'name'), problem));
    };
    const members = await groupMembers(written, item, path, { ...common, report });
    if (members?.length === 0) fail(nobodyIn(written));
    for (const { name, user_id } of members ?? []) {
      allowance.characters -= FILLING + user_id.length;
      const first = names.get(oneName(name)) ?? name;
      const group = made.get(first) ?? { users: new Set(), path };
      if (first !== name || group.path !== path) {
        fail(twinOf(name, first));
        break;
      }
      names.set(oneName(name), name);
      made.set(name, group);
      group.users.add(user_id);
    }
    const excess = excessOf(allowance);
    if (excess === null) continue;
    fail(excess);
    break;
  }
  const whole = [...made].map(([name, { users, path }]) => [name, { users: [...users], path }] as const);
  return isSound ? new Map(whole) : null;
}

function nobodyIn(written: string): Problem {
  const hint = 'Name its users, like [ada@example.com], or take the group out.';
  return { rule: 'group', message: `The group ${quoted(written)} has nobody in it.`, hint };
}

function twinOf(name: string, first: string): Problem {
  const message =
    name === first
      ? `The group ${quoted(name)} is here twice.`
      : `The groups ${quoted(first)} and ${quoted(name)} have one name but for capitals and the like.`;
  return { rule: 'duplicate', message, hint: 'Put their users into one, or call one of the two otherwise.' };
}
