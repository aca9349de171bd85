/** Hand-outs into files that are there already, with anything in them. */
import { parseEnv } from 'node:util';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { csv } from '../../src/deliver/sinks/csv.ts';
import { mergeDotenv, readDotenv, withoutVariables } from '../../src/encode/dotenv.ts';
import type { Handout } from '../../src/deliver/handout.ts';
import { json } from '../../src/deliver/sinks/json.ts';
import type { TextFormat } from '../../src/deliver/format.ts';
import type { Part } from '../../src/deliver/sink.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { Secret } from '../../src/base/secret.ts';
import { mutated, NASTY } from './mutate.ts';
import { assert, target } from './target.ts';

const TO = { api_endpoint: 'https://litellm.example.com', api_base_url: 'https://litellm.example.com/v1' };
const SECRET = `sk-${'Az09_-'.repeat(7)}`;

function handout(key_alias: string, user: string): Handout {
  const secret = new Secret(SECRET);
  return {
    key_alias,
    user,
    users: [],
    user_id: `${user}@example.com`,
    key_id: secret.hash(),
    secret,
    expires: null,
    placeholders: {},
  };
}

function partOf(to: 'csv' | 'json', key: Handout): Part {
  return { delivery: { to, path: '/x' }, path: '/x', to: TO, key, before: [] };
}

function without(format: TextFormat, text: string, { key_id }: Handout): Promise<string | null> {
  return format.remove(text, [{ key_id, place: { sink: 'x', path: '/x' } }]);
}

/** The result; `null` where it was refused in words. */
async function refusedOr<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VkeysError && error.kind === 'delivery' && error.hint !== '') return null;
    throw error;
  }
}

const DOTENVS = [
  '',
  '# mine\nexport KEY="old" # the key\n\nOTHER = 1\nKEY2=x',
  'PEM="-----\nKEY=inside\n-----"\nSINGLE=\'\nKEY=inside\'\nKEY=sk-old\n',
  "A='x # y'\r\nKEY='a\r\nb'\r\nURL=https://a.b/?c=d#e\r\n",
  'JSON={"a": "b\'c"}\nB=`x`\nNAME.WITH-DOTS=1\nEMPTY=\nKEY=\n',
  'PATH=$HOME/bin:$PATH\nkey: value\nif true; then\nKEY2="$(id)"\nfi\n',
];

/** Node 20 takes a byte order mark, and lines without `=`, for the beginning of the next name. */
function byNode(text: string): ReadonlyMap<string, string | undefined> {
  return new Map(
    Object.entries(parseEnv(text)).map(([name, value]) => [
      name.replace(/^(?:[^]*[\n\uFEFF])?[ \t]*(?:export[ \t]+)?/, ''),
      value,
    ]),
  );
}

async function checkDotenv([text, second]: readonly [string, string]): Promise<void> {
  const ours = new Map([
    ['KEY', SECRET],
    ['KEY2', second],
  ]);
  const merged = await refusedOr(() => mergeDotenv(text, ours));
  if (merged === null) return;
  const [was, is, read] = [byNode(text), byNode(merged), readDotenv(merged)];
  for (const [name, value] of ours) {
    assert(is.get(name) === value, 'Node reads what was handed out', name, is.get(name));
    assert(read.get(name) === value, 'and so do we', name, read.get(name));
  }
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    assert(
      ours.has(name) || was.get(name) === is.get(name),
      'a foreign variable stays',
      name,
      was.get(name),
      is.get(name),
    );
  }
  const names = new Set(ours.keys());
  const left = (all: string): string => withoutVariables(all, names).trimEnd();
  assert(left(merged) === left(text), 'every other byte stays', left(text), left(merged));
  assert(mergeDotenv(merged, ours) === merged, 'a second time changes nothing');
}

const HEADER = 'user,user_id,key_alias,key,key_id,api_base_url,expires';
const CSVS = [
  `${HEADER}\n`,
  `${HEADER}\nada,ada@b.c,lab-ada,sk-old,${'0'.repeat(64)},${TO.api_base_url},\n`,
  `\uFEFF${HEADER}\r\n"a,b",'=1+1,"x ""y""",sk-1,${'1'.repeat(64)},u,2026-01-01\r\n"two\nlines",,z,sk-2,2,u,\r\n`,
  'name,mail\nada,a@b.c\n',
  `\uFEFF"key_alias";"room";"key";"key_id";"expires"\r\n"lab-ada";"-1, upstairs";"sk-old";"";"24.12.2026 18:00"\r\n;;;;\r\n`,
];

