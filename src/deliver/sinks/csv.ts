import { csvLines, fromCell } from '../../encode/csv.ts';
import type { DeliverTo, Handout } from '../handout.ts';
import { byAlias, notOurs } from './rows.ts';

const HEADER = ['user', 'user_id', 'key_alias', 'key', 'key_id', 'api_base_url', 'expires'] as const;
type Column = (typeof HEADER)[number];
type Row = Readonly<Record<Column, string>>;

/** The file with these keys: rows of other keys stay, since their secrets may be known nowhere else. `null` is no file yet. */
export async function mergeCsv(text: string | null, handouts: readonly Handout[], to: DeliverTo): Promise<string> {
  const handed = new Set(handouts.map(({ key_alias }) => key_alias));
  const { api_base_url } = to;
  const others = (await read(text)).filter((row) => row.api_base_url !== api_base_url || !handed.has(row.key_alias));
  const rows = handouts.map(({ key_alias, user, user_id, secret, key_id, expires }): Row => {
    const key = secret.reveal();
    return { user: user ?? '', user_id: user_id ?? '', key_alias, key, key_id, api_base_url, expires: expires ?? '' };
  });
  return write([...others, ...rows], text);
}

/** The file without these keys; `null` when nothing is left in it. */
export async function withoutCsv(text: string, key_ids: ReadonlySet<string>): Promise<string | null> {
  const rows = await read(text);
  const left = rows.filter(({ key_id }) => !key_ids.has(key_id));
  if (left.length === rows.length) return text;
  return left.length === 0 ? null : write(left, text);
}

/** A spreadsheet may have saved the file with CRLF; then it keeps that. */
function write(rows: readonly Row[], before: string | null): string {
  const byServer = rows.toSorted(
    (a, b) => Number(a.api_base_url > b.api_base_url) - Number(a.api_base_url < b.api_base_url),
  );
  const sorted = byServer.toSorted(byAlias(({ key_alias }) => key_alias));
  const eol = before?.includes('\r\n') === true ? '\r\n' : '\n';
  return csvLines([HEADER, ...sorted.map((row) => HEADER.map((name) => row[name]))], eol);
}

async function read(text: string | null): Promise<readonly Row[]> {
  if (text === null || text.trim() === '') return [];
  const { parse } = await import('csv-parse/sync');
  let lines: readonly (readonly string[])[];
  try {
    lines = parse(text, { bom: true });
  } catch {
    throw notOurs('is not CSV');
  }
  const [header, ...rows] = lines;
  if (header?.join() !== HEADER.join()) throw notOurs(`does not begin with ${HEADER.join()}`);
  return rows.map((row) => {
    const [user = '', user_id = '', key_alias = '', key = '', key_id = '', api_base_url = '', expires = ''] =
      row.map(fromCell);
    return { user, user_id, key_alias, key, key_id, api_base_url, expires };
  });
}
