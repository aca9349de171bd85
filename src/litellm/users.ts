/** The rows of users. No list is believed to have filtered: every row is compared. */
import pMap from 'p-map';
import { USER } from '../kinds/user.ts';
import { ANSWERS, readAs } from './answer-shapes.ts';
import { send, type Connection } from './http/request.ts';
import { isRefusedFor } from './http/request-error.ts';
import { PAGE_SIZE } from './pages.ts';
import type { ListOf } from './scan.ts';
import { thingRow, type ThingRow } from './thing-rows.ts';

const PATH = '/user/list';
const AT_ONCE = 4;
/** Of ids in one address, percent-encoded; servers and what stands before them take 8,000 and more. */
const MOST_CHARACTERS = 4000;

/** The list of users, newest first. */
export function userList(connection: Connection, filter: Readonly<Record<string, string>> = {}): ListOf<ThingRow> {
  return {
    of: 'users',
    read: async (number) => {
      const query = { page: String(number), page_size: String(PAGE_SIZE), ...filter };
      const { body, sandbox } = await send(connection, { method: 'GET', path: PATH, query });
      const { users, total, total_pages: pages } = readAs(ANSWERS.Users, body, PATH);
      return { rows: rowsOf(users), total, pages, gaps: [], sandbox };
    },
  };
}

/** Those of the users that the server has. */
export async function usersById(connection: Connection, ids: readonly string[]): Promise<readonly ThingRow[]> {
  const wanted = new Set(ids);
  const odd = [...wanted].filter((id) => !canList(id));
  const [listed, single] = await Promise.all([
    pMap(
      chunksOf([...wanted].filter(canList)),
      async (chunk) => {
        /* One alone is taken for a part of an id from 1.83 on. */
        const user_ids = (chunk.length === 1 ? [...chunk, ...chunk] : chunk).join(',');
        return (await userList(connection, { user_ids }).read(1)).rows;
      },
      { concurrency: AT_ONCE },
    ),
    pMap(odd, (id) => readUserInfo(connection, id), { concurrency: AT_ONCE }),
  ]);
  return [...listed.flat(), ...single.flatMap((row) => row ?? [])].filter(({ id }) => wanted.has(id));
}

/** Whether the list's filter can find it: it splits at commas, and takes blanks off. */
function canList(id: string): boolean {
  return id !== '' && !id.includes(',') && id.trim() === id;
}

function chunksOf(ids: readonly string[]): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let length = Infinity;
  for (const id of ids) {
    const own = new URLSearchParams({ id }).toString().length;
    if (length + own > MOST_CHARACTERS || (chunks.at(-1)?.length ?? 0) >= PAGE_SIZE) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(id);
    length += own;
  }
  return chunks;
}

/** One user, without the keys that the answer has too. Without an id the server would answer with everybody's. */
async function readUserInfo(connection: Connection, user_id: string): Promise<ThingRow | null> {
  if (user_id === '') return null;
  const path = '/user/info';
  try {
    const { body } = await send(connection, { method: 'GET', path, query: { user_id } });
    const { user_info: row } = readAs(ANSWERS.UserInfo, body, path);
    /* Before 1.83 an unknown one has a row without an id. */
    return row?.['user_id'] == null ? null : (rowsOf([row])[0] ?? null);
  } catch (error) {
    if (isRefusedFor(error, 'not_found')) return null;
    throw error;
  }
}

function rowsOf(rows: readonly unknown[]): readonly ThingRow[] {
  return rows.map((row) => thingRow(USER, row, PATH));
}
