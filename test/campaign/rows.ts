/** The server's keys as it tells them itself, without the client: rows of `/key/list`, and what a spec says of them. */
import { isDeepStrictEqual } from 'node:util';
import { isList, isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import type { Server } from '../crash/scene.ts';
import { hash, textOf } from '../crash/promise.ts';
import { between, type Random } from '../support/random.ts';
import type { Intent } from './intent.ts';

export type Row = JsonObject;

/** A request with the master key; answers with its JSON object. Throws for every refusal. */
export async function ask({ url, masterKey }: Server, path: string, body?: JsonObject): Promise<JsonObject> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value: unknown = await response.json();
  if (!response.ok || !isObject(value)) throw new Error(`${path}: ${String(response.status)} ${JSON.stringify(value)}`);
  return value;
}

/**
 * The rows of keys that are counted for a user, each once. All keys of a run are, so that others who use the server do not
 * make its list long.
 */
export async function readRows(server: Server, user_id: string): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  for (let [page, pages] = [1, 1]; page <= pages; page += 1) {
    const query = new URLSearchParams({ return_full_object: 'true', size: '100', page: String(page), user_id });
    const answer = await ask(server, `/key/list?${query.toString()}`);
    pages = Number(answer['total_pages']);
    for (const row of isList(answer['keys']) ? answer['keys'].filter(isObject) : []) rows.set(idOf(row), row);
  }
  return [...rows.values()];
}

export const idOf = (row: Row): string => textOf(row['token']);
export const aliasOf = (row: Row): string => textOf(row['key_alias']);

/** The rows of the set, by its mark or by its aliases. */
export function ownRows(set: string, rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => markOf(set, row) !== null || aliasOf(row).startsWith(`${set}-`));
}

/** A run's mark: its set, or the one beside it. What it says no more of is empty. */
export type Marked = Readonly<Record<'set' | 'name' | 'since' | 'retiring' | 'opens', string>>;

/** The mark of a row, if it is one of this run's sets. */
export function markOf(set: string, { metadata }: Row): Marked | null {
  const mark = isObject(metadata) ? metadata['vkeys'] : null;
  const marked = isObject(mark) ? markedIn(mark) : null;
  return marked !== null && [set, `${set}-side`].includes(marked.set) ? marked : null;
}

function markedIn({ set, name, since, retiring, opens }: JsonObject): Marked {
  const [inSet, called] = [textOf(set), textOf(name)];
  return { set: inSet, name: called, since: textOf(since), retiring: textOf(retiring), opens: textOf(opens) };
}

/** From when a key's life counts, in milliseconds: a rotated one goes on with that of the first under its name. */
export function bornOf(set: string, row: Row): number {
  const since = markOf(set, row)?.since ?? '';
  return Date.parse(since === '' ? textOf(row['created_at']) : since);
}

/** Whether a row is of an old secret whose grace was not over at a moment. */
export function isRetiring(set: string, row: Row, at: number): boolean {
  const retiring = markOf(set, row)?.retiring ?? '';
  return retiring !== '' && Date.parse(retiring) > at;
}

/** When a key ends, in milliseconds. */
export const endOf = (row: Row): number => Date.parse(textOf(row['expires']));

/** What the spec calls a row. */
export function nameOf(set: string, row: Row): string {
  return markOf(set, row)?.name ?? aliasOf(row);
}

/** A field of a key that is not as the spec has it. */
export type Difference = { readonly alias: string; readonly field: string; readonly text: string };

/** What of a row is not as the spec has it, field by field. */
export function unlike(set: string, { fields }: Intent, row: Row): readonly Difference[] {
  const alias = nameOf(set, row);
  const wrong = Object.entries(fields).filter(([name, wanted]) => !has(set, row, name, wanted));
  return [
    ...wrong.map(([field, wanted]) => {
      const found = field === 'duration' ? [row['created_at'], row['expires']] : row[field];
      return { alias, field, text: `${alias} has ${field} ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}` };
    }),
    ...(markOf(set, row) === null ? [{ alias, field: 'metadata', text: `${alias} has lost its mark` }] : []),
    ...(aliasOf(row) === alias ? [] : [{ alias, field: 'key_alias', text: `${alias} is called ${aliasOf(row)}` }]),
  ];
}

const HOUR = 3_600_000;
/** Milliseconds: an end whose answer was lost may be as late as the server was. */
const LATE = 90_000;
const LENGTHS: Readonly<Record<string, number>> = { '3d': 72 * HOUR, '5d': 120 * HOUR, '36h': 36 * HOUR };

/** Fields that say when, and not how a key is: what became of them is judged beside the others. */
const MOMENTS: ReadonlySet<string> = new Set(['rotate', 'opens']);

function has(set: string, row: Row, name: string, wanted: Json): boolean {
  if (MOMENTS.has(name)) return true;
  const found = row[name] ?? null;
  if (name === 'duration') {
    const lives = endOf(row) - bornOf(set, row);
    return Math.abs(lives - (LENGTHS[textOf(wanted)] ?? Number.NaN)) <= LATE;
  }
  if (name === 'blocked') return (found === true) === (wanted === true) || markOf(set, row)?.opens !== '';
  if (name === 'metadata' && isObject(wanted)) {
    return Object.entries(wanted).every(
      ([member, value]) => isObject(found) && isDeepStrictEqual(found[member] ?? null, value),
    );
  }
  return isDeepStrictEqual(found, wanted);
}

/** Keys of others: with an alias that is much like ours, in capitals, of another set, without an alias, and blocked. Answers with their ids. */
export async function makeForeign(server: Server, set: string): Promise<readonly string[]> {
  const bodies: readonly JsonObject[] = [
    { key_alias: `my-${set}-crew-user1`, max_budget: 1 },
    { key_alias: `${set.toUpperCase()}-solo`, metadata: { vkeys: { set: set.toUpperCase() } } },
    { key_alias: `other-${set}-solo`, metadata: { vkeys: { set: `${set}-solo` }, note: 'of another set' } },
    { metadata: { vkeys: set } },
    { key_alias: `blocked-${set}`, duration: '9d' },
  ];
  const secrets: string[] = [];
  for (const body of bodies)
    secrets.push(textOf((await ask(server, '/key/generate', { user_id: set, ...body }))['key']));
  const ids = secrets.map(hash);
  await ask(server, '/key/block', { key: ids.at(-1) ?? '' });
  return ids;
}

/** The use of each key is counted; it has more to spend. */
export async function spend(server: Server, set: string, random: Random): Promise<void> {
  const own = (await readRows(server, set)).filter((row) => markOf(set, row) !== null);
  for (const row of own) await ask(server, '/key/update', { key: idOf(row), spend: between(random, 1, 7) / 8 });
}

/** Rows as text, by id. */
export function textsOf(rows: readonly Row[], ids: readonly string[]): readonly string[] {
  const known = new Map(rows.map((row) => [idOf(row), JSON.stringify(row)]));
  return ids.map((id) => known.get(id) ?? `${id} is gone`);
}
