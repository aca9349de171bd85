/** What templates name, and what the columns of a roster are good for. */
import { isList } from '../base/json.ts';
import { placeholdersOf } from '../base/template.ts';
import type { DesiredAt } from './desired.ts';
import { fieldNamed } from './columns.ts';
import type { Form } from './forms.ts';
import { guess } from './guess.ts';
import type { Template } from './layers.ts';
import { unseenIn } from './names.ts';
import type { Roster } from './roster.ts';
import { diagnose, quoted, type OnDiagnostic, type Problem } from './read/text.ts';
import type { Source } from './read/tree.ts';

/** Every placeholder has to be known, and every user has to have a value for it; a column that could be a field is told. */
export function checkTemplates(
  form: Form,
  name: Template,
  others: readonly Template[],
  { users, fields }: Roster,
  source: Source,
  report: OnDiagnostic,
): void {
  const columns = new Set(users.flatMap((user) => Object.keys(user.columns)));
  const used = new Set<string>();
  for (const each of [name, ...others]) {
    const known = ['set', ...(each === name ? [] : [form.naming]), ...columns];
    for (const word of placeholdersOf(each.template)) {
      used.add(word);
      if (known.includes(word)) continue;
      const message = `{${word}} is no placeholder here.${guess(word, known)}`;
      const hint = `Known are ${known.map((one) => `{${one}}`).join(', ')}. For a literal brace write {{ or }}.`;
      report(diagnose(source.text, source.at(each.path), { rule: 'placeholder', message, hint }));
    }
  }
  for (const column of [...used].filter((each) => columns.has(each))) {
    for (const { columns: own, user, text, at } of users) {
      if (Object.hasOwn(own, column)) continue;
      const message = `The user ${quoted(user)} has no ${column}, which a template names.`;
      report(diagnose(text, at(), { rule: 'placeholder', message, hint: `Give the user a value for ${column}.` }));
    }
  }
  noteIdle(
    [...columns].filter((column) => !used.has(column) && !fields.has(column)),
    users,
    source,
    form,
  );
}

/** Columns that could be each user's own fields, and are not asked for: told once, at the first user who has one. */
function noteIdle(columns: readonly string[], users: Roster['users'], source: Source, form: Form): void {
  const idle = columns.flatMap((name) => {
    const field = fieldNamed(name, form);
    return field === null || field === 'user_id' ? [] : [{ name, field }];
  });
  const [first, ...others] = idle;
  const user = users.find((each) => first !== undefined && Object.hasOwn(each.columns, first.name));
  if (first === undefined || user === undefined) return;
  const names = idle.map(({ name }) => name).join(', ');
  const message =
    others.length === 0
      ? `The column ${names} has the name of a field, and does nothing.`
      : `The columns ${names} have the names of fields, and do nothing.`;
  const fields = idle.map(({ field }) => field).join(', ');
  const hint = `To give each user their own: roster: {file: …, fields: [${fields}]}.`;
  source.note(diagnose(user.text, user.at(first.name), { rule: 'column', message, hint }));
}

/** What is wrong with a key once its placeholders are filled in. */
export function valueProblem(thing: DesiredAt): Problem | null {
  const { user, settings } = thing;
  const whose = user === null ? '' : ` for the user ${quoted(user)}`;
  for (const [name, value] of Object.entries(settings)) {
    if (value === '' || (isList(value) && value.includes(''))) {
      const message = `${name} would be empty${whose}.`;
      return { rule: 'placeholder', message, hint: 'Fill in what its placeholder stands for, or take the user out.' };
    }
  }
  if (isTeamless(thing))
    return {
      rule: 'reference',
      message: `The key of a service account needs a team${whose}: the server refuses it without team_id.`,
      hint: 'Give it team: NAME, or team_id: ID.',
    };
  const { user_id } = settings;
  const unseen = typeof user_id === 'string' ? unseenIn(user_id) : null;
  if (unseen === null) return null;
  return {
    rule: 'placeholder',
    message: `user_id has ${unseen}${whose}.`,
    hint: 'Type it anew instead of copying it.',
  };
}

/** LiteLLM makes a key with `metadata.service_account_id` in a team alone. */
function isTeamless({ ref, state, settings, names = {}, metadata }: DesiredAt): boolean {
  const has = (name: string): boolean => settings[name] != null || names[name] !== undefined;
  return ref.kind === 'key' && state === 'present' && metadata['service_account_id'] != null && !has('team_id');
}