const plain = (cell: string | undefined): string => String(cell).replace(/^'(?='*[=+\-@\t\r])/, '');

type Table = { readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, string>>[] };

/** The table as another reader has it. */
function tableOf(text: string): Table {
  for (const delimiter of [',', ';', '\t']) {
    try {
      const lines: string[][] = parse(text.replace(/^[\r\n\uFEFF]*/, ''), { delimiter, skip_empty_lines: true });
      const [columns = [], ...rows] = lines;
      if (!columns.includes('key') || !columns.includes('key_alias')) continue;
      return {
        columns,
        rows: rows.map((row) => Object.fromEntries(row.map((cell, at) => [columns[at] ?? '', cell]))),
      };
    } catch {
      continue;
    }
  }
  return { columns: [], rows: [] };
}

async function checkCsv([text, alias]: readonly [string, string]): Promise<void> {
  const one = handout(alias, alias);
  const merged = await refusedOr(() => csv.put(text, [partOf('csv', one)]));
  if (merged === null) return;
  const [before, after] = [tableOf(text), tableOf(merged)];
  assert(
    before.columns.length === 0 || after.columns.join() === before.columns.join(),
    'the columns stay',
    after.columns,
  );
  assert(after.rows.filter((row) => row['key'] === SECRET).length === 1, 'one row has the key', after.rows);
  const own = after.rows.find((row) => row['key'] === SECRET) ?? {};
  for (const cell of Object.values(own)) assert(!/^[=+\-@\t\r]/.test(cell) || text.includes(cell), 'no formula', cell);
  const rest = before.rows.filter((row) => plain(row['key_alias']) !== alias && row['key'] !== SECRET);
  for (const row of rest) {
    assert(
      after.rows.some((each) => JSON.stringify(each) === JSON.stringify(row)),
      'another row stays as it was',
      row,
    );
  }
  const again = await csv.put(merged, [partOf('csv', one)]);
  assert(again === merged, 'a second time changes nothing', again, merged);
  const left = await without(csv, merged, one);
  assert(left === null || !left.includes(SECRET), 'taken out again');
}

const JSONS = [
  '',
  JSON.stringify({ ...TO, keys: [] }),
  JSON.stringify(
    { ...TO, keys: [{ key_alias: 'lab-ada', user: 'ada', key: 'sk-old', key_id: '0', more: { a: [1] } }] },
    null,
    2,
  ),
  JSON.stringify({ ...TO, api_endpoint: 'https://elsewhere.example.com', keys: [{ key_alias: 'b', key_id: '1' }] }),
];

async function checkJson([text, alias]: readonly [string, string]): Promise<void> {
  const one = handout(alias, alias);
  const merged = await refusedOr(() => json.put(text, [partOf('json', one)]));
  if (merged === null) return;
  const { keys } = JSON.parse(merged);
  const own = keys.filter((row: Handout) => row.key_alias === alias);
  assert(own.length === 1 && own[0].key === SECRET, 'one row has the key', own);
  const before = text.trim() === '' ? [] : JSON.parse(text.replace(/^\uFEFF/, '')).keys;
  const others = (all: readonly Handout[]): string[] =>
    all
      .filter((row) => row.key_alias !== alias)
      .map((row) => JSON.stringify(row))
      .toSorted();
  assert(JSON.stringify(others(keys)) === JSON.stringify(others(before)), 'other rows stay');
  const left = await without(json, merged, one);
  assert(left === null || !left.includes(SECRET), 'taken out again');
}

/** Aliases and users as strangers choose them. */
const name = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('lab-ada', '=1+1', "'=x", '__proto__'),
);
const value = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[\w '"$`\\#=\n-]{0,8}$/));

export const HANDOUTS = {
  '.env files': target({ inputs: fc.tuple(mutated(DOTENVS), value), check: checkDotenv, share: 1800 }),
  'CSV hand-outs': target({ inputs: fc.tuple(mutated(CSVS), name), check: checkCsv, share: 700 }),
  'JSON hand-outs': target({ inputs: fc.tuple(mutated(JSONS), name), check: checkJson, share: 700 }),
};
