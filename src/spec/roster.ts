import { resolve } from 'node:path';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import { EACH_USER } from '../model/each-user.ts';
import type { Origin } from '../model/resource.ts';
import type { Common } from './expand.ts';
import type { Form } from './forms.ts';
import type { LayerAt } from './layers.ts';
import { unseenIn } from './names.ts';
import { readText } from './read/file.ts';
import { diagnose, placeOf, quoted, type Problem, type OnDiagnostic, type Text } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';
import type { RosterEntry, RosterMapping } from './roster-schema.ts';
import { twinNotices } from './twins.ts';

/** A user of a roster; `columns` are its placeholders, `user` among them. */
export type User = {
  readonly user: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly text: Text;
  /** Where a column of the user is; without one, where its name is. */
  readonly at: (column?: string) => Origin;
  /** Its own values of fields. */
  readonly own: LayerAt;
};

/** `fields`: the columns that are fields. */
export type Roster = { readonly users: readonly User[]; readonly fields: ReadonlySet<string> };

/** Placeholders that deliveries fill in, so no column may have their names. */
const RESERVED = [
  'key_alias',
  'KEY_ALIAS',
  'set',
  'key',
  'key_id',
  'api_base_url',
  'api_endpoint',
  'expires',
  EACH_USER,
];
const NOTHING: LayerAt = { layer: {}, path: [], fields: {} };

/** Where a roster is, what its users are to have, and the template of their things' names. */
export type RosterCommon = Common & { readonly form: Form; readonly template?: string | undefined };

/** The users of a roster; `null` when it has a problem, which is reported. */
export async function rosterOf(entry: RosterEntry, path: Path, common: RosterCommon): Promise<Roster | null> {
  let isSound = true;
  const report: OnDiagnostic = (diagnostic) => {
    isSound = false;
    common.report(diagnostic);
  };
  const roster = await read(entry, path, { ...common, report });
  check(roster.users, report);
  if (!isSound) return null;
  for (const twins of twinNotices(roster.users)) common.source.note(twins);
  return roster;
}

async function read(entry: RosterEntry, path: Path, common: RosterCommon): Promise<Roster> {
  const { source, report } = common;
  if (Array.isArray(entry)) return { users: listed(entry, path, source), fields: new Set() };
  const fail = (name: string, message: string, hint: string) => {
    report(diagnose(source.text, source.at([...path, name], 'name'), { rule: 'roster', message, hint }));
  };
  for (const name of entry.file === undefined
    ? (['user', 'fields'] as const)
    : (['count', 'prefix', 'start', 'pad'] as const)) {
    if (entry[name] === undefined) continue;
    if (entry.file === undefined)
      fail(name, `${name} is about the columns of a file, and there is none.`, `Take out ${name}, or write file.`);
    else fail(name, `The roster's users come from its file, so ${name} says nothing.`, `Take out ${name} or file.`);
  }
  if (entry.file !== undefined) return filed(entry, entry.file, path, common);
  return { users: counted(entry, path, source, report), fields: new Set() };
}

function listed(entry: readonly Json[], path: Path, { text, at }: Source): readonly User[] {
  return entry.map((item, index) => {
    const columns = textColumns(isObject(item) ? item : { user: item });
    const place = (column = 'user') => at([...path, index, ...(isObject(item) && column in item ? [column] : [])]);
    return { user: columns['user'] ?? '', columns, text, at: place, own: NOTHING };
  });
}

/** The reader has left numbers and the like as they are written. */
function textColumns(item: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name.normalize('NFC'), plain(typeof value === 'string' ? value : '')]),
  );
}

function plain(text: string): string {
  return text.trim().normalize('NFC');
}

function counted(entry: RosterMapping, path: Path, { text, at }: Source, report: OnDiagnostic): readonly User[] {
  const { count, prefix = 'user', start = 1, pad = 0 } = entry;
  const origin = at(path);
  if (count === undefined) {
    const hint = 'Write roster: {count: 25}, or {file: attendees.csv}, or a list of users.';
    report(diagnose(text, origin, { rule: 'roster', message: 'The roster has neither count nor file.', hint }));
    return [];
  }
  return Array.from({ length: count }, (_, index) => {
    const user = plain(`${prefix}${String(start + index).padStart(pad, '0')}`);
    return { user, columns: { user }, text, at: () => origin, own: NOTHING };
  });
}

async function filed(entry: RosterMapping, file: string, path: Path, common: RosterCommon): Promise<Roster> {
  const { source, folder, report } = common;
  const content = await readText(resolve(folder, file), file);
  if ('file' in content) return (await import('./roster-file.ts')).rosterOfCsv(content, entry, path, common);
  const { problem, text, at } = content;
  if (at === null) report(diagnose(source.text, source.at([...path, 'file']), problem));
  else report(diagnose(text, text.origin(at), problem));
  return { users: [], fields: new Set() };
}

function check(users: readonly User[], report: OnDiagnostic): void {
  const seen = new Map<string, User>();
  const [first] = users;
  const reserved = RESERVED.find((name) => first !== undefined && Object.hasOwn(first.columns, name));
  if (reserved !== undefined && first !== undefined) {
    const message = `The column ${reserved} has the name of a placeholder that means something else.`;
    const problem: Problem = { rule: 'roster', message, hint: 'Give the column another name.' };
    report(diagnose(first.text, first.at(reserved), problem));
  }
  for (const each of users) {
    const { user, text, at } = each;
    const before = seen.get(user);
    const problem = nameProblem(user, before);
    if (problem !== null) report(diagnose(text, at(), { rule: 'roster', ...problem }));
    seen.set(user, before ?? each);
  }
}

function nameProblem(user: string, before: User | undefined): Omit<Problem, 'rule'> | null {
  if (user === '' || /\p{Cc}/u.test(user))
    return {
      message: 'A user has no name, or one with control characters.',
      hint: 'Give each user a name, like user: ada, or take the row out.',
    };
  const unseen = unseenIn(user);
  if (unseen !== null)
    return { message: `The user ${quoted(user)} has ${unseen}.`, hint: 'Type the name anew instead of copying it.' };
  if (before === undefined) return null;
  return {
    message: `The user ${quoted(user)} is here twice, first at ${placeOf(before.at())}.`,
    hint: 'Keep one of the two.',
  };
}
