import { fieldColumns, fieldsOf } from './columns.ts';
import type { Roster, RosterCommon } from './roster.ts';
import type { RosterMapping } from './roster-schema.ts';
import { readTable } from './read/table.ts';
import { diagnose, quoted, type Text } from './read/text.ts';
import type { Path } from './read/tree.ts';
import { inYaml, userColumn } from './user-column.ts';

type Where = Pick<RosterCommon, 'form' | 'source' | 'report' | 'zone' | 'template'>;

/** The users of a CSV file with a header row. `path`: of the roster that names it. */
export function rosterOfCsv(
  text: Text,
  entry: RosterMapping,
  path: Path,
  { form, source, report, zone, template }: Where,
): Roster {
  const table = readTable(text, report);
  if (table === null) return { users: [], fields: new Set() };
  const { header, rows } = table;
  const names = header.cells.map(columnName);
  const asked = entry.user === undefined ? undefined : columnName(entry.user);
  const found = userColumn(names, { asked, template }, text.file);
  if ('message' in found) {
    report(diagnose(text, header.at(0), found));
    return { users: [], fields: new Set() };
  }
  const { index, isGuessed } = found;
  const named = String(names[index]);
  if (isGuessed)
    source.note(
      diagnose(text, header.at(index), {
        rule: 'column',
        message: `The column ${quoted(named)} names the users.`,
        hint: `To say so, or another: roster: {file: ${text.file}, user: ${inYaml(named)}}.`,
      }),
    );
  for (const [at, name] of names.entries()) {
    if (name === '' || names.indexOf(name) === at || names.lastIndexOf(name) !== at) continue;
    const message = `Several columns are called ${quoted(name)}, so nothing can be made of them.`;
    const hint = 'If they matter, give each a name of its own.';
    source.note(diagnose(text, header.at(at), { rule: 'column', message, hint }));
  }
  const fields = fieldColumns(names, entry, path, { form, text, source, report });
  const columns = names.flatMap((name, at) =>
    name !== '' && names.indexOf(name) === names.lastIndexOf(name) && !(name === 'expires' && fields.has(at))
      ? [[name, at] as const]
      : [],
  );
  const users = rows.map((row) => {
    const user = String(row.cells[index]);
    const cells = columns.map(([name, at]) => [name, String(row.cells[at])]);
    return {
      user,
      columns: { ...Object.fromEntries(cells), user },
      text,
      at: (column = named) => row.at(Math.max(0, names.indexOf(column))),
      own: fieldsOf(row, fields, { form, text, zone, report }),
    };
  });
  return { users, fields: new Set([...fields.keys()].map((at) => String(names[at]))) };
}

/** A header as placeholders name it: on one line, and all of it seen. */
function columnName(header: string): string {
  return header
    .normalize('NFC')
    .replaceAll(/[\p{Cf}\p{DI}]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
