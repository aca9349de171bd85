import { parse, type CsvError } from 'csv-parse/sync';
import { guess } from './guess.ts';
import { diagnose, type Problem, type OnDiagnostic, type Text } from './read/text.ts';
import type { User } from './roster.ts';

type Row = { readonly record: Readonly<Record<string, string>>; readonly info: { readonly lines: number } };

/** The users of a CSV file with a header row; columns may be separated by commas, semicolons or tabs. */
export function usersOfCsv(text: Text, report: OnDiagnostic): readonly User[] {
  const fail = (line: number, message: string, hint: string, rule = 'roster') => {
    const problem: Problem = { rule, message, hint };
    report(diagnose(text, { file: text.file, line, column: 1 }, problem));
    return [];
  };
  const header = String(text.line(1));
  const last = text.origin(text.text.length).line;
  const delimiter = [',', ';', '\t'].find((each) => header.includes(each)) ?? ',';
  let columns: readonly string[] = [];
  try {
    const rows: readonly Row[] = parse(text.text, {
      columns: (names: string[]) => (columns = names),
      delimiter,
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    if (!columns.includes('user')) {
      const found = columns.length === 0 ? 'It is empty.' : `Its columns are ${columns.join(', ')}.`;
      return fail(1, `The roster has no column user. ${found}${guess('user', columns)}`, 'Name one column user.');
    }
    return rows.map(({ record, info }) => ({
      user: String(record['user']),
      columns: record,
      text,
      /* It counts a lone CR as a line, too. */
      origin: { file: text.file, line: Math.min(info.lines, last), column: 1 },
    }));
  } catch (error) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- csv-parse throws nothing else
    const { message, lines } = error as CsvError;
    return fail(
      Math.min(Number(lines), last),
      `The roster is no CSV: ${message}.`,
      'Give each row as many columns as the first.',
    );
  }
}
