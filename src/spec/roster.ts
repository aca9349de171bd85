import { resolve } from 'node:path';
import { isObject, type Json, type JsonObject } from '../base/json.ts';
import type { Origin } from '../model/resource.ts';
import { readText } from './read/file.ts';
import type { RosterEntry } from './schema.ts';
import { diagnose, placeOf, quoted, numberedText, type OnDiagnostic, type Text } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';

/** A user of a roster; `columns` are its placeholders, `user` among them. */
export type User = {
  readonly user: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly text: Text;
  readonly origin: Origin;
};

/** Placeholders that deliveries fill in, so no column may have their names. */
const RESERVED = ['key_alias', 'KEY_ALIAS', 'set', 'key', 'key_id', 'api_base_url', 'api_endpoint', 'expires'];

/** The users of a roster; `null` when it has a problem, which is reported. `folder` is where its file's path starts. */
export async function usersOf(
  entry: RosterEntry,
  path: Path,
  source: Source,
  folder: string,
  report: OnDiagnostic,
): Promise<readonly User[] | null> {
  let sound = true;
  const failing: OnDiagnostic = (diagnostic) => {
    sound = false;
    report(diagnostic);
  };
  const users = Array.isArray(entry)
    ? listed(entry, path, source)
    : entry.file === undefined
      ? counted(entry, path, source, failing)
      : await filed(entry, entry.file, path, source, folder, failing);
  check(users, failing);
  return sound ? users : null;
}

function listed(entry: readonly unknown[], path: Path, { text, at }: Source): readonly User[] {
  return entry.map((item, index) => {
    const columns = isObject(item) ? textColumns(item) : { user: String(item) };
    return { user: columns['user'] ?? '', columns, text, origin: at([...path, index]) };
  });
}

function textColumns(item: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, textOfColumn(value)]));
}

function textOfColumn(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type RosterMapping = Exclude<RosterEntry, readonly unknown[]>;

function counted(entry: RosterMapping, path: Path, { text, at }: Source, report: OnDiagnostic): readonly User[] {
  const { count, prefix = 'user', start = 1, pad = 0 } = entry;
  const origin = at(path);
  if (count === undefined) {
    const hint = 'Write roster: {count: 25}, or {file: attendees.csv}, or a list of users.';
    report(diagnose(text, origin, { rule: 'roster', message: 'The roster has neither count nor file.', hint }));
    return [];
  }
  return Array.from({ length: count }, (_, index) => {
    const user = `${prefix}${String(start + index).padStart(pad, '0')}`;
    return { user, columns: { user }, text, origin };
  });
}

async function filed(
  entry: RosterMapping,
  file: string,
  path: Path,
  { text, at }: Source,
  folder: string,
  report: OnDiagnostic,
): Promise<readonly User[]> {
  for (const name of ['count', 'prefix', 'start', 'pad'] as const) {
    if (entry[name] === undefined) continue;
    const message = `The roster's users come from its file, so ${name} says nothing.`;
    report(diagnose(text, at([...path, name], 'name'), { rule: 'roster', message, hint: `Take out ${name} or file.` }));
  }
  const content = await readText(resolve(folder, file), file);
  if (typeof content !== 'string') {
    report(diagnose(text, at([...path, 'file']), content));
    return [];
  }
  const { usersOfCsv } = await import('./roster-file.ts');
  return usersOfCsv(numberedText(file, content), report);
}

function check(users: readonly User[], report: OnDiagnostic): void {
  const seen = new Map<string, User>();
  const [first] = users;
  const reserved = RESERVED.find((name) => first !== undefined && Object.hasOwn(first.columns, name));
  if (reserved !== undefined && first !== undefined) {
    const message = `The column ${reserved} has the name of a placeholder that means something else.`;
    report(diagnose(first.text, first.origin, { rule: 'roster', message, hint: 'Give the column another name.' }));
  }
  for (const each of users) {
    const { user, text, origin } = each;
    const fail = (message: string, hint: string) => {
      report(diagnose(text, origin, { rule: 'roster', message, hint }));
    };
    const before = seen.get(user);
    if (user.trim() === '' || /\p{Cc}/u.test(user)) {
      fail('A user has no name, or one with control characters.', 'Give each user a name: user: ada.');
    } else if (before !== undefined) {
      fail(`The user ${quoted(user)} is here twice, first at ${placeOf(before.origin)}.`, 'Keep one of the two.');
    }
    seen.set(user, before ?? each);
  }
}
