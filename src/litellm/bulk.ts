/**
 * Many keys with one request: `POST /v2/key/info`, by hash or, from 1.83 on, by alias. From then on its rows do not say which
 * hash they have, so they are told apart by the end of the secret (`key_name`), where that is known of each that was asked
 * for. An answer is believed because it has a witness in it: one more key, which the list has just shown. Then what it
 * leaves out is not there.
 */
import pMap from 'p-map';
import type { JsonObject } from '../base/json.ts';
import { send, type Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';
import type { ListedRow } from './pages.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { readRow, type KeyRow } from './rows.ts';

const PATH = '/v2/key/info';
/** 10,000 work; so many rows are a megabyte. */
const KEYS_AT_ONCE = 1000;
const REQUESTS_AT_ONCE = 4;

/** How such answers are read. */
export type BulkPorts = {
  readonly connection: Connection;
  /** Columns that vkeys knows nothing of. */
  readonly columns: readonly string[];
  /** A key that the server has; `null` where it has none at all. */
  readonly witness: ListedRow | null;
};

/** What the server has of some keys, and of which of them that could not be told. */
export type FoundById = { readonly rows: readonly ListedRow[]; readonly doubtful: readonly string[] };

/** By hash. `masks` are the `key_name`s of those whose secrets, or rows, were seen. */
export async function findByIds(
  ids: readonly string[],
  masks: ReadonlyMap<string, string>,
  ports: BulkPorts,
): Promise<FoundById> {
  const { witness } = ports;
  const asked = ids.filter((id) => id !== witness?.id);
  /* Of several that end alike one is told by its end; no other is asked for with it. */
  const byMask = new Map(asked.flatMap((id) => (masks.has(id) ? [[masks.get(id) ?? '', id] as const] : [])));
  const told = new Set(byMask.values());
  const chunks = [...chunksOf([...told]), ...chunksOf(asked.filter((id) => !told.has(id)))];
  const found = await pMap(chunks, (chunk) => findChunk(chunk, byMask, ports), { concurrency: REQUESTS_AT_ONCE });
  return {
    rows: [...(witness !== null && ids.includes(witness.id) ? [witness] : []), ...found.flatMap(({ rows }) => rows)],
    doubtful: found.flatMap(({ doubtful }) => doubtful),
  };
}

async function findChunk(
  ids: readonly string[],
  byMask: ReadonlyMap<string, string>,
  { connection, columns, witness }: BulkPorts,
): Promise<FoundById> {
  const keys = witness === null ? ids : [...ids, witness.id];
  const answer = await ask(connection, { keys }, columns);
  if (answer === null || !hasWitness(answer, witness)) return { rows: [], doubtful: ids };
  const asked = new Set(ids);
  const others = answer.filter((row) => !isSame(row, witness));
  const rows = others.flatMap((row) => {
    const id = row.id ?? byMask.get(row.key.key_name ?? '') ?? '';
    return asked.has(id) ? [{ ...row, id }] : [];
  });
  const there = new Set(rows.map(({ id }) => id));
  /* A row that nobody can name may be of any of the rest. */
  return { rows, doubtful: rows.length === others.length ? [] : ids.filter((id) => !there.has(id)) };
}

/** By alias: all rows under these names, or `null` where this server cannot be asked so. */
export async function findByNames(
  names: readonly string[],
  { connection, columns, witness }: BulkPorts,
): Promise<readonly KeyRow[] | null> {
  /* Before 1.83 the server answers with every key that it has; its rows lack what came then. */
  if (witness === null || witness.key.name === null || !witness.listed.has('access_group_ids')) return null;
  const { name } = witness.key;
  const answers = await pMap(
    chunksOf(names),
    (chunk) => ask(connection, { key_aliases: [...new Set([...chunk, name])] }, columns),
    { concurrency: REQUESTS_AT_ONCE },
  );
  const wanted = new Set([...names, name]);
  const isRight = (rows: readonly KeyRow[] | null): rows is readonly KeyRow[] =>
    rows !== null && hasWitness(rows, witness) && rows.every(({ key }) => key.name !== null && wanted.has(key.name));
  if (!answers.every(isRight)) return null;
  return answers.flat().filter((row) => names.includes(row.key.name ?? '') || !isSame(row, witness));
}

/** `null`: the server, or what stands before it, does not answer this, or with more than can be read. */
async function ask(
  connection: Connection,
  body: JsonObject,
  columns: readonly string[],
): Promise<readonly KeyRow[] | null> {
  try {
    const answer = await send(connection, { method: 'POST', path: PATH, body: () => body });
    return readAs(ANSWERS.Infos, answer.body, PATH).info.map((row) => readRow(row, PATH, columns));
  } catch (error) {
    if (!(error instanceof RequestError) || error.transient) throw error;
    if (error.reach === 'answered' || error.kind === 'protocol') return null;
    throw error;
  }
}

function hasWitness(rows: readonly KeyRow[], witness: ListedRow | null): boolean {
  return witness === null || rows.some((row) => isSame(row, witness));
}

/** Whether two rows are of one key. Where one does not say, its alias, its `key_name` and the moment of its creation do. */
export function isSame(a: KeyRow, b: KeyRow | null): boolean {
  if (b === null) return false;
  if (a.id !== null && b.id !== null) return a.id === b.id;
  return a.key.name === b.key.name && a.key.key_name === b.key.key_name && a.key.created_at === b.key.created_at;
}

function chunksOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / KEYS_AT_ONCE) }, (_, index) =>
    items.slice(index * KEYS_AT_ONCE, (index + 1) * KEYS_AT_ONCE),
  );
}
