/** The calls of one key, as `/spend/logs` has them some seconds later: on all versions, also of a key that is deleted. */
import * as z from 'zod/mini';
import type { KeyCalls } from '../../model/usage.ts';
import { readAs } from '../answer-shapes.ts';
import { send, type Connection } from '../http/request.ts';

const PATH = '/spend/logs';
const CALLS = z.array(z.looseObject({ spend: z.nullish(z.number()), status: z.nullish(z.string()) }));
/** A row has some kilobytes on newer versions. */
const LONG = { bytes: 200_000_000, times: 2 };

/** What is written of them by now. */
export async function readCalls(connection: Connection, key_id: string): Promise<KeyCalls> {
  const { body } = await send(connection, { method: 'GET', path: PATH, query: { api_key: key_id }, long: LONG });
  const rows = readAs(CALLS, body, PATH);
  const refused = rows.filter(({ status }) => status === 'failure').length;
  const spend = rows.reduce((sum, row) => sum + (row.spend ?? 0), 0);
  return { calls: rows.length - refused, refused, spend };
}
