/** Keys as they stand in a hand-out, or in any .env, JSON or CSV file that has some: what is in them, whoever wrote it. Pure. */
import { isList, isObject, parseJson, type Json } from '../base/json.ts';
import { Secret } from '../base/secret.ts';
import { placeholdersOf } from '../base/template.ts';
import { CLIENTS } from './clients.ts';
import { fromCell } from './csv.ts';
import { readDotenv } from './dotenv.ts';

/** `name`: its alias, or the variable that it stands in. `address`: of its server, with or without `/v1`; `null`: the file has none. */
export type HandedKey = { readonly name: string; readonly secret: Secret; readonly address: string | null };

type Texts = ReadonlyMap<string, string>;

/** The keys of a file, in its order; none where it has none, or is nothing of the kind. */
export async function handedKeys(text: string): Promise<readonly HandedKey[]> {
  const body = text.replace(/^\uFEFF/, '');
  const json = parseJson(body);
  if (isObject(json)) {
    const { keys } = json;
    return isList(keys) ? fromRows(keys.map(textsIn), textsIn(json)) : fromVariables(textsIn(json));
  }
  const isTable = /^[^\n]*\bkey\b/.test(body) && !/^[^\n]*=/.test(body);
  return isTable ? fromRows(await rowsIn(body), new Map()) : fromVariables(readDotenv(text));
}

function textsIn(json: Json): Texts {
  return new Map(
    isObject(json)
      ? Object.entries(json).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
      : [],
  );
}

async function rowsIn(text: string): Promise<readonly Texts[]> {
  const { parse } = await import('csv-parse/sync');
  const head = text.slice(0, text.search(/\r|\n|$/));
  const delimiter = [';', '\t', ','].find((each) => head.includes(each)) ?? ',';
  const [columns = [], ...rows]: readonly (readonly string[])[] = parse(text, {
    delimiter,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
  });
  return rows.map((row) => new Map(columns.map((name, at) => [name, fromCell(row[at] ?? '')])));
}

/** Rows of our own JSON and CSV; the addresses at the top are for all without their own. */
function fromRows(rows: readonly Texts[], top: Texts): readonly HandedKey[] {
  return rows.flatMap((row) => {
    const key = row.get('key') ?? '';
    const address = row.get('api_base_url') ?? top.get('api_base_url') ?? null;
    return key === '' ? [] : [{ name: row.get('key_alias') ?? '', secret: new Secret(key), address }];
  });
}

function variablesWith(...words: readonly string[]): ReadonlySet<string> {
  const all = Object.values(CLIENTS).flatMap(({ variables }) => Object.entries(variables));
  return new Set(
    all.filter(([, text]) => placeholdersOf(text).some((word) => words.includes(word))).map(([name]) => name),
  );
}

/** What clients read, or what is called like it: `LAB_ADA_API_KEY`. One key that stands there twice is one. */
function fromVariables(variables: Texts): readonly HandedKey[] {
  const keys = variablesWith('key');
  const addresses = variablesWith('api_base_url', 'api_endpoint');
  const address = [...variables].find(([name, value]) => addresses.has(name) && value !== '')?.[1] ?? null;
  const found = new Map<string, HandedKey>();
  for (const [name, value] of variables) {
    const isKey = keys.has(name) || /_(?:API_KEY|AUTH_TOKEN)$/.test(name);
    if (isKey && value !== '' && !found.has(value)) found.set(value, { name, secret: new Secret(value), address });
  }
  return [...found.values()];
}
