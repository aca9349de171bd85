/**
 * Who is in a group of a spec: a list of users, or a roster. With a roster the name of the group is a template, as names are
 * elsewhere: `{Lab}` makes a group for each value of that column, and who has none there is in none.
 */
import type { Json } from '../base/json.ts';
import { fill, literal, placeholdersOf } from '../base/template.ts';
import { USER } from '../kinds/user.ts';
import { nameProblem } from './alias.ts';
import { domainOf, type Texts } from './desired.ts';
import type { Common } from './expand.ts';
import { USER_FORM, type Form } from './forms.ts';
import { sound } from './issues.ts';
import { groupSchema } from './people-schema.ts';
import { checkTemplates } from './placeholders.ts';
import { rosterOf, type User } from './roster.ts';
import type { RosterEntry } from './roster-schema.ts';
import { diagnose, quoted, type Problem } from './read/text.ts';
import type { Path } from './read/tree.ts';

/** Columns say who is in it, and nothing of fields. */
const FORM: Form = { ...USER_FORM, facts: { ...USER, fields: {} } };

/** A user, and in which group. */
export type GroupMember = { readonly name: string; readonly user_id: string };

/** Who is in it, or in those that its template makes; `null` where something is wrong, which is reported. */
export async function groupMembers(
  written: string,
  item: Json,
  path: Path,
  common: Common,
): Promise<readonly GroupMember[] | null> {
  const { source, report } = common;
  const group = sound(groupSchema, item, path, source, report);
  if (group === null) return null;
  const [roster, at, template] =
    'roster' in group ? [group.roster, [...path, 'roster'], group.user_id] : [group, path, undefined];
  if (!Array.isArray(roster) && roster.fields !== undefined) {
    const place = source.at([...at, 'fields'], 'name');
    const message = 'The roster of a group says who is in it, and no fields.';
    report(diagnose(source.text, place, { rule: 'roster', message, hint: 'Take fields out.' }));
    return null;
  }
  const found = await rosterOf(roster, at, { ...common, form: FORM, template });
  if (found === null) return null;
  const { users } = found;
  if (users.length > 0) {
    checkTemplates(FORM, { template: written, path }, [], found, source, report);
    checkTemplates(FORM, { template: template ?? '', path: [...path, 'user_id'] }, [], found, source, report);
  }
  return users.flatMap((user): readonly GroupMember[] => {
    const columns: Texts = { ...user.columns, set: common.set };
    if (placeholdersOf(written).some((column) => columns[column] === '')) return [];
    const name = fill(written, columns).normalize('NFC');
    const user_id = fill(template ?? idTemplate(user, roster), columns).normalize('NFC');
    const problem = groupProblem(name) ?? nameProblem('user', user_id);
    if (problem !== null) report(diagnose(user.text, user.at(), problem));
    return [{ name, user_id }];
  });
}

/** A name with an @ is a user's address, wherever it stands. */
function groupProblem(name: string): Problem | null {
  if (!name.includes('@')) return nameProblem('group', name);
  const message = `The group ${quoted(name)} has an @ in its name, as users have.`;
  return { rule: 'group', message, hint: 'Call it otherwise, like lab-a.' };
}

/** As the keys of such a roster have it. */
function idTemplate({ columns }: User, roster: RosterEntry): string {
  if ((columns['user_id'] ?? '') !== '') return '{user_id}';
  const domain = domainOf(roster);
  return domain === null ? '{user}' : `{user}@${literal(domain)}`;
}
